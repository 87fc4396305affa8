"""Whether a settled race is what its records make of it: proofs, rows, readings, raw reports, rules, log."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.audit.service import Act, unattested
from goatedvips.races.errors import RaceNotFound
from goatedvips.races.repository import Races
from goatedvips.races.rules.proof import Finding
from goatedvips.races.settlement import attestation
from goatedvips.races.settlement.attestation import (
    Told,
    attesting,
    excluded_from_all,
    is_younger,
    unfounded,
    unlike_terms,
)
from goatedvips.races.settlement.errors import NotSettled, at
from goatedvips.races.settlement.kept_proof import kept_document
from goatedvips.races.settlement.raw_reports import (
    Boundary,
    Listed,
    listed_alike,
    listed_without_standing,
    opened_report,
    unlisted,
)
from goatedvips.races.settlement.rebuild import (
    AwardKept,
    Rebuilt,
    Standings,
    absent,
    awarded,
    misnamed,
    moved_alike,
    placed,
    unopened,
)
from goatedvips.races.settlement.records import Records

_ATTESTED = {
    "race.ended": "that it ended with run {run}",
    "race.ended_early": "that it was ended early because: {reason}",
    "race.settled": "that it was settled with the proof {proof}",
    "race.corrected": "that version {version} corrects it with the proof {proof}",
}


@dataclass(slots=True)
class RaceVerdict:
    """What a settled race's records say; `findings` are faults, `notes` are none."""

    race_id: int
    name: str
    versions: int = 0
    participants: int = 0
    findings: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


async def settled_races(connection: AsyncConnection) -> list[int]:
    """Return the ids of the races that can be verified."""
    return await Records(connection).settled()


