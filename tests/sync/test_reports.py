"""Reports through the whole pipeline: what a run says, and what the database holds afterwards."""

import hashlib
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from goatedvips.kit.windows import PERIODS
from tests.pipeline import NOON, Pipeline, report, row

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

EPSILON = Decimal("0.00000001")


def marks(outcome: Any) -> dict[str, int]:  # noqa: ANN401 - an outcome or whatever has marks
    return {mark.code: mark.count for mark in outcome.marks}


@dataclass
class Wagerer:
    """A made-up player, as a capture lists him."""

    uid: str
    name: str
    today: Decimal = Decimal(0)
    this_week: Decimal = Decimal(0)
    this_month: Decimal = Decimal(0)
    all_time: Decimal = Decimal(0)

    def row(self) -> str:
        windows = {period: f"{getattr(self, period):f}" for period in PERIODS}
        return row(self.uid, name=self.name, **windows)


def captures() -> Iterator[tuple[timedelta, list[str]]]:
    """Four reports of the shape that the real feed sends, one to eleven hours apart.

    The month stands still while the week and all_time rise, windows contradict each other, `today` is
    repriced downwards, newcomers come, somebody is renamed, rows change their order; most never played.
    """
    chance = random.Random(26)
    players = [Wagerer(f"uid{number:017}", f"Player-{number}") for number in range(400)]
    for player in players[:40]:
        ever = Decimal(chance.randrange(1, 10**16)).scaleb(-11)
        player.today, player.this_week = ever / 64, ever / 32
        player.this_month, player.all_time = ever / 16, ever
    for player in players[:8]:
        player.this_week = player.this_month * 2
        player.all_time *= 3
    players[8].today = players[8].this_week + 1
    for hours in (0, 2.5, 1.3, 10.7):
        if hours:
            for player in chance.sample(players[9:40], 12):
                bet = Decimal(chance.randrange(1, 10**13)).scaleb(-11)
                player.today, player.this_week = player.today + bet, player.this_week + bet
                player.all_time += bet
            players[20].today = max(players[20].today - Decimal("0.02"), Decimal(0))
            players.append(Wagerer(f"new{len(players):017}", f"New-{len(players)}"))
            players[30].name = f"Renamed-{hours}"
        listed = [player.row() for player in players]
        chance.shuffle(listed)
        yield timedelta(hours=hours), listed


def amounts_of(body: bytes) -> dict[str, tuple[Decimal, ...]]:
    rows = json.loads(body, parse_float=Decimal, parse_int=Decimal)["data"]
    return {each["uid"]: tuple(each["wagered"][period] for period in PERIODS) for each in rows}


def assert_equal(held: dict[str, tuple[Decimal, ...]], sent: dict[str, tuple[Decimal, ...]]) -> None:
    assert held.keys() == sent.keys()
    for uid, amounts in sent.items():
        assert all(abs(one - other) <= EPSILON for one, other in zip(held[uid], amounts, strict=True))


async def test_four_captures_in_time_order(pipeline: Pipeline) -> None:
    outcomes = []
    for span, rows in captures():
        outcomes.append(await pipeline.pull(*rows, seconds=span.total_seconds()))
        assert_equal(await pipeline.amounts(), amounts_of(pipeline.feed.body))

    assert [outcome.status for outcome in outcomes] == ["completed"] * 4
    counts = [outcome.counts for outcome in outcomes]
    assert [count.processed for count in counts] == [400, 401, 402, 403]
    assert [count.created for count in counts] == [400, 1, 1, 1]
    assert [count.skipped + count.updated for count in counts] == [0, 400, 401, 402]
    assert all(12 <= count.updated <= 14 for count in counts[1:])
    assert "frozen_this_month" not in marks(outcomes[0])
    assert all(marks(outcome)["frozen_this_month"] == 40 for outcome in outcomes[1:])
    assert all(marks(outcome)["this_week_exceeds_this_month"] >= 8 for outcome in outcomes)
    assert all(marks(outcome)["today_exceeds_this_week"] == 1 for outcome in outcomes)
    logged = await pipeline.fetch(
        "SELECT status, records_processed, records_created, records_updated, records_skipped,"
        " metadata -> 'marks' FROM sync_logs ORDER BY id"
    )
    assert logged == [
        (
            "completed",
            outcome.counts.processed,
            outcome.counts.created,
            outcome.counts.updated,
            outcome.counts.skipped,
            [mark.as_json() for mark in outcome.marks],
        )
        for outcome in outcomes
    ]


