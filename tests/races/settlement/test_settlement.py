"""A race that has ended becomes a result: once, to the cent, in one transaction."""

import asyncio
import hashlib
from datetime import timedelta
from typing import Any

import pytest

from goatedvips.kit.errors import BadInput
from goatedvips.races.engine import DefaultSeries, found_series, tick
from goatedvips.races.errors import RaceNotFound, RaceNotOpen
from goatedvips.races.repository import Races
from goatedvips.races.service import cancel_race
from goatedvips.races.settlement.errors import NotDue
from goatedvips.races.settlement.records import Records
from goatedvips.races.settlement.service import settle, settle_due, settle_late
from goatedvips.races.settlement.writing import unpacked
from tests.pipeline import NOON, Pipeline, row

START = [row(uid, "100") for uid in "abcd"]
END = [row("a", "130"), row("b", "120"), row("c", "110"), row("d", "100")]


async def ended_race(pipeline: Pipeline, *last: str, **rules: Any) -> int:  # noqa: ANN401 - the fields of the model
    """Let a race of a day pass in which a wagers 30, b 20, c 10 and d nothing, unless told otherwise."""
    await pipeline.pull(*START)
    race = await pipeline.race(**rules)
    await pipeline.pull(*START)
    await pipeline.pull(*(last or END), hours=23)
    await pipeline.pull(hours=1)
    return race


async def settled(pipeline: Pipeline) -> list[int]:
    return await settle_due(pipeline.engine, pipeline.clock)


async def awards(pipeline: Pipeline) -> list[tuple[Any, ...]]:
    return await pipeline.fetch(
        "SELECT goated_id, race_awards.version, position, amount, status FROM race_awards"
        " JOIN players ON players.id = player_id ORDER BY version, position, goated_id"
    )


async def balances(pipeline: Pipeline) -> dict[str, int]:
    return dict(
        await pipeline.fetch("SELECT account, sum(amount)::bigint FROM ledger_postings GROUP BY account")
    )


async def test_who_won_is_owed_his_prize_once(pipeline: Pipeline) -> None:
    race = await ended_race(pipeline)

    assert [await settled(pipeline), await settled(pipeline)] == [[race], []]

    assert await pipeline.fetch("SELECT status, result_version, settled_at FROM wager_races") == [
        ("completed", 1, pipeline.clock())
    ]
    assert await awards(pipeline) == [
        ("a", 1, 1, 4250, "pending"),
        ("b", 1, 2, 2000, "pending"),
        ("c", 1, 3, 1500, "pending"),
    ]
    assert await balances(pipeline) == {
        "award:1:owed": 4250,
        "award:2:owed": 2000,
        "award:3:owed": 1500,
        "operator": -7750,
        "race:1:pool": 0,
    }
    assert await pipeline.fetch(
        "SELECT username, baseline / 100000000, total / 100000000, position, prize FROM race_standings"
        " ORDER BY position"
    ) == [("a", 100, 130, 1, 4250), ("b", 100, 120, 2, 2000), ("c", 100, 110, 3, 1500)]


async def test_the_proof_the_audit_log_and_the_outbox_tell_of_the_same_result(pipeline: Pipeline) -> None:
    await ended_race(pipeline)
    await settled(pipeline)

    async with pipeline.engine.connect() as connection:
        kept = await Records(connection).proof(1, 1)
    assert kept is not None
    assert hashlib.sha256(b"".join(unpacked(kept["body"]))).digest() == kept["sha256"]
    facts = {"version": 1, "proof": kept["sha256"].hex(), "endRun": 4, "awards": 3, "owed": "77.50"}
    assert await pipeline.fetch("SELECT actor, details FROM audit_log WHERE action = 'race.settled'") == [
        ("worker", facts)
    ]
    assert await pipeline.fetch("SELECT key, payload->>'proof' FROM outbox") == [
        ("race.completed:1", kept["sha256"].hex())
    ]


async def test_many_who_settle_at_once_settle_once(pipeline: Pipeline) -> None:
    race = await ended_race(pipeline)

    done = await asyncio.gather(*(settled(pipeline) for _ in range(8)))

    assert [race_id for each in done for race_id in each] == [race]
    assert len(await awards(pipeline)) == 3
    assert await pipeline.fetch("SELECT count(*) FROM race_proofs") == [(1,)]


async def test_nothing_is_settled_before_the_report_that_ends_it(pipeline: Pipeline) -> None:
    race = await pipeline.race()
    await pipeline.pull(*START)

    assert await settled(pipeline) == []
    async with pipeline.engine.begin() as connection:
        with pytest.raises(NotDue, match="it ends at 2025-03-27 12:00 UTC"):
            await settle(connection, race, now=pipeline.clock(), actor="test")
        with pytest.raises(RaceNotFound):
            await settle(connection, 99, now=pipeline.clock(), actor="test")


async def test_races_are_settled_in_the_order_of_their_ends_and_their_proofs_make_a_chain(
    pipeline: Pipeline,
) -> None:
    daily = DefaultSeries(monthly="0", weekly="0", daily="20", timezone="UTC")
    async with pipeline.engine.begin() as connection:
        await found_series(connection, daily, now=pipeline.clock())
        await tick(connection, pipeline.clock())
    await pipeline.pull(*START)
    for _ in range(3):
        await pipeline.pull(*END, days=1)

    assert await settled(pipeline) == [1, 2, 3]
    links = await pipeline.fetch("SELECT race_id, sha256, previous_sha256 FROM race_proofs ORDER BY race_id")
    assert [previous for _, _, previous in links] == [None, links[0][1], links[1][1]]


