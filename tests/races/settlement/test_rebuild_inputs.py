"""What a settlement goes by, terms, exclusions and boundaries, is held against the audit log."""

from datetime import timedelta

import psycopg
import pytest

from goatedvips.races.settlement.exclusion import exclude, restore
from goatedvips.races.settlement.service import settle_due
from goatedvips.races.settlement.verification import RaceVerdict, verify_race
from goatedvips.retention.rules import rules
from goatedvips.retention.service import Retention
from tests.pipeline import Pipeline, row

Forger = psycopg.Connection
TABLE = [{"place": 1, "amount": "60"}, {"place": 2, "amount": "40"}]


async def running(pipeline: Pipeline, **terms: object) -> int:
    """Start a race that ann leads, with 9 dollars, before bob and cyd with 5 and 2."""
    race = await pipeline.race(prizes=TABLE, **terms)
    await pipeline.pull(row("ann", "1"), row("bob", "1"), row("cyd", "1"), minutes=1)
    await pipeline.pull(row("ann", "10"), row("bob", "6"), row("cyd", "3"))
    return race


async def settled(pipeline: Pipeline) -> None:
    await pipeline.pull(days=1)
    assert await settle_due(pipeline.engine, pipeline.clock)


async def verified(pipeline: Pipeline, race_id: int) -> RaceVerdict:
    async with pipeline.engine.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        return await verify_race(connection, race_id)


async def told(pipeline: Pipeline, race_id: int) -> tuple[list[str], list[str]]:
    """Return the findings, and the notes."""
    verdict = await verified(pipeline, race_id)
    return [found.text for found in verdict.findings], [note.text for note in verdict.notes]


async def keep_out(pipeline: Pipeline, race_id: int, uid: str, *, again: bool = False) -> None:
    """Exclude a player by the verb for that, or let him in again."""
    verb = restore if again else exclude
    ((player,),) = await pipeline.fetch("SELECT id FROM players WHERE goated_id = :uid", uid=uid)
    async with pipeline.engine.begin() as connection:
        await verb(connection, race_id, player, reason="a test", actor="test", now=pipeline.clock())


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            """prizes = '[{"place": 1, "percent": "100"}]'""",
            'prizes is [{"place":1,"percent":"100"}], but the audit log has it start with [{"place":1,"am',
        ),
        ("prize_pool = 20000", 'prizePool is "200.00", but the audit log has it start with "100.00".'),
        ("min_wager = 700000000", 'minWager is "7.00", but the audit log has it start with "0.00".'),
        ("min_wager = 1", 'minWager is "0.00000001", but the audit log has it start with "0.00".'),
        ("tie_policy = 'shared'", 'tiePolicy is "shared", but the audit log has it start with "first_to'),
        ("reject_policy = 'move_up'", 'rejectPolicy is "move_up", but the audit log has it start with "forf'),
        ("name = 'Other'", 'name is "Other", but the audit log has it start with "Race".'),
        ("type = 'daily'", 'type is "daily", but the audit log has it start with "special".'),
        ("timezone = 'Asia/Tokyo'", 'timezone is "Asia/Tokyo", but the audit log has it start with "UTC".'),
        (
            "end_date = end_date - interval '1 hour'",
            'endDate is "2025-03-27T11:00:00Z", but the audit log has it start with "2025-03-27T12:00:00Z".',
        ),
        (
            "start_date = start_date + interval '1 second'",
            'startDate is "2025-03-26T12:00:01Z", but the audit log has it start with "2025-03-26T12:00:00Z"',
        ),
    ],
)
async def test_terms_that_were_changed_before_the_settlement_are_named(
    pipeline: Pipeline, change: str, expected: str
) -> None:
    race = await running(pipeline)
    await pipeline.execute(f"UPDATE wager_races SET {change}")
    await settled(pipeline)

    ((found,), notes) = await told(pipeline, race)

    assert found.startswith(f"Its {expected}")
    assert notes == []


