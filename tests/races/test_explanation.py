"""Why somebody stands where he does, over the whole pipeline: totals, reports, rules and marks."""

import asyncio
import hashlib
import json
import sys
from datetime import timedelta
from typing import Any

import pytest

from goatedvips.players.errors import PersonNotFound
from goatedvips.races.listing import Listing
from goatedvips.races.reading import RaceReader
from goatedvips.races.service import cancel_race
from goatedvips.races.settlement.service import settle_due, settle_late
from tests.pipeline import NOON, Pipeline, report, row

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


async def why(
    pipeline: Pipeline, race: int, person: str, *, reader: RaceReader | None = None
) -> dict[str, Any]:
    await pipeline.refresh()
    ready = await (reader or pipeline.reader).position(race, person, explained=True)
    found: dict[str, Any] = json.loads(ready.body)["explanation"]
    return found


def marks(explanation: dict[str, Any]) -> dict[str, str]:
    return {mark["code"]: mark["text"] for mark in explanation["marks"]}


async def marks_of(pipeline: Pipeline, race: int, person: str) -> dict[str, str]:
    return marks(await why(pipeline, race, person))


async def test_both_totals_and_both_reports_are_named(pipeline: Pipeline) -> None:
    race = await pipeline.race(prize_pool="100", prizes=[{"place": 1, "amount": "100"}])
    start = [row("a", "100.5"), row("b", "1")]
    newest = [row("a", "120.50000001"), row("b", "1")]
    await pipeline.pull(*start, minutes=2)
    await pipeline.pull(*newest)
    await pipeline.pull(row("a", "120.50000001"), row("b", "1", today="1"))
    found = await why(pipeline, race, "a")

    assert (found["startTotal"], found["endTotal"]) == ("100.50000000", "120.50000001")
    assert found["startReport"]["runId"] == 1
    assert found["startReport"]["asOf"] == "2025-03-26T12:02:00.000Z"
    assert found["startReport"]["reportSha256"] == hashlib.sha256(report(start)).hexdigest()
    assert found["endReport"]["runId"] == 3
    assert found["reachedIn"]["runId"] == 2
    assert found["reachedIn"]["reportSha256"] == hashlib.sha256(report(newest)).hexdigest()
    assert not found["isFinal"]
    assert found["marks"] == []
    assert "\n".join(found["rules"]) == (
        "Counting began with the first report at or after the start, 2025-03-26 12:00:00 UTC:"
        " run 1 of 2025-03-26 12:02:00 UTC.\n"
        "It ends with the first report at or after the end, 2025-03-27 12:00:00 UTC; until that comes, the"
        " newest report counts: run 3 of 2025-03-26 12:12:00 UTC.\n"
        "The standing is the total by the second report less the start total, and never below 0:"
        " 120.50000001 - 100.50000000 gives 20.00000001 dollars.\n"
        "Only a player who wagered anything in the race takes a place.\n"
        "Players who are excluded from the race take no place.\n"
        "The larger amount stands higher; of equal amounts the one that an earlier report brought, then the"
        " player with the lower id.\n"
        "So this player takes place 1, with a prize of $100.00 as it stands."
    )


async def test_who_did_not_move_has_no_row_and_is_told_so(pipeline: Pipeline) -> None:
    race = await pipeline.race()
    await pipeline.pull(row("a", "7"), row("b", "1"), minutes=0)
    await pipeline.pull(row("a", "7"), row("b", "2"))
    found = await why(pipeline, race, "a")

    assert (found["startTotal"], found["endTotal"], found["reachedIn"]["runId"]) == (
        "7.00000000",
        "7.00000000",
        1,
    )
    assert list(marks(found)) == ["not_moved"]
    assert found["rules"][-1] == "So this player takes no place."


async def test_newcomers_start_from_nothing_and_late_ones_from_their_first_reading(
    pipeline: Pipeline,
) -> None:
    race = await pipeline.race()
    bad = '{"uid":"late","name":"late","wagered":{"today":"?","this_week":0,"this_month":0,"all_time":5}}'
    sound = [row(f"s{number}", "1") for number in range(300)]
    await pipeline.pull(*sound, minutes=0)
    pipeline.feed.body = report(sound).replace(b'"data":[', f'"data":[{bad},'.encode())
    pipeline.clock.move(minutes=5)
    await pipeline.sync.pull("scheduled")
    await pipeline.pull(*sound, row("late", "70"), row("new", "3"))
    await pipeline.pull(*sound, row("late", "72"), row("new", "4"))
    late, new = await why(pipeline, race, "late"), await why(pipeline, race, "new")

    assert (late["startTotal"], late["endTotal"]) == ("70.00000000", "72.00000000")
    assert "counting starts from the $70 of that report" in marks(late)["late"]
    assert (new["startTotal"], new["endTotal"]) == ("0.00000000", "4.00000000")
    assert marks(new) == {
        "newcomer": "The feed first listed this player at 2025-03-26 12:10:00 UTC, after the start:"
        " counting starts from 0."
    }


