"""Holds the audit log against what it must attest, and that against the log: results, terms, exclusions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.audit.service import Act, unattested
from goatedvips.kit.money import units_to_json
from goatedvips.races.rules.proof import Exclusion, Finding
from goatedvips.races.rules.proof.verdict import named
from goatedvips.races.settlement.rebuild import Standings
from goatedvips.races.terms import UNITS_PER_CENT, as_told

PROOFS = text("SELECT race_id, version, encode(sha256, 'hex') FROM race_proofs ORDER BY race_id, version")
LOST = text("""
    SELECT entry.subject, entry.details ->> 'version' AS version, entry.details ->> 'proof' AS proof
      FROM audit_log AS entry
     WHERE entry.action IN ('race.settled', 'race.corrected')
       AND (CAST(:subject AS text) IS NULL OR entry.subject = :subject)
       AND NOT EXISTS (
           SELECT FROM race_proofs AS kept
            WHERE 'race:' || kept.race_id = entry.subject
              AND CAST(kept.version AS text) = entry.details ->> 'version'
              AND encode(kept.sha256, 'hex') = entry.details ->> 'proof')
     ORDER BY entry.id
""")
EXCLUDED_FROM_ALL = text("""
    SELECT DISTINCT CAST(substring(subject FROM '^player:([0-9]{1,18})$') AS bigint) AS player
      FROM audit_log WHERE action = 'player.excluded' AND subject ~ '^player:[0-9]{1,18}$'
""")
# Whatever odd things a forger may have put there, they must not stop the reading.
TOLD = text("""
    SELECT action,
           CASE WHEN jsonb_typeof(details) = 'object' THEN details ELSE '{}' END AS terms,
           CASE WHEN jsonb_typeof(details -> 'player') = 'number' THEN details -> 'player' END AS player,
           CASE WHEN at BETWEEN '0002-01-01Z' AND '9998-01-01Z' THEN at END AS at
      FROM audit_log
     WHERE subject = :subject
       AND action IN ('race.started', 'race.excluded', 'race.restored', 'race.settled')
     ORDER BY id
""")
IS_YOUNGER = text("SELECT (SELECT at FROM audit_log ORDER BY id LIMIT 1) > :moment")

_CHANGING = {"metadata"}
"""What is no term: it is told with them, but written to when a race is settled or cancelled."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the audit log told of a race before it was settled."""

    terms: Mapping[str, Any]
    """Those it started with; none if no entry has any."""
    has_start: bool
    started_at: datetime | None
    """When the first entry of its start was written."""
    excluded: frozenset[int]
    """Players who were excluded from it, and not restored."""
    excluded_from_all: frozenset[int] = frozenset()
    """Players who were excluded from all races at some time."""


def attesting(race_id: int, version: int, proof: str) -> Act:
    """Return what a version of a result must have an entry of; `proof` is its hash, in hexadecimal."""
    action = "race.settled" if version == 1 else "race.corrected"
    return Act(action, f"race:{race_id}", {"version": version, "proof": proof})


async def verify(connection: AsyncConnection) -> list[str]:
    """Return, in sentences, which results the audit log does not attest, and which of its own are gone."""
    acts = [attesting(*row) for row in await connection.execute(PROOFS)]
    return [
        f"{act.subject}: no entry tells of version {act.details['version']} of its result"
        f" with the proof {act.details['proof']}."
        for act in await unattested(connection, acts)
    ] + [
        f"{subject}: an entry tells of version {version} of its result with the proof {proof},"
        " which is kept no more."
        for subject, version, proof in await connection.execute(LOST, {"subject": None})
    ]


async def lost(connection: AsyncConnection, race_id: int) -> list[Finding]:
    """Name the versions of a race's result that the audit log tells of, and that have no such proof."""
    rows = await connection.execute(LOST, {"subject": f"race:{race_id}"})
    return [
        Finding(
            "lost", f"The audit log tells of version {version} with the proof {proof}, which is not kept."
        )
        for _, version, proof in rows
    ]


async def is_younger(connection: AsyncConnection, moment: datetime) -> bool:
    """Say whether the audit log began after a moment: what was done till then has no entry."""
    return bool(await connection.scalar(IS_YOUNGER, {"moment": moment}))


async def told(connection: AsyncConnection, race_id: int) -> Told:
    """Return what the audit log told of a race before it was settled: what it tells later is too late."""
    terms: Mapping[str, Any] = {}
    starts: list[datetime | None] = []
    excluded: set[int] = set()
    for action, details, player, at in await connection.execute(TOLD, {"subject": f"race:{race_id}"}):
        if action == "race.settled":
            break
        if action == "race.started":
            terms = details or terms
            starts.append(at)
        elif action == "race.excluded":
            excluded.add(player)
        else:
            excluded.discard(player)
    from_all = frozenset((await connection.execute(EXCLUDED_FROM_ALL)).scalars())
    return Told(terms, bool(starts), starts[0] if starts else None, frozenset(excluded), from_all)


def unlike_terms(race: Mapping[str, Any], log: Told) -> Iterator[Finding]:
    """Name each term of a race that differs from what it started with."""
    present = as_told(race)
    if race["min_wager"] % UNITS_PER_CENT:
        present["minWager"] = units_to_json(race["min_wager"])
    for name in dict.fromkeys([*present, *log.terms]):
        was, now = (_shown(values.get(name)) for values in (log.terms, present))
        if name not in _CHANGING and was != now:
            yield Finding("terms", f"Its {name} is {now}, but the audit log has it start with {was}.")


def unfounded(standings: Standings, kept: Mapping[int, bool], log: Told) -> Iterator[Finding]:
    """Hold who takes no place in version 1 against the exclusions and the audit log.

    `kept` has whom an exclusion covers, and whether one is from this race alone.
    """
    ids = standings.player_ids.tolist()
    out = _left_out(standings)
    taking_part = np.setdiff1d(np.arange(len(ids)), out).tolist()
    for wrong, what in (
        ([row for row in out if ids[row] not in kept], "takes no place, but no exclusion of him is kept"),
        (
            [row for row in out if kept.get(ids[row]) and ids[row] not in log.excluded],
            "takes no place, but the audit log has no entry that excludes him",
        ),
        (
            [row for row in taking_part if ids[row] in log.excluded],
            "was excluded by the audit log, but was not left out",
        ),
    ):
        yield from _said(standings, "exclusion", wrong, what)


def excluded_from_all(standings: Standings, kept: Mapping[int, bool], log: Told) -> Iterator[Finding]:
    """Name who takes no place in version 1 since he is excluded from all races, which nothing attests."""
    ids, attested = standings.player_ids.tolist(), log.excluded | log.excluded_from_all
    rows = [row for row in _left_out(standings) if kept.get(ids[row]) is False and ids[row] not in attested]
    what = "takes no place, being excluded from all races, of which the audit log has no entry"
    return _said(standings, "excluded_from_all", rows, what)


def _said(standings: Standings, code: str, rows: Sequence[int], what: str) -> Iterator[Finding]:
    return named(code, rows, lambda row: f"{standings.who(row)} {what}.")


def _left_out(standings: Standings) -> list[int]:
    return np.flatnonzero(standings.columns.excluded == Exclusion.EXCLUDED).tolist()


def _shown(value: object) -> str:
    return "none" if value is None else msgspec.json.encode(value).decode()
