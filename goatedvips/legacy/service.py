"""Taking over what the first system's database holds: in one transaction, and each row once."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import psycopg
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.audit.service import Act, record
from goatedvips.legacy.errors import ChangedMeanwhile, ImportRuns
from goatedvips.legacy.history import PARTICIPANTS, RACES, History
from goatedvips.legacy.people import TABLE as USERS
from goatedvips.legacy.people import People
from goatedvips.legacy.repository import Imported
from goatedvips.legacy.rules.findings import Finding, Outcome, RowReport
from goatedvips.legacy.rules.users import Terms
from goatedvips.legacy.source_repository import FirstSystem
from goatedvips.legacy.tally import Tally, Watcher
from goatedvips.realtime.announce import announce

LOGS = ("transformation_logs", "sync_logs")

Row = TypeVar("Row")

_OF_A_LOG = (Finding("id", "log", "says what another program did; no figure here comes from it"),)


@dataclass(frozen=True, slots=True)
class LegacyImport:
    """Takes one database over into the transaction of a connection."""

    source: FirstSystem
    connection: AsyncConnection
    terms: Terms
    actor: str
    watcher: Watcher
    send_resets: bool = False

    async def run(self) -> Tally:
        """Take over what can be; return what it came to, with every row told to the watcher.

        A repeated run takes nothing twice. Raises `ImportRuns`, `ChangedMeanwhile` or `SourceUnreadable`.
        """
        imported = Imported(self.connection, self.terms.now)
        if not await imported.take_turn():
            raise ImportRuns
        people = People(self.connection, imported, self.terms, self.actor, send_resets=self.send_resets)
        history = History(self.connection, imported, self.terms, self.actor)
        tally = Tally(others=self.source.others)
        try:
            await self._go_through(people, history, tally)
        except IntegrityError as error:
            if isinstance(error.orig, psycopg.errors.UniqueViolation):
                raise ChangedMeanwhile from None
            raise
        tally.resets = people.resets
        if tally.changed:
            await announce(self.connection, "users")
            acts = [*people.acts, Act("legacy.imported", "legacy", tally.as_json())]
            await record(self.connection, acts, actor=self.actor, at=self.terms.now)
        return tally

    async def _go_through(self, people: People, history: History, tally: Tally) -> None:
        source = self.source
        await self._table(USERS, source.users(), people.take, tally=tally)
        await self._table(RACES, source.races(), history.archive, tally=tally)
        await self._table(PARTICIPANTS, source.participants(), history.archive_participants, tally=tally)
        for table in LOGS:
            await self._table(table, source.numbers(table), _Leaving(table), tally=tally)
        # What others wait for comes last: boards' faces, races, the audit log.
        tally.links = await people.link()
        self._tell(await history.make_coming(), tally)

    async def _table(
        self,
        table: str,
        batches: AsyncIterator[list[Row]],
        take: Callable[[list[Row]], Awaitable[list[RowReport]]],
        *,
        tally: Tally,
    ) -> None:
        total, done = await self.source.count(table), 0
        tally.begin(table)
        self.watcher.progress(table, done=done, total=total)
        async for batch in batches:
            self._tell(await take(batch), tally)
            done += len(batch)
            self.watcher.progress(table, done=done, total=total)

    def _tell(self, reports: list[RowReport], tally: Tally) -> None:
        for report in reports:
            tally.add(report)
            self.watcher.row(report)


@dataclass(frozen=True, slots=True)
class _Leaving:
    """Leaves every row of a table where it is."""

    table: str

    async def __call__(self, numbers: list[int]) -> list[RowReport]:
        return [RowReport(self.table, number, Outcome.LEFT, None, _OF_A_LOG) for number in numbers]