async def test_who_came_after_the_end_stands_nowhere(pipeline: Pipeline) -> None:
    race = await pipeline.race(end_date=NOON + timedelta(minutes=4))
    await pipeline.pull(row("a", "1"), minutes=0)
    await pipeline.pull(row("a", "2"))
    await pipeline.pull(row("a", "2"), row("b", "9"))
    found = await why(pipeline, race, "b")

    assert (found["startTotal"], found["endTotal"], found["reachedIn"]) == ("0.00000000", "0.00000000", None)
    assert found["isFinal"]
    assert marks(found)["newcomer"].endswith("after the report that counts here.")


async def test_totals_that_fall_are_told(pipeline: Pipeline) -> None:
    race = await pipeline.race()
    rest = [row(f"r{number}", "1") for number in range(9)]
    await pipeline.pull(row("below", "50"), row("above", "50"), *rest, minutes=0)
    await pipeline.pull(row("below", "60"), row("above", "60"), *rest)
    await pipeline.pull(row("below", "40"), row("above", "58"), *rest)
    below, above = await marks_of(pipeline, race, "below"), await marks_of(pipeline, race, "above")

    assert list(below) == list(above) == ["falling_all_time"]
    assert "below the $50 that counting starts from" in below["falling_all_time"]
    assert "once during the race, last at 2025-03-26 12:10:00 UTC" in above["falling_all_time"]


async def test_a_change_of_name_is_told_but_not_the_old_name(pipeline: Pipeline) -> None:
    race = await pipeline.race()
    await pipeline.pull(row("a", "1", name="Secret"), row("b", "1", name="Before"), minutes=0)
    await pipeline.pull(row("a", "2", name="Known"), row("b", "2", name="Before"))
    ready = await why(pipeline, race, "a")

    assert "renamed" in marks(ready)
    assert "Secret" not in json.dumps(ready)
    assert "renamed" not in await marks_of(pipeline, race, "b")


async def test_who_is_missing_from_a_report_is_told_which(pipeline: Pipeline) -> None:
    race = await pipeline.race(start_date=NOON + timedelta(minutes=5))
    awkward = 'ü"\\uid":"x'
    rest = [row(f"r{number}", "1") for number in range(60)]
    await pipeline.pull(row("a", "3"), row("b", "4"), row(awkward, "5"), *rest, minutes=0)
    await pipeline.pull(row("b", "4"), row(awkward, "5"), *rest)
    await pipeline.pull(row("a", "4"), row(awkward, "7"), *rest)
    a, b = await marks_of(pipeline, race, "a"), await marks_of(pipeline, race, "b")

    assert "total known before it, $3." in a["absent_at_start"]
    assert list(b) == ["absent_now", "not_moved"]
    assert "newest report" in b["absent_now"]
    assert await marks_of(pipeline, race, awkward) == {}


async def test_a_report_that_was_let_go_says_nothing(pipeline: Pipeline) -> None:
    race = await pipeline.race()
    await pipeline.pull(row("a", "3"), row("b", "1"), minutes=0)
    await pipeline.pull(row("b", "2"))
    await pipeline.execute("DELETE FROM feed_reports")

    assert list(await marks_of(pipeline, race, "a")) == ["not_moved"]


async def test_a_late_boundary_is_told(pipeline: Pipeline) -> None:
    race = await pipeline.race()
    await pipeline.pull(row("a", "3"), minutes=16)
    await pipeline.pull(row("a", "4"))

    assert "12:16:00 UTC" in (await marks_of(pipeline, race, "a"))["late_start"]


async def test_the_minimum_and_exclusions_are_told(pipeline: Pipeline) -> None:
    race = await pipeline.race(min_wager="5")
    await pipeline.pull(row("a", "3"), row("b", "3"), row("c", "3"), minutes=0)
    await pipeline.execute(
        "INSERT INTO exclusions (player_id, kind, reason, created_by, created_at)"
        " SELECT id, 'staff', 'a private matter', 'test', :now FROM players WHERE goated_id <> 'a'",
        now=pipeline.clock(),
    )
    await pipeline.pull(row("a", "7.99"), row("b", "33"), row("c", "3"))
    a, b, c = [await why(pipeline, race, uid) for uid in "abc"]

    assert marks(a) == {"below_min_wager": "This player lacks $0.01 to the least that takes a place."}
    assert list(marks(b)) == ["excluded"]
    assert list(marks(c)) == ["not_moved", "excluded"]
    assert "private" not in json.dumps([a, b, c])
    assert a["rules"][3] == "Only a player who wagered at least $5 in the race takes a place."
    assert {a["rules"][-1], b["rules"][-1]} == {"So this player takes no place."}