async def verify_race(connection: AsyncConnection, race_id: int) -> RaceVerdict:
    """Look whether a race holds, at one moment of the database; raise `RaceNotFound` or `NotSettled`.

    Everything is named in which the kept proofs, the standings, the awards and the race differ from each
    other, or from what the readings, the boundaries' raw reports and the rules make of them.
    """
    race = await Races(connection).by_id(race_id)
    if race is None:
        raise RaceNotFound(race_id)
    if race["status"] != "completed":
        raise NotSettled(race_id, race["status"])
    verdict = RaceVerdict(race_id, race["name"])
    if race["start_as_of"] is None or race["end_as_of"] is None:
        runs = f"{race['start_run_id']} and {race['end_run_id']}"
        verdict.findings.append(Finding("boundary", f"Of its boundaries, runs {runs}, one is no report."))
        return verdict
    told = await attestation.told(connection, race_id)
    look = _Look(Records(connection), dict(race), verdict, told)
    verdict.findings += await look.boundaries()
    await look.terms(connection)
    acts = [_ending(look.race), *await look.versions()]
    for act in await unattested(connection, acts):
        said = f"The audit log has no entry {_ATTESTED[act.action].format_map(act.details)}"
        if act.action == "race.ended" and await is_younger(connection, race["end_stored_at"]):
            verdict.notes.append(Finding("no_log", f"{said}: it ended before there was a log."))
        else:
            verdict.findings.append(Finding("audit", f"{said}."))
    verdict.findings += await attestation.lost(connection, race_id)
    return verdict


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at one race; counts and notes go into the verdict as they come."""

    records: Records
    race: Mapping[str, Any]
    verdict: RaceVerdict
    told: Told

    async def terms(self, connection: AsyncConnection) -> None:
        """Look whether the race has the terms that it started with."""
        race, verdict = self.race, self.verdict
        if self.told.terms:
            verdict.findings += unlike_terms(race, self.told)
        elif self.told.has_start:
            text = "The audit log has an entry that it started, but not with which terms."
            verdict.notes.append(Finding("no_terms", text))
        # It went live no sooner than it was made.
        elif await is_younger(connection, max(race["start_date"], race["created_at"])):
            text = "It started before there was an audit log, so that nothing attests its terms."
            verdict.notes.append(Finding("no_log", text))
        else:
            verdict.findings.append(Finding("audit", "The audit log has no entry that it started."))

    async def boundaries(self) -> list[Finding]:
        """Look whether the race starts and ends with the runs that it should."""
        race, records, found = self.race, self.records, []
        start, end = race["start_run_id"], race["end_run_id"]
        first = await records.first_run(race["start_date"])
        # Where the race before it was ended early, this one starts from the same report.
        early = race["start_as_of"] < race["start_date"] and await records.ended_before(race)
        if start != first and not early:
            text = f"It starts with run {start}, but the first one since {at(race['start_date'])} is {first}."
            found.append(Finding("start_run", text))
        if not await records.is_completed(end):
            found.append(Finding("end_run", f"It ends with run {end}, which was not completed."))
        if _ended_early(race) and _reason(race) is None:
            text = f"It ends with run {end} of {at(race['end_as_of'])}, before {at(race['end_date'])}"
            found.append(Finding("end_run", f"{text}, and nobody said why."))
        return found

    async def versions(self) -> list[Act]:
        """Look at every version of the result; return what the audit log must attest."""
        race, records = self.race, self.records
        acts, before = [], None
        rebuilt = await records.rebuilt(race["start_as_of"], race["end_as_of"])
        awards = await records.awards(race["id"])
        versions = await records.versions(race["id"])
        for version in versions:
            standings = await records.standings(race["id"], version)
            proof = await records.proof(race["id"], version)
            found = await self._proof(proof, standings)
            found += await self._people(standings)
            found += await asyncio.to_thread(list, placed(race, standings))
            found += awarded(standings, before, awards.pop(version, {}))
            found += await self._readings(standings, rebuilt)
            if version == 1:
                found += await self._exclusions(standings)
            self._add(found, f"Version {version}: ")
            if proof is not None:
                acts.append(_act(proof, before, standings))
            before = standings
        self._add(_beyond(race, versions, awards))
        if before is not None:
            self.verdict.versions, self.verdict.participants = len(versions), len(before)
            self._add(await self._reports(before, rebuilt))
        return acts

    async def _proof(self, proof: Mapping[str, Any] | None, standings: Standings) -> list[Finding]:
        if proof is None:
            return [Finding("no_proof", "it has no proof.")]
        found = await asyncio.to_thread(list, kept_document(proof, self.race, standings))
        if proof["version"] == 1 and proof["created_at"] != self.race["settled_at"]:
            found.append(Finding("settled_at", "its proof was not written when the race was settled."))
        previous = proof["previous_sha256"]
        if proof["series_id"] != self.race["series_id"]:
            text = f"its proof is in the chain of series {proof['series_id']}, not {self.race['series_id']}"
            found.append(Finding("series", f"{text}."))
        if previous is not None:
            followed = await self.records.proof_of(previous)
            if followed is None:
                text = f"its proof follows {previous.hex()}, which is kept no more: the chain is broken"
                found.append(Finding("previous", f"{text}."))
            elif followed.series_id != proof["series_id"]:
                text = f"its proof follows version {followed.version} of race {followed.race_id}"
                found.append(Finding("previous", f"{text}, which is of another series."))
        return found

    async def _people(self, standings: Standings) -> list[Finding]:
        erased = sum(salt is None for salt in standings.salts)
        if erased:
            text = f"{erased:,} of {len(standings):,} were erased, so that nothing opens their commitments."
            self.verdict.notes.append(Finding("erased", text))
        rows = await asyncio.to_thread(unopened, standings)
        names = await self.records.names(standings.player_ids[rows].tolist()) if rows else {}
        return list(misnamed(standings, rows, names))

    async def _readings(self, standings: Standings, rebuilt: Rebuilt) -> list[Finding]:
        missing = rebuilt.player_ids[absent(standings, rebuilt)]
        names = await self.records.names(missing.tolist()) if len(missing) else {}
        return list(moved_alike(standings, rebuilt, names))

    async def _exclusions(self, standings: Standings) -> list[Finding]:
        kept = await self.records.exclusions(self.race["id"], self.race["start_date"])
        self.verdict.notes += excluded_from_all(standings, kept, self.told)
        return list(unfounded(standings, kept, self.told))

    async def _reports(self, standings: Standings, rebuilt: Rebuilt) -> list[Finding]:
        """Hold the newest version against the raw reports; the others have the same totals, or were named."""
        start, end = (Boundary(which, self.race[f"{which}_sha256"]) for which in ("start", "end"))
        columns, found = standings.columns, []
        listed = []
        for boundary, totals in ((start, columns.baselines), (end, columns.totals)):
            problems, said = await self._listed(boundary)
            found += problems
            listed.append(said)
            if said is not None:
                found += listed_alike(boundary, said, standings, totals)
                self.verdict.notes += unlisted(boundary, said, standings, rebuilt)
        if listed[0] is not None and listed[1] is not None:
            found += listed_without_standing(listed[0], listed[1], standings)
        return found

    async def _listed(self, boundary: Boundary) -> tuple[list[Finding], Listed | None]:
        kept = await self.records.report(boundary.sha256)
        if kept is None:
            text = f"The {boundary.which} report {boundary.sha256} is kept no more"
            if not await self._may_be_gone(boundary):
                return [Finding("no_report", f"{text}.")], None
            text = f"{text}: it had come before the race was made. Checked against the readings only."
            self.verdict.notes.append(Finding("no_report", text))
            return [], None
        return await asyncio.to_thread(opened_report, boundary, kept.body, kept.size)

    async def _may_be_gone(self, boundary: Boundary) -> bool:
        """Say whether a report was no boundary's when it came, so that it need not have been kept."""
        stored = await self.records.stored_at(self.race[f"{boundary.which}_run_id"])
        # By the log too, if that tells: it is less easily changed than a row.
        made = min(self.race["created_at"], self.told.started_at or self.race["created_at"])
        return stored is not None and stored < made

    def _add(self, found: Iterable[Finding], before: str = "") -> None:
        for finding in found:
            self.verdict.findings.append(Finding(finding.code, f"{before}{finding.text}"))


