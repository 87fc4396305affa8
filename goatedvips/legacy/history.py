"""Taking races over: those that are over into the archive, those to come as races of ours."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.errors import BadInput
from goatedvips.legacy.repository import Imported
from goatedvips.legacy.rules.findings import Finding, Outcome, Refused, RowReport, outcome_of
from goatedvips.legacy.rules.races import (
    ComingRace,
    LegacyParticipant,
    LegacyRace,
    PastParticipant,
    PastRace,
    map_participant,
    map_race,
    refused_race,
)
from goatedvips.legacy.rules.users import Terms
from goatedvips.races.service import create_race

RACES, PARTICIPANTS = "wager_races", "wager_race_participants"


@dataclass(slots=True)
class History:
    """Takes races over."""

    connection: AsyncConnection
    imported: Imported
    terms: Terms
    actor: str
    _archived: set[int] = field(default_factory=set)
    _coming: list[ComingRace] = field(default_factory=list)

    async def archive(self, races: Sequence[LegacyRace]) -> list[RowReport]:
        """Put what is over into the archive; return what became of each row but of races to come."""
        made = await self.imported.taken("race", [race.id for race in races])
        there = await self.imported.archived_races()
        self._archived |= there
        reports = []
        for race in races:
            if race.id in made or race.id in there:
                target = f"race:{made[race.id]}" if race.id in made else None
                reports.append(RowReport(RACES, race.id, Outcome.THERE, target))
                continue
            mapped = map_race(race, self.terms)
            if isinstance(mapped, ComingRace):
                self._coming.append(mapped)
            elif isinstance(mapped, PastRace):
                await self.imported.archive_race(mapped)
                self._archived.add(race.id)
                reports.append(RowReport(RACES, race.id, Outcome.TAKEN))
            else:
                reports.append(_refused(RACES, race.id, mapped))
        return reports

    async def archive_participants(self, people: Sequence[LegacyParticipant]) -> list[RowReport]:
        """Put those into the archive whose race is in it; return what became of each row."""
        there = await self.imported.archived_participants([person.id for person in people])
        reports, kept = [], []
        for person in people:
            if person.id in there:
                reports.append(RowReport(PARTICIPANTS, person.id, Outcome.THERE))
                continue
            mapped = map_participant(person, self._archived)
            if isinstance(mapped, PastParticipant):
                kept.append(mapped)
                outcome = outcome_of(mapped.findings)
                reports.append(RowReport(PARTICIPANTS, person.id, outcome, None, mapped.findings))
            else:
                reports.append(_refused(PARTICIPANTS, person.id, mapped))
        await self.imported.archive_participants(kept)
        return reports

    async def make_coming(self) -> list[RowReport]:
        """Make the races that are to come; return what became of each.

        Last, since each is recorded in the audit log, where whoever else records waits for us.
        """
        return [await self._make(coming) for coming in self._coming]

    async def _make(self, coming: ComingRace) -> RowReport:
        race = coming.race
        same = await self.imported.same_race(race.type, starts_at=race.start_date, ends_at=race.end_date)
        if same is not None:
            finding = Finding(
                "start_date", "race_here", f"race {same} goes from the same start to the same end"
            )
            return RowReport(RACES, coming.id, Outcome.LEFT, f"race:{same}", (finding,))
        try:
            race_id = await create_race(self.connection, race, actor=self.actor, now=self.terms.now)
        except BadInput as error:
            return _refused(RACES, coming.id, refused_race(error.errors))
        await self.imported.remember("race", {coming.id: race_id})
        findings = coming.findings
        return RowReport(RACES, coming.id, outcome_of(findings), f"race:{race_id}", findings)


def _refused(table: str, number: int, mapped: Refused) -> RowReport:
    return RowReport(table, number, Outcome.REFUSED, None, mapped.findings)
