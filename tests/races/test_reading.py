"""What is answered about races: pages, lists, searches, positions, files."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest

from goatedvips.kit.etag import Ready
from goatedvips.players.errors import PersonNotFound
from goatedvips.races.errors import NoSuchRaceNow, RaceNotFound
from goatedvips.races.schemas import RaceListQuery, StandingsQuery
from goatedvips.races.service import cancel_race
from tests.pipeline import NOON, Pipeline, row


def said(ready: Ready) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ready.body)
    return found


async def four_in_a_race(pipeline: Pipeline, *names: str, **fields: object) -> int:
    race = await pipeline.race(**fields)
    called = names or ("Ann", "Bob", "Cid", "Dan")
    await pipeline.pull(*(row(f"u{number}", "1", name=name) for number, name in enumerate(called)), minutes=0)
    await pipeline.pull(
        *(row(f"u{number}", f"{11 - number}", name=name) for number, name in enumerate(called))
    )
    await pipeline.refresh()
    return race


async def test_standings_are_paged(pipeline: Pipeline) -> None:
    race = await four_in_a_race(pipeline)

    first = await pipeline.reader.standings(race, StandingsQuery(limit=3))
    second = await pipeline.reader.standings(race, StandingsQuery(limit=3, page=2))

    assert [each["username"] for each in said(first)["data"]] == ["Ann", "Bob", "Cid"]
    assert [(each["username"], each["position"]) for each in said(second)["data"]] == [("Dan", 4)]
    assert said(second)["pagination"] == {"total": 4, "page": 2, "limit": 3, "pages": 2}
    assert 'rel="prev"' in second.headers["Link"]
    assert said(first)["metadata"]["totalWagered"] == 34
    assert first.etag != second.etag


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("o", ["B_ob", "Dob"]),
        ("_o", ["B_ob"]),
        ("%", []),
        ("OB", ["B_ob", "Dob"]),
        ("u2", ["Ann"]),
        ("\\", []),
    ],
)
async def test_standings_are_searched_by_name_as_it_is_typed(
    pipeline: Pipeline, text: str, found: list[str]
) -> None:
    race = await four_in_a_race(pipeline, "B_ob", "Cid", "Ann", "Dob")

    shown = said(await pipeline.reader.standings(race, StandingsQuery.model_construct(search=text)))

    assert [each["username"] for each in shown["data"]] == found
    assert shown["pagination"]["total"] == len(found)


async def test_a_person_is_asked_for_by_number_or_uid(pipeline: Pipeline) -> None:
    race = await four_in_a_race(pipeline)
    ((number,),) = await pipeline.fetch("SELECT id FROM players WHERE goated_id = 'u1'")

    by_uid = await pipeline.reader.position(race, "u1")
    by_number = await pipeline.reader.position(race, str(number))

    assert by_uid == by_number
    assert said(by_uid)["position"] == 2
    for nobody in ("u9", "999999", "9" * 40, "-1", "٣"):
        with pytest.raises(PersonNotFound):
            await pipeline.reader.position(race, nobody)


async def test_no_cell_of_the_file_is_a_formula(pipeline: Pipeline) -> None:
    names = ("=HYPERLINK(1)", "+1", "-2", "@SUM(A1)", 'a,"b"', "plain")
    race = await four_in_a_race(pipeline, *names, prize_pool="100")

    ready, name = await pipeline.reader.csv(race)

    header, *rows = csv.reader(io.StringIO(ready.body.decode()))
    assert header == ["position", "goatedId", "username", "wagered", "prize"]
    assert [each[2] for each in rows] == ["'=HYPERLINK(1)", "'+1", "'-2", "'@SUM(A1)", 'a,"b"', "plain"]
    assert rows[0] == ["1", "u0", "'=HYPERLINK(1)", "10", "42.50"]
    assert name == f"race-{race}-version-{(await pipeline.reader.race(race)).version}.csv"


async def test_a_page_keeps_its_tag_until_a_report_comes(pipeline: Pipeline) -> None:
    race = await four_in_a_race(pipeline)
    before = await pipeline.reader.page(race)
    pipeline.clock.move(minutes=1)
    same = await pipeline.reader.page(race)
    await pipeline.pull()
    await pipeline.refresh()
    after = await pipeline.reader.page(race)

    assert before.etag == same.etag != after.etag
    assert before.body != same.body


async def test_the_current_and_the_previous_race_of_a_type(pipeline: Pipeline) -> None:
    with pytest.raises(NoSuchRaceNow):
        await pipeline.reader.current("special")
    race = await four_in_a_race(pipeline, end_date=NOON + timedelta(hours=1))
    with pytest.raises(NoSuchRaceNow):
        await pipeline.reader.previous("special")
    assert said(await pipeline.reader.current("special"))["id"] == race

    pipeline.clock.now = NOON + timedelta(hours=1)

    with pytest.raises(NoSuchRaceNow):
        await pipeline.reader.current("special")
    settling = said(await pipeline.reader.previous("special"))
    assert (settling["id"], settling["metadata"]["phase"]) == (race, "settling")
    with pytest.raises(RaceNotFound):
        await pipeline.reader.page(race + 1)


async def test_races_are_listed_newest_first_and_by_kind(pipeline: Pipeline) -> None:
    first = await pipeline.race(start_date=NOON - timedelta(hours=1))
    second = await pipeline.race(start_date=NOON + timedelta(hours=1))
    daily = await pipeline.race(type="daily")
    await pipeline.refresh()

    async def ids(**wanted: Any) -> list[int]:  # noqa: ANN401 - the fields of the query
        listed = said(await pipeline.reader.list(RaceListQuery.model_validate(wanted)))
        return [race["id"] for race in listed["data"]]

    assert await ids() == [second, daily, first]
    assert await ids(limit=1, page=2) == [daily]
    assert await ids(type="special") == [second, first]
    assert await ids(status="scheduled") == [second]
    assert await ids(status="live", type="daily") == [daily]


async def test_the_lists_tag_follows_the_phases_though_nobody_writes_them_down(pipeline: Pipeline) -> None:
    await pipeline.race(start_date=NOON + timedelta(hours=1), end_date=NOON + timedelta(hours=2))
    await pipeline.refresh()
    tags = []
    for _ in range(3):
        tags.append((await pipeline.reader.list(RaceListQuery())).etag)
        pipeline.clock.move(hours=1)

    assert len(set(tags)) == 3


async def test_who_changed_a_race_sees_the_change_at_once(pipeline: Pipeline) -> None:
    race = await four_in_a_race(pipeline)
    async with pipeline.engine.begin() as connection:
        await cancel_race(connection, race, reason="No.", actor="test", now=pipeline.clock())

        assert said(await pipeline.reader.changed(race, connection))["status"] == "cancelled"
        assert said(await pipeline.reader.page(race))["status"] == "live"
    await pipeline.refresh()
    assert said(await pipeline.reader.page(race))["status"] == "cancelled"