async def test_a_race_that_nobody_wagered_in_gives_its_pool_back(pipeline: Pipeline) -> None:
    await ended_race(pipeline, *START)
    await settled(pipeline)

    assert await awards(pipeline) == []
    assert await balances(pipeline) == {"operator": 0, "race:1:pool": 0}


async def test_shared_places_are_owed_their_share_of_the_pooled_prizes(pipeline: Pipeline) -> None:
    tied = [row("a", "120"), row("b", "120"), row("c", "120"), row("d", "101")]
    table = [{"place": 1, "amount": "50"}, {"place": 2, "amount": "30"}, {"place": 3, "amount": "20"}]
    await ended_race(pipeline, *tied, tie_policy="shared", prizes=table)
    await settled(pipeline)

    assert await awards(pipeline) == [
        ("a", 1, 1, 3334, "pending"),
        ("b", 1, 1, 3333, "pending"),
        ("c", 1, 1, 3333, "pending"),
    ]


async def test_a_settled_race_can_neither_be_cancelled_nor_settled_again(pipeline: Pipeline) -> None:
    race = await ended_race(pipeline)
    await settled(pipeline)

    async with pipeline.engine.begin() as connection:
        with pytest.raises(RaceNotOpen):
            await cancel_race(connection, race, reason="no", now=pipeline.clock(), actor="test")
        assert not await settle(connection, race, now=pipeline.clock(), actor="test")


async def test_what_fails_with_one_race_holds_up_no_other(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await pipeline.race(end_date=NOON + timedelta(hours=2))
    second = await pipeline.race(end_date=NOON + timedelta(hours=3))
    await pipeline.pull(*START)
    await pipeline.pull(*END, hours=5)
    entrants = "goatedvips.races.settlement.service.Races.entrants"

    async def broken(races: Races, race_id: int) -> Any:  # noqa: ANN401 - an array
        if race_id == first:
            raise ZeroDivisionError
        return await original(races, race_id)

    original = Races.entrants
    monkeypatch.setattr(entrants, broken)
    assert await settled(pipeline) == [second]
    monkeypatch.undo()
    assert await settled(pipeline) == [first]


async def test_a_database_that_refuses_one_race_stops_neither_the_others_nor_the_feed(
    pipeline: Pipeline,
) -> None:
    race = await ended_race(pipeline)
    await pipeline.execute("ALTER TABLE race_awards ADD CHECK (amount < 0) NOT VALID")

    assert await settled(pipeline) == await settled(pipeline) == []
    assert await pipeline.fetch("SELECT key, kind FROM outbox") == [
        (f"race.unsettled:{race}", "race.unsettled")
    ]
    await pipeline.execute("ALTER TABLE race_awards DROP CONSTRAINT race_awards_amount_check")
    assert await settled(pipeline) == [race]


async def late(pipeline: Pipeline, race: int, reason: str = "The feed is gone.") -> bool:
    async with pipeline.engine.begin() as connection:
        return await settle_late(connection, race, reason=reason, now=pipeline.clock(), actor="cli:ann")


async def test_an_overdue_race_is_told_of_once_and_can_be_settled_on_its_last_report(
    pipeline: Pipeline,
) -> None:
    race = await pipeline.race()
    await pipeline.pull(*START)
    await pipeline.pull(*END)
    pipeline.clock.now = NOON + timedelta(days=1, minutes=59)
    with pytest.raises(NotDue, match="wait for it until 2025-03-27 13:00 UTC"):
        await late(pipeline, race)

    pipeline.clock.move(minutes=1)
    for _ in range(2):
        async with pipeline.engine.begin() as connection:
            await tick(connection, pipeline.clock())
    assert await pipeline.fetch("SELECT key, kind FROM outbox") == [("race.overdue:1", "race.overdue")]
    with pytest.raises(BadInput, match="reason"):
        await late(pipeline, race, " ")

    assert await late(pipeline, race)
    assert not await late(pipeline, race)
    assert [(uid, amount) for uid, _, _, amount, _ in await awards(pipeline)] == [
        ("a", 4250),
        ("b", 2000),
        ("c", 1500),
    ]
    acts = await pipeline.fetch("SELECT action, actor FROM audit_log ORDER BY id")
    assert acts[-2:] == [("race.ended_early", "cli:ann"), ("race.settled", "cli:ann")]


async def test_after_an_early_end_the_next_race_goes_on_from_the_same_report(pipeline: Pipeline) -> None:
    daily = DefaultSeries(monthly="0", weekly="0", daily="20", timezone="UTC")
    async with pipeline.engine.begin() as connection:
        await found_series(connection, daily, now=pipeline.clock())
        await tick(connection, pipeline.clock())
    await pipeline.pull(*START)
    await pipeline.pull(*END)
    pipeline.clock.move(hours=14)
    await late(pipeline, 1)

    await pipeline.pull(row("a", "150"), *END[1:])

    assert await pipeline.fetch(
        "SELECT id, start_run_id, end_run_id FROM wager_races WHERE id < 3 ORDER BY id"
    ) == [
        (1, 1, 2),
        (2, 2, None),
    ]
    # What a wagered between the last report and the new one counts in the second race.
    assert await pipeline.standings(2) == {"a": 20 * 100_000_000}


async def test_without_any_report_there_is_nothing_to_settle_on(pipeline: Pipeline) -> None:
    race = await pipeline.race()
    pipeline.clock.move(days=2)
    async with pipeline.engine.begin() as connection:
        await tick(connection, pipeline.clock())

    with pytest.raises(NotDue, match="no report came while it ran"):
        await late(pipeline, race)