STATE = (
    "SELECT * FROM players ORDER BY id",
    "SELECT * FROM wager_totals ORDER BY player_id",
    "SELECT * FROM wager_readings ORDER BY player_id, as_of",
    "SELECT * FROM player_names ORDER BY player_id, run_id",
)


async def state(pipeline: Pipeline) -> list[Any]:
    return [await pipeline.fetch(query) for query in STATE]


@pytest.mark.parametrize("reordered", [False, True])
async def test_a_repeated_capture_changes_nothing(pipeline: Pipeline, *, reordered: bool) -> None:
    for span, rows in captures():
        await pipeline.pull(*rows, seconds=span.total_seconds())
    before = await state(pipeline)

    again = await pipeline.pull(*(reversed(rows) if reordered else rows))

    assert (again.status, again.counts.processed) == ("completed", 403)
    assert (again.counts.created, again.counts.updated, again.counts.skipped) == (0, 0, 403)
    # The feed's contradictions and its frozen month are still there for whoever reads the board.
    assert marks(again)["frozen_this_month"] == 40
    assert marks(again)["this_week_exceeds_this_month"] >= 8
    assert before == await state(pipeline)


async def test_another_process_judges_and_marks_as_the_first_would_have(pipeline: Pipeline) -> None:
    series = list(captures())
    for span, rows in series[:3]:
        await pipeline.pull(*rows, seconds=span.total_seconds())
    held = pipeline.sync
    pipeline.sync = pipeline.another()

    by_newcomer = await pipeline.pull(*series[3][1])
    await pipeline.execute("UPDATE sync_logs SET status = 'failed' WHERE id = :id", id=by_newcomer.run_id)
    pipeline.sync = held
    by_first = await pipeline.pull()

    assert by_first.marks == by_newcomer.marks


async def test_readings_are_kept_for_changes_only(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "5"), row("b", "7"))
    await pipeline.pull(row("a", "6.5"), row("b", "7"))
    await pipeline.pull(row("a", "6.5"), row("b", "7", name="B"))

    readings = await pipeline.fetch(
        "SELECT goated_id, all_time, run_id FROM wager_readings JOIN players ON id = player_id"
        " ORDER BY goated_id, as_of"
    )
    assert readings == [("a", 500_000_000, 1), ("a", 650_000_000, 2), ("b", 700_000_000, 1)]