async def test_what_the_log_tells_of_a_start_after_the_settlement_is_too_late(
    pipeline: Pipeline, forger: Forger
) -> None:
    race = await running(pipeline)
    await pipeline.execute("UPDATE wager_races SET prize_pool = 20000")
    await settled(pipeline)
    forger.execute(
        'INSERT INTO audit_log SELECT 99, at, actor, action, subject, details || \'{"prizePool": "200.00"}\','
        " sha256('98'), sha256('99') FROM audit_log WHERE action = 'race.started'"
    )

    found, _ = await told(pipeline, race)

    assert found == ['Its prizePool is "200.00", but the audit log has it start with "100.00".']


async def test_a_race_that_started_before_the_log_knew_terms_is_noted(
    pipeline: Pipeline, forger: Forger
) -> None:
    race = await running(pipeline)
    await settled(pipeline)
    forger.execute("UPDATE audit_log SET details = '{}' WHERE action = 'race.started'")

    assert await told(pipeline, race) == (
        [],
        ["The audit log has an entry that it started, but not with which terms."],
    )


async def test_a_race_whose_start_has_no_entry_is_named(pipeline: Pipeline, forger: Forger) -> None:
    race = await running(pipeline)
    await settled(pipeline)
    forger.execute("DELETE FROM audit_log WHERE action = 'race.started'")

    assert await told(pipeline, race) == (["The audit log has no entry that it started."], [])


async def test_a_race_that_ended_before_there_was_a_log_is_noted(pipeline: Pipeline, forger: Forger) -> None:
    race = await running(pipeline)
    await settled(pipeline)
    forger.execute("DELETE FROM audit_log WHERE action <> 'race.settled'")
    forger.execute("UPDATE audit_log SET at = at + interval '1 second'")
    forger.execute("UPDATE wager_races SET created_at = start_date")

    assert await told(pipeline, race) == (
        [],
        [
            "It started before there was an audit log, so that nothing attests its terms.",
            "The audit log has no entry that it ended with run 3: it ended before there was a log.",
        ],
    )


async def test_a_race_whose_end_has_no_entry_though_there_was_a_log_is_named(
    pipeline: Pipeline, forger: Forger
) -> None:
    race = await running(pipeline)
    await settled(pipeline)
    forger.execute("DELETE FROM audit_log WHERE action = 'race.ended'")

    assert await told(pipeline, race) == (["The audit log has no entry that it ended with run 3."], [])


async def test_who_is_excluded_and_restored_as_it_should_be_is_no_fault(pipeline: Pipeline) -> None:
    race = await running(pipeline)
    await keep_out(pipeline, race, "ann")
    await keep_out(pipeline, race, "bob")
    await keep_out(pipeline, race, "bob", again=True)
    await settled(pipeline)
    await keep_out(pipeline, race, "cyd")

    assert await told(pipeline, race) == ([], [])


EXCLUSION = (
    "INSERT INTO exclusions (player_id, race_id, kind, reason, created_by, created_at)"
    " SELECT players.id, {race}, {kind}, 'because', 'nobody', start_date"
    " FROM players, wager_races WHERE goated_id = 'ann'"
)


@pytest.mark.parametrize("kind", ["manual", "staff"])
async def test_an_exclusion_from_a_race_that_the_log_does_not_tell_of_is_named(
    pipeline: Pipeline, kind: str
) -> None:
    race = await running(pipeline)
    await pipeline.execute(EXCLUSION.format(race="wager_races.id", kind=f"'{kind}'"))
    await settled(pipeline)

    assert await told(pipeline, race) == (
        ["Version 1: ann (player 1) takes no place, but the audit log has no entry that excludes him."],
        [],
    )