async def test_who_was_excluded_from_all_races_while_one_lasted_is_told_so_though_that_was_lifted(
    pipeline: Pipeline,
) -> None:
    race = await pipeline.race()
    await pipeline.pull(row("a", "3"), row("b", "3"), minutes=0)
    await pipeline.execute(
        "INSERT INTO exclusions (player_id, kind, reason, created_by, created_at, lifted_by, lifted_at)"
        " SELECT id, 'staff', 'by mistake', 'test', :now, 'test', :lifted FROM players",
        now=pipeline.clock(),
        lifted=pipeline.clock() + timedelta(minutes=1),
    )
    await pipeline.pull(row("a", "5"), row("b", "3"))

    assert list(await marks_of(pipeline, race, "a")) == ["excluded"]
    assert list(await marks_of(pipeline, race, "b")) == ["not_moved", "excluded"]


async def test_ties_say_how_they_were_decided(pipeline: Pipeline) -> None:
    first = await pipeline.race()
    shared = await pipeline.race(tie_policy="shared")
    people = ("a", "b", "c", "d")
    await pipeline.pull(*(row(uid, "1", name=f"Name of {uid}") for uid in people), minutes=0)
    rise = {"a": "2", "b": "2", "c": "1", "d": "9"}
    await pipeline.pull(*(row(uid, rise[uid], name=f"Name of {uid}") for uid in people))
    rise["c"] = "2"
    await pipeline.pull(*(row(uid, rise[uid], name=f"Name of {uid}") for uid in people))
    told = {uid: [mark["text"] for mark in (await why(pipeline, first, uid))["marks"]] for uid in people}

    equal, so = "has wagered exactly as much and stands", "so the lower id goes first,"
    ids = {uid: each for uid, each, *_ in await pipeline.fetch("SELECT goated_id, id FROM players")}
    assert told == {
        "a": [f"Name of b {equal} below: both reached it with run 2, {so} {ids['a']} before {ids['b']}."],
        "b": [
            f"Name of a {equal} above: both reached it with run 2, {so} {ids['a']} before {ids['b']}.",
            f"Name of c {equal} below: the higher reached it with run 2, the lower only with run 3.",
        ],
        "c": [f"Name of b {equal} above: the higher reached it with run 2, the lower only with run 3."],
        "d": [],
    }
    found = await why(pipeline, shared, "b")
    assert marks(found) == {"tie": "3 players have wagered exactly this much and share place 2."}
    assert "share a place" in found["rules"][5]


async def test_a_settled_race_is_explained_by_its_result(pipeline: Pipeline) -> None:
    race = await pipeline.race(end_date=NOON + timedelta(minutes=9))
    await pipeline.pull(row("a", "1"), row("b", "1"), minutes=0)
    await pipeline.pull(row("a", "3"), row("b", "1"))
    await pipeline.pull(row("a", "4"), row("b", "1"))
    ended = await why(pipeline, race, "a")
    assert await settle_due(pipeline.engine, pipeline.clock) == [race]
    await pipeline.pull(row("a", "9"), row("b", "9"))
    settled, idle = await why(pipeline, race, "a"), await why(pipeline, race, "b")

    assert settled["isFinal"]
    assert ended["isFinal"]
    assert (settled["startTotal"], settled["endTotal"]) == ("1.00000000", "4.00000000")
    assert settled["endReport"]["runId"] == settled["reachedIn"]["runId"] == 3
    assert settled["rules"][1].startswith("It ended with the first report at or after the end")
    assert ended["rules"][-1].removesuffix(" as it stands.") == settled["rules"][-1].removesuffix(".")
    assert (idle["startTotal"], idle["endTotal"], list(marks(idle))) == (
        "1.00000000",
        "1.00000000",
        ["not_moved"],
    )


async def test_a_race_that_was_settled_without_a_last_report_says_why(pipeline: Pipeline) -> None:
    race = await pipeline.race(end_date=NOON + timedelta(minutes=9))
    await pipeline.pull(row("a", "1"), minutes=0)
    await pipeline.pull(row("a", "3"))
    pipeline.clock.move(hours=2)
    async with pipeline.engine.begin() as connection:
        await settle_late(connection, race, reason="The feed is gone.", now=pipeline.clock(), actor="test")
    found = await why(pipeline, race, "a")

    assert (found["isFinal"], found["endTotal"], found["endReport"]["runId"]) == (True, "3.00000000", 2)
    assert found["rules"][1] == (
        "No report came after the end, so the last one before it counts,"
        " run 2 of 2025-03-26 12:05:00 UTC: The feed is gone."
    )


