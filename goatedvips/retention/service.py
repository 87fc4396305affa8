"""Letting go what is kept no longer: by whole partitions, or row by row in small transactions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

import structlog
from psycopg.errors import DeadlockDetected, ForeignKeyViolation, LockNotAvailable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from goatedvips.audit.service import Act, record
from goatedvips.kit.clock import Clock
from goatedvips.kit.partitions import Dropped, drop_room, hurry, old_days, take_turn
from goatedvips.kit.postgres import first_words
from goatedvips.retention.repository import Leftovers
from goatedvips.retention.rules import Rule

log = structlog.get_logger(__name__)

LOGS_BY_THE_DAY: tuple[Dropped, ...] = get_args(Dropped)
"""Logs whose every day is a partition of its own."""

_PUT_OFF = (LockNotAvailable, DeadlockDetected, ForeignKeyViolation)
"""Somebody else was there at that moment: what is due is due in an hour as well."""


@dataclass(frozen=True, slots=True)
class Gone:
    """What went by a rule, or would go: rows, or days where whole partitions do."""

    rule: Rule
    before: datetime
    count: int = 0
    is_put_off: bool = False
    """Whether some stayed because they were being used."""
    is_done: bool = True
    """Whether there was time for all of it."""

    @property
    def unit(self) -> Literal["days", "rows"]:
        """What is counted."""
        return "days" if self.rule.by_the_day else "rows"


@dataclass(frozen=True, slots=True)
class Retention:
    """Keeps to the rules. Its engine acts as the program itself."""

    engine: AsyncEngine
    clock: Clock
    rules: Sequence[Rule]

    async def look(self) -> list[Gone]:
        """Return what would go now; nothing goes."""
        now = self.clock()
        async with self.engine.connect() as connection:
            return [
                Gone(rule, rule.before(now), await _count(connection, rule, rule.before(now)))
                for rule in self.rules
            ]

    async def tidy(self, *, actor: str, until: datetime | None = None) -> list[Gone]:
        """Let go all that is due now, however long nobody did; return what went.

        At `until` it stops between two transactions: the next call goes on there.
        """
        now = self.clock()
        gone = [await self._follow(rule, now, actor=actor, until=until) for rule in self.rules]
        if counts := {each.rule.table: each.count for each in gone if each.count}:
            log.info("retention.tidied", **counts)
        return gone

    async def _follow(self, rule: Rule, now: datetime, *, actor: str, until: datetime | None) -> Gone:
        gone, more = Gone(rule, rule.before(now)), True
        while more:
            if until is not None and self.clock() >= until:
                return replace(gone, is_done=False)
            try:
                async with self.engine.begin() as connection:
                    count, more = await _let_go(connection, rule, gone.before, actor=actor, now=now)
            except DBAPIError as error:
                if not isinstance(error.orig, _PUT_OFF):
                    raise
                log.info("retention.put_off", table=rule.table, error=first_words(error))
                return replace(gone, is_put_off=True)
            gone = replace(gone, count=gone.count + count)
        return gone


async def _count(connection: AsyncConnection, rule: Rule, before: datetime) -> int:
    if rule.by_the_day:
        return len(await old_days(connection, _parent(rule), before.date()))
    if rule.table == "users":
        return await Leftovers(connection).count_lapsed(before)
    return await Leftovers(connection).count(rule.table, before)


async def _let_go(
    connection: AsyncConnection, rule: Rule, before: datetime, *, actor: str, now: datetime
) -> tuple[int, bool]:
    """Let go as much as one transaction should; return how much, and whether there may be more."""
    if rule.by_the_day:
        return await _drop_day(connection, rule, before)
    if rule.table == "users":
        count = await _lapse(connection, rule, before, actor=actor, now=now)
    else:
        count = await Leftovers(connection).delete(rule.table, before, many=rule.at_once)
    return count, count == rule.at_once


async def _drop_day(connection: AsyncConnection, rule: Rule, before: datetime) -> tuple[int, bool]:
    """Drop the oldest day, if no reader must wait long for it."""
    if not await take_turn(connection, _parent(rule)):
        return 0, False  # another worker is at it
    days = await old_days(connection, _parent(rule), before.date())
    if not days:
        return 0, False
    await hurry(connection)
    return len(await drop_room(connection, _parent(rule), days[0])), len(days) > 1


async def _lapse(
    connection: AsyncConnection, rule: Rule, before: datetime, *, actor: str, now: datetime
) -> int:
    """Remove accounts that nobody ever used, so that their names and addresses are free again."""
    leftovers = Leftovers(connection)
    lapsed = await leftovers.lock_lapsed(before, many=rule.at_once)
    if lapsed:
        await leftovers.remove(lapsed)
        await record(
            connection, [Act("user.lapsed", f"user:{user_id}", {}) for user_id in lapsed], actor=actor, at=now
        )
    return len(lapsed)


def _parent(rule: Rule) -> Dropped:
    return next(parent for parent in LOGS_BY_THE_DAY if parent == rule.table)