async def test_an_exclusion_from_all_races_that_the_log_does_not_tell_of_is_noted(
    pipeline: Pipeline, forger: Forger
) -> None:
    race = await running(pipeline)
    await pipeline.execute(EXCLUSION.format(race="NULL", kind="'banned'"))
    await settled(pipeline)

    assert await told(pipeline, race) == (
        [],
        [
            (
                "ann (player 1) takes no place, being excluded from all races,"
                " of which the audit log has no entry."
            )
        ],
    )
    forger.execute("UPDATE exclusions SET until = created_at")
    assert await told(pipeline, race) == (
        ["Version 1: ann (player 1) takes no place, but no exclusion of him is kept."],
        [],
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("DELETE FROM exclusions", "takes no place, but no exclusion of him is kept."),
        ("UPDATE exclusions SET lifted_at = now()", "takes no place, but no exclusion of him is kept."),
        (
            "DELETE FROM audit_log WHERE action = 'race.excluded'",
            "takes no place, but the audit log has no entry that excludes him.",
        ),
    ],
)
async def test_an_exclusion_that_was_taken_away_after_the_settlement_is_named(
    pipeline: Pipeline, forger: Forger, change: str, expected: str
) -> None:
    race = await running(pipeline)
    await keep_out(pipeline, race, "ann")
    await settled(pipeline)
    forger.execute(change.encode())

    assert await told(pipeline, race) == ([f"Version 1: ann (player 1) {expected}"], [])


async def test_an_exclusion_that_was_taken_away_before_the_settlement_is_named(pipeline: Pipeline) -> None:
    race = await running(pipeline)
    await keep_out(pipeline, race, "ann")
    await pipeline.execute("DELETE FROM exclusions")
    await settled(pipeline)

    assert await told(pipeline, race) == (
        ["Version 1: ann (player 1) was excluded by the audit log, but was not left out."],
        [],
    )


async def test_nothing_odd_in_the_log_stops_the_look(pipeline: Pipeline, forger: Forger) -> None:
    race = await running(pipeline)
    await settled(pipeline)
    forger.execute(
        "INSERT INTO audit_log SELECT id + 100, 'infinity', actor, 'race.excluded', subject,"
        " '{\"player\": [1]}', sha256('98'), sha256('99') FROM audit_log WHERE action = 'race.started'"
    )
    forger.execute("UPDATE audit_log SET at = 'infinity', details = '[1]' WHERE action = 'race.started'")

    assert await told(pipeline, race) == (
        [],
        ["The audit log has an entry that it started, but not with which terms."],
    )


async def test_a_report_that_was_let_go_before_the_race_was_made_is_noted(pipeline: Pipeline) -> None:
    began = pipeline.clock()
    await pipeline.pull(row("ann", "1"), row("bob", "1"))
    await pipeline.pull(row("ann", "2"), row("bob", "4"), days=20)
    ((sha256,),) = await pipeline.fetch("SELECT encode(report_sha256, 'hex') FROM sync_logs WHERE id = 1")
    gone = await Retention(pipeline.engine, pipeline.clock, rules(timedelta(days=14))).tidy(actor="test")
    assert {each.rule.table: each.count for each in gone}["feed_reports"] == 1
    race = await pipeline.race(start_date=began)
    await settled(pipeline)

    assert await told(pipeline, race) == (
        [],
        [
            (
                f"The start report {sha256} is kept no more: it had come before the race was made."
                " Checked against the readings only."
            )
        ],
    )


@pytest.mark.parametrize("run", [1, 3])
async def test_a_report_that_came_after_the_race_was_made_must_be_there(
    pipeline: Pipeline, forger: Forger, run: int
) -> None:
    race = await running(pipeline)
    await settled(pipeline)
    forger.execute("DELETE FROM feed_reports USING sync_logs WHERE sha256 = report_sha256 AND id = %s", [run])
    forger.execute("DELETE FROM audit_log WHERE action = 'race.started'")
    forger.execute("UPDATE wager_races SET created_at = start_date")

    (_, text), _ = await told(pipeline, race)

    assert text.startswith(f"The {'start' if run == 1 else 'end'} report ")
    assert text.endswith(" is kept no more.")


async def test_a_row_that_says_it_was_made_later_excuses_no_missing_report(
    pipeline: Pipeline, forger: Forger
) -> None:
    race = await running(pipeline)
    await settled(pipeline)
    forger.execute("DELETE FROM feed_reports USING sync_logs WHERE sha256 = report_sha256 AND id = 1")
    forger.execute("UPDATE wager_races SET created_at = settled_at")

    (found,), notes = await told(pipeline, race)

    assert found.startswith("The start report ")
    assert notes == []