def _ended_early(race: Mapping[str, Any]) -> bool:
    """Say whether the last report before the end stands in for the one that did not come."""
    return bool(race["end_as_of"] < race["end_date"])


def _reason(race: Mapping[str, Any]) -> str | None:
    """Return why an administrator did that."""
    reason: str | None = race["metadata"].get("settleReason")
    return reason


def _ending(race: Mapping[str, Any]) -> Act:
    """Return what must have been recorded when the race's end came."""
    subject, reason = f"race:{race['id']}", _reason(race)
    if _ended_early(race) and reason is not None:
        return Act("race.ended_early", subject, {"reason": reason})
    return Act("race.ended", subject, {"run": race["end_run_id"]})


def _act(proof: Mapping[str, Any], before: Standings | None, standings: Standings) -> Act:
    """Return what must have been recorded when a version was written."""
    act = attesting(proof["race_id"], proof["version"], proof["sha256"].hex())
    if before is None:
        return act
    out = np.setdiff1d(_excluded(standings), _excluded(before))
    whom = {"player": int(out[0])} if len(out) == 1 else {}
    return Act(act.action, act.subject, act.details | whom)


def _excluded(standings: Standings) -> Any:  # noqa: ANN401 - numpy's integers
    return standings.player_ids[standings.columns.excluded > 0]


def _beyond(
    race: Mapping[str, Any], versions: Collection[int], awards: Mapping[int, Mapping[int, AwardKept]]
) -> list[Finding]:
    """Name the versions that must not be there."""
    newest = race["result_version"]
    return [
        Finding("version", f"Version {version} is kept, but {newest} is the newest.")
        for version in versions
        if not 1 <= version <= newest
    ] + [
        Finding("award", f"{len(found):,} awards are of version {version}, which is not kept.")
        for version, found in awards.items()
    ]