@pytest.mark.parametrize("table", ["wager_readings", "player_names"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET run_id = run_id"])
async def test_what_was_read_can_never_be_changed(pipeline: Pipeline, table: str, change: str) -> None:
    await pipeline.pull(row("a", "5"))

    with pytest.raises(DBAPIError, match=r"append-only|never changed"):
        await pipeline.execute(change.format(table))


@pytest.mark.parametrize(
    "table", ["wager_readings", "wager_readings_202503", "player_names", "tier_changes", "self_exclusions"]
)
async def test_what_is_kept_can_not_be_emptied_either(pipeline: Pipeline, table: str) -> None:
    await pipeline.pull(row("a", "5"))

    with pytest.raises(DBAPIError, match=f"{table} is append-only"):
        await pipeline.execute(f"TRUNCATE {table}")


async def test_names_are_kept_as_they_were(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", name="First"))
    renamed = await pipeline.pull(row("a", name="Second"))
    await pipeline.pull(row("a", "1", name="Second"))

    assert (renamed.counts.created, renamed.counts.updated) == (0, 1)
    assert await pipeline.fetch("SELECT goated_username FROM players") == [("Second",)]
    names = await pipeline.fetch("SELECT run_id, goated_username FROM player_names ORDER BY run_id")
    assert names == [(1, "First"), (2, "Second")]


async def test_a_player_who_vanishes_keeps_his_amounts_and_comes_back(pipeline: Pipeline) -> None:
    others = [row(f"p{number}", "1") for number in range(9)]
    await pipeline.pull(*others, row("away", "50", today="3"))
    gone = await pipeline.pull(*others)
    held = (await pipeline.amounts())["away"]
    still_gone = await pipeline.pull(*others[:-1], row("p8", "2"))
    back = await pipeline.pull(*others, row("away", "51", today="4"))

    assert marks(gone) == {"vanished": 1}
    assert held == tuple(map(Decimal, (3, 0, 0, 50)))
    assert marks(still_gone) == {}
    # p8 is corrected back down.
    assert (back.counts.created, back.counts.updated) == (0, 2)
    assert (await pipeline.amounts())["away"] == tuple(map(Decimal, (4, 0, 0, 51)))


async def test_a_player_who_comes_back_as_he_left_has_not_moved(pipeline: Pipeline) -> None:
    others = [row(f"p{number}", "1") for number in range(9)]
    await pipeline.pull(*others, row("away", "50"))
    await pipeline.pull(*others)
    before = await state(pipeline)

    await pipeline.pull(*others, row("away", "50"))

    assert before == await state(pipeline)


async def test_reports_stay_in_order_when_the_clock_steps_back(pipeline: Pipeline) -> None:
    first = await pipeline.pull(row("a", "1"))
    second = await pipeline.pull(row("a", "2"), hours=-3)
    third = await pipeline.pull(hours=0)
    fourth = await pipeline.pull(row("a", "3"), hours=4)

    moments = [outcome.as_of or NOON for outcome in (first, second, third, fourth)]
    assert moments[0] == NOON + timedelta(minutes=5)
    assert all(earlier < later for earlier, later in pairwise(moments))
    readings = await pipeline.fetch("SELECT all_time FROM wager_readings ORDER BY as_of")
    assert readings == [(100_000_000,), (200_000_000,), (300_000_000,)]


async def test_a_new_month_has_its_own_partition_of_readings(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "1"))
    await pipeline.pull(row("a", "2"), days=30)
    await pipeline.pull(row("a", "3"), days=260)

    partitions = await pipeline.fetch(
        "SELECT tableoid::regclass::text, all_time / 100000000 FROM wager_readings ORDER BY as_of"
    )
    assert partitions == [
        ("wager_readings_202503", 1),
        ("wager_readings_202504", 2),
        ("wager_readings_202601", 3),
    ]


async def test_a_report_is_kept_byte_for_byte_under_its_hash(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "1.000000000000000001"))
    await pipeline.pull()

    ((sha256, packed, size),) = await pipeline.fetch("SELECT sha256, body, size FROM feed_reports")
    body = pipeline.feed.body
    assert zstd.decompress(packed) == body
    assert (sha256, size) == (hashlib.sha256(body).digest(), len(body))
    runs = await pipeline.fetch("SELECT report_sha256 FROM sync_logs")
    assert runs == [(sha256,), (sha256,)]


async def test_a_report_that_is_refused_is_kept_as_evidence(pipeline: Pipeline) -> None:
    pipeline.feed.body = b"<html>Maintenance</html>"

    outcome = await pipeline.pull()

    assert outcome.status == "failed"
    assert "HTML" in (outcome.error or "")
    kept = await pipeline.fetch("SELECT size FROM feed_reports JOIN sync_logs ON sha256 = report_sha256")
    assert kept == [(len(pipeline.feed.body),)]


async def test_the_first_report_is_judged_as_well(pipeline: Pipeline) -> None:
    pipeline.feed.body = (
        report([row("a", "1", today="5")])
        .replace(b'"today":5}', b'"today":6}')
        .replace(b'],"today":5', b'],"today":9')
    )

    outcome = await pipeline.pull()

    assert outcome.status == "quarantined"
    assert await pipeline.amounts() == {}


async def test_amounts_between_units_are_rounded_half_even(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "0.000000005"), row("b", "0.000000015"), row("c", "92233720368.54775807"))

    held = {uid: amounts[3] for uid, amounts in (await pipeline.amounts()).items()}
    assert held == {"a": 0, "b": 2 * EPSILON, "c": Decimal("92233720368.54775807")}
