"""Holds the audit log against what it must attest: every result has its entry, with the hash of its proof."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.audit.service import Act, unattested

PROOFS = text("SELECT race_id, version, encode(sha256, 'hex') FROM race_proofs ORDER BY race_id, version")


def attesting(race_id: int, version: int, proof: str) -> Act:
    """Return what a version of a result must have an entry of; `proof` is its hash, in hexadecimal."""
    action = "race.settled" if version == 1 else "race.corrected"
    return Act(action, f"race:{race_id}", {"version": version, "proof": proof})


async def verify(connection: AsyncConnection) -> list[str]:
    """Return, in sentences, which results the audit log does not attest."""
    acts = [attesting(*row) for row in await connection.execute(PROOFS)]
    return [
        f"{act.subject}: no entry tells of version {act.details['version']} of its result"
        f" with the proof {act.details['proof']}."
        for act in await unattested(connection, acts)
    ]
