"""Standings as of a moment are the standings that were shown then."""

import json
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from goatedvips.kit.errors import BadInput
from goatedvips.kit.etag import Ready
from goatedvips.leaderboards.errors import NothingKnownYet
from goatedvips.races.schemas import StandingsQuery
from goatedvips.races.service import cancel_race
from goatedvips.races.settlement.service import settle_due, settle_late
from tests.pipeline import NOON, Pipeline, row

SEARCHES = (None, "nn", "u3")


async def ask(pipeline: Pipeline, race: int, moment: datetime | None = None, **query: object) -> Ready:
    wanted = StandingsQuery.model_validate(query | {"asOf": moment})
    return await pipeline.reader.standings(race, wanted)


async def page(
    pipeline: Pipeline, race: int, moment: datetime | None = None, **query: object
) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((await ask(pipeline, race, moment, **query)).body)
    # A race's own version rises when it ends, and a rebuilt page carries the present one.
    del found["metadata"]["version"]
    return found


class Crowd:
    """Players of a few dollars who wager, fall, rename themselves, are left out and joined by others."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.totals: dict[str, int] = {}
        self.names: dict[str, str] = {}

    def rows(self) -> list[str]:
        for _ in range(self.random.randint(0, 2)):
            uid = f"u{len(self.totals)}"
            self.totals[uid], self.names[uid] = self.random.randint(0, 3), f"Anna {uid}"
        for uid, total in self.totals.items():
            if self.random.random() < 0.5:
                self.totals[uid] = max(total + self.random.choice([-1, 1, 1, 2]), 1)
            if self.random.random() < 0.1:
                self.names[uid] = self.random.choice(["Anna", "Hannes", "Bob", "u3"]) + f" of {uid}"
        return [
            row(uid, str(total), name=self.names[uid])
            for uid, total in self.totals.items()
            if self.random.random() < 0.95
        ] or [row("u", "1")]


@pytest.mark.parametrize(("seed", "policy"), [(1, "first_to_reach"), (2, "shared")])
async def test_every_page_is_what_it_was(pipeline: Pipeline, seed: int, policy: str) -> None:
    crowd = Crowd(seed)
    races = [
        await pipeline.race(start_date=NOON, end_date=NOON + timedelta(minutes=32), tie_policy=policy),
        await pipeline.race(
            start_date=NOON + timedelta(minutes=7),
            end_date=NOON + timedelta(minutes=43),
            tie_policy=policy,
            min_wager="2",
        ),
    ]
    recorded = []
    for step in range(13):
        await pipeline.pull(*crowd.rows(), minutes=5)
        if step in {9, 11}:
            await settle_due(pipeline.engine, pipeline.clock)
        await pipeline.refresh()
        pages = [await page(pipeline, race, search=search) for race in races for search in SEARCHES]
        recorded.append((pipeline.clock(), pages))

    for moment, pages in recorded:
        again = [await page(pipeline, race, moment, search=search) for race in races for search in SEARCHES]
        assert pages == again
    assert recorded[5][1][0]["data"], "nobody moved: nothing was shown"


async def test_before_its_start_boundary_nobody_stands_in_a_race(pipeline: Pipeline) -> None:
    race = await pipeline.race(start_date=NOON + timedelta(minutes=7))
    await pipeline.pull(row("a", "1"))
    await pipeline.pull(row("a", "2"))
    await pipeline.pull(row("a", "5"))
    await pipeline.refresh()

    early = await page(pipeline, race, NOON + timedelta(minutes=6))
    before = await page(pipeline, race, NOON + timedelta(minutes=8))
    after = await page(pipeline, race, NOON + timedelta(minutes=15))

    assert (early["data"], early["metadata"]["phase"]) == ([], "scheduled")
    assert (before["data"], before["metadata"]["phase"]) == ([], "live")
    assert [(each["goatedId"], each["wagered"]) for each in after["data"]] == [("a", 3)]
    assert after["metadata"]["asOf"] == "2025-03-26T12:15:00.000Z"


async def test_a_race_that_was_cancelled_later_shows_what_it_showed(pipeline: Pipeline) -> None:
    race = await pipeline.race()
    await pipeline.pull(row("a", "1"), minutes=0)
    await pipeline.pull(row("a", "3"))
    await pipeline.refresh()
    shown = await page(pipeline, race)
    moment = pipeline.clock()
    pipeline.clock.move(minutes=1)
    async with pipeline.engine.begin() as connection:
        await cancel_race(connection, race, reason="A mistake", now=pipeline.clock(), actor="test")
    await pipeline.pull(row("a", "9"))
    await pipeline.refresh()

    assert await page(pipeline, race, moment) == shown
    assert (await page(pipeline, race, pipeline.clock()))["data"] == []


async def test_a_race_that_was_settled_early_was_unsettled_until_then(pipeline: Pipeline) -> None:
    race = await pipeline.race(end_date=NOON + timedelta(minutes=9))
    await pipeline.pull(row("a", "1"), minutes=0)
    await pipeline.pull(row("a", "3"))
    pipeline.clock.move(hours=2)
    await pipeline.refresh()
    shown, moment = await page(pipeline, race), pipeline.clock()
    pipeline.clock.move(minutes=1)
    async with pipeline.engine.begin() as connection:
        await settle_late(connection, race, reason="The feed is gone.", now=pipeline.clock(), actor="test")
    await pipeline.refresh()
    after = await page(pipeline, race, pipeline.clock())

    assert await page(pipeline, race, moment) == shown
    assert (shown["metadata"]["phase"], after["metadata"]["phase"]) == ("settling", "completed")
    assert shown["data"] == after["data"]


async def test_who_was_excluded_later_stands_where_he_stood(pipeline: Pipeline) -> None:
    race = await pipeline.race()
    await pipeline.pull(row("a", "1"), row("b", "1"), minutes=0)
    await pipeline.pull(row("a", "9"), row("b", "5"))
    moments = [pipeline.clock()]
    for statement in (
        """INSERT INTO exclusions (player_id, race_id, kind, reason, created_by, created_at)
           SELECT players.id, wager_races.id, 'staff', 'works here', 'test', :at
             FROM players, wager_races WHERE goated_id = 'a'""",
        "UPDATE exclusions SET lifted_at = :at, lifted_by = 'test'",
    ):
        pipeline.clock.move(minutes=1)
        await pipeline.execute(statement, at=pipeline.clock())
        moments.append(pipeline.clock())
    await pipeline.pull()
    await pipeline.refresh()

    stood = [await page(pipeline, race, moment) for moment in moments]

    assert [[each["goatedId"] for each in found["data"]] for found in stood] == [
        ["a", "b"],
        ["b"],
        ["a", "b"],
    ]


async def test_only_what_no_report_can_change_is_kept_by_caches(pipeline: Pipeline) -> None:
    race = await pipeline.race()
    await pipeline.pull(row("a", "1"), minutes=0)
    await pipeline.pull(row("a", "2"))
    await pipeline.pull(row("a", "3"))
    await pipeline.refresh()

    past = await ask(pipeline, race, NOON + timedelta(minutes=5))
    newest = await ask(pipeline, race, pipeline.clock())
    plain = await ask(pipeline, race)

    assert past.headers["Cache-Control"].startswith("public, max-age=")
    assert "Cache-Control" not in newest.headers.keys() | plain.headers.keys()
    assert "asOf=2025-03-26T12%3A05%3A00%2B00%3A00" in past.headers["Link"]
    assert json.loads(newest.body) == json.loads(plain.body)


async def test_links_are_of_now(pipeline: Pipeline) -> None:
    race = await pipeline.race()
    await pipeline.pull(row("a", "1"), minutes=0)
    await pipeline.pull(row("a", "2"))
    moment = pipeline.clock()
    await pipeline.pull(row("a", "3"))
    await pipeline.refresh()
    assert (await page(pipeline, race, moment))["data"][0]["userId"] is None
    await pipeline.execute(
        "INSERT INTO users (username, username_skeleton, player_id) SELECT 'a', 'a', id FROM players"
    )
    await pipeline.refresh()

    assert (await page(pipeline, race, moment))["data"][0]["userId"] is not None


async def test_the_future_and_the_time_before_all_reports_are_refused(pipeline: Pipeline) -> None:
    race = await pipeline.race()
    await pipeline.pull(row("a", "1"))
    await pipeline.refresh()

    with pytest.raises(BadInput, match="asOf"):
        await ask(pipeline, race, pipeline.clock() + timedelta(seconds=1))
    with pytest.raises(NothingKnownYet):
        await ask(pipeline, race, NOON)