async def test_a_race_that_started_from_the_last_report_of_the_one_before_says_so(
    pipeline: Pipeline,
) -> None:
    await pipeline.execute(
        "INSERT INTO race_series (name, type, timezone, prize_pool, prizes) VALUES ('Daily', 'daily', 'UTC',"
        """ 10000, '[{"place": 1, "percent": "100"}]')"""
    )
    await pipeline.pull(row("a", "1"))
    await pipeline.pull(row("a", "3"))
    first, second = [race for (race,) in await pipeline.fetch("SELECT id FROM wager_races ORDER BY id")]
    pipeline.clock.move(hours=14)
    async with pipeline.engine.begin() as connection:
        await settle_late(connection, first, reason="The feed is gone.", now=pipeline.clock(), actor="test")
    await pipeline.pull(row("a", "8"))
    found = await why(pipeline, second, "a")

    assert (found["startTotal"], found["endTotal"], found["startReport"]["runId"]) == (
        "3.00000000",
        "8.00000000",
        2,
    )
    assert found["rules"][0] == (
        "The race before this one was settled on the last report before its end, so counting began with the"
        " same report and not with the first one since the start, 2025-03-27 00:00:00 UTC:"
        " run 2 of 2025-03-26 12:10:00 UTC."
    )
    assert marks(found) == {
        "started_early": "Counting began with a report of before the start, of 2025-03-26 12:10:00 UTC;"
        " what was wagered between the two counts here."
    }


async def test_races_that_count_nothing_say_why(pipeline: Pipeline) -> None:
    coming = await pipeline.race(start_date=NOON + timedelta(hours=1))
    cancelled = await pipeline.race()
    await pipeline.pull(row("a", "1"), minutes=0)
    async with pipeline.engine.begin() as connection:
        await cancel_race(connection, cancelled, reason="Wrong prize", now=pipeline.clock(), actor="test")
    waiting, over = await why(pipeline, coming, "a"), await why(pipeline, cancelled, "a")

    assert waiting["startTotal"] is over["startReport"] is None
    assert "2025-03-26 13:00:00 UTC" in waiting["rules"][0]
    assert over["rules"][0] == "This race was cancelled: Wrong prize"


async def test_nobody_is_explained_whom_nobody_knows(pipeline: Pipeline) -> None:
    race = await pipeline.race()
    await pipeline.pull(row("a", "1"), minutes=0)

    with pytest.raises(PersonNotFound):
        await why(pipeline, race, "nobody")


async def test_a_crowd_of_the_curious_reads_a_report_once(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [f"u{number}" for number in range(40)]
    race = await pipeline.race()
    await pipeline.pull(*(row(uid, "1") for uid in people), minutes=0)
    await pipeline.pull(*(row(uid, "2") for uid in people))
    await pipeline.refresh()
    read: list[bytes] = []

    class Counted(Listing):
        def __init__(self, packed: bytes) -> None:
            read.append(packed)
            super().__init__(packed)

    monkeypatch.setattr("goatedvips.races.explainer.Listing", Counted)
    reader = pipeline.reader
    found = await asyncio.gather(*(reader.position(race, uid, explained=True) for uid in people))

    assert len(found) == 40
    assert len(read) == 2


@pytest.mark.parametrize("uid", ["plain", "ü", 'quo"te', "back\\slash", "tab\t", "\U0001f600", "n\u0000l"])
@pytest.mark.parametrize("ensure_ascii", [True, False])
def test_a_uid_is_found_however_it_is_written(uid: str, *, ensure_ascii: bool) -> None:
    names = ['"uid":"in a name"', '\\"uid\\":\\"x\\"']
    rows = [{"uid": each, "name": name} for each in (uid, "other") for name in names]
    body = json.dumps({"data": rows}, ensure_ascii=ensure_ascii).encode()
    listing = Listing(zstd.compress(body, 1))

    assert uid in listing
    assert "other" in listing
    assert "in a name" not in listing
    assert "x" not in listing


def test_a_broken_uid_names_nobody() -> None:
    listing = Listing(zstd.compress(b'[{"uid":"half \\ud83d"},{"uid":"bad \\q"},{"uid":"good"}]', 1))

    assert "good" in listing
    assert "nobody" not in listing
    assert "x" not in Listing(zstd.compress(b"[]", 1))
