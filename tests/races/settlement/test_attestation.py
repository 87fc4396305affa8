"""A result without its entry in the audit log is found, and an entry without its result."""

import psycopg
import pytest

from goatedvips.races.settlement import attestation
from goatedvips.races.settlement.correction import take_away
from goatedvips.races.settlement.service import settle_due
from tests.pipeline import Pipeline, row


async def settled(pipeline: Pipeline) -> int:
    """Let a race pass that a wins, before b."""
    race = await pipeline.race()
    await pipeline.pull(row("a", "1"), row("b", "1"))
    await pipeline.pull(row("a", "9"), row("b", "5"))
    await pipeline.pull(days=1)
    await settle_due(pipeline.engine, pipeline.clock)
    return race


async def corrected(pipeline: Pipeline, race: int) -> None:
    """Take it from a."""
    async with pipeline.engine.begin() as connection:
        ((player,),) = await pipeline.fetch("SELECT id FROM players WHERE goated_id = 'a'")
        await take_away(connection, race, player, reason="cheated", actor="test", now=pipeline.clock())


async def test_every_version_of_a_result_is_attested_until_its_entry_is_taken_away(
    pipeline: Pipeline, forger: psycopg.Connection
) -> None:
    await corrected(pipeline, await settled(pipeline))
    async with pipeline.engine.connect() as connection:
        assert await attestation.verify(connection) == []

    forger.execute("DELETE FROM audit_log WHERE action = 'race.corrected'")

    async with pipeline.engine.connect() as connection:
        (finding,) = await attestation.verify(connection)
    assert finding.startswith("race:1: no entry tells of version 2 of its result with the proof ")


async def test_a_race_that_was_wholly_taken_away_is_found(
    pipeline: Pipeline, forger: psycopg.Connection
) -> None:
    race = await settled(pipeline)
    await corrected(pipeline, race)
    proofs = await pipeline.fetch("SELECT encode(sha256, 'hex') FROM race_proofs ORDER BY version")

    for table in ("race_awards", "race_standings", "race_proofs", "wager_race_participants", "wager_races"):
        forger.execute(f"DELETE FROM {table}".encode())

    async with pipeline.engine.connect() as connection:
        assert await attestation.verify(connection) == [
            f"race:{race}: an entry tells of version {version} of its result with the proof {proof},"
            " which is kept no more."
            for version, (proof,) in enumerate(proofs, 1)
        ]


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM race_proofs WHERE version = 2",
        "UPDATE race_proofs SET version = 3 WHERE version = 2",
        "UPDATE race_proofs SET race_id = 7 WHERE version = 2",
        "UPDATE race_proofs SET sha256 = sha256('other') WHERE version = 2",
    ],
)
async def test_a_correction_whose_proof_is_not_its_own_any_more_is_found(
    pipeline: Pipeline, forger: psycopg.Connection, change: str
) -> None:
    race = await settled(pipeline)
    await corrected(pipeline, race)
    forger.execute(change.encode())

    async with pipeline.engine.connect() as connection:
        found = await attestation.verify(connection)
        named = await attestation.lost(connection, race)

    assert [text for text in found if text.startswith(f"race:{race}: an entry tells of version 2 of its ")]
    assert [finding.text.partition(" with ")[0] for finding in named] == ["The audit log tells of version 2"]
