"""Races become results: once, to the cent, with the proof. Every verb is one transaction of its caller's."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from goatedvips.audit.service import Act, record
from goatedvips.kit.clock import Clock
from goatedvips.kit.errors import BadInput
from goatedvips.kit.instants import rfc3339
from goatedvips.kit.money import format_cents
from goatedvips.kit.postgres import first_words
from goatedvips.leaderboards.boards import no_boards
from goatedvips.ledger.accounts import OPERATOR, owed, pool
from goatedvips.ledger.service import Transfer, post
from goatedvips.outbox.service import Event, tell
from goatedvips.races.errors import RaceNotFound
from goatedvips.races.repository import Races
from goatedvips.races.rules.lifecycle import SETTLING_DEADLINE
from goatedvips.races.rules.proof import Columns
from goatedvips.races.settlement.errors import NotDue, at
from goatedvips.races.settlement.late_endings import LateEndings
from goatedvips.races.settlement.repository import Award, Results, Winners
from goatedvips.races.settlement.writing import Result, people_of_race, write
from goatedvips.races.views import Entrants, RaceView, ranked
from goatedvips.realtime.announce import announce
from goatedvips.wagers.service import totals_at

log = structlog.get_logger(__name__)


async def settle_due(engine: AsyncEngine, clock: Clock, *, actor: str = "worker") -> list[int]:
    """Settle every race that has ended, in the order of their ends, each in a transaction of its own.

    Whoever has the turn does it; for everybody else there is nothing to do. What is wrong with one race
    is told to an administrator and holds up no other; only a lost database is raised.
    """
    done: list[int] = []
    failed: list[int] = []
    while True:
        race_id = None
        try:
            async with engine.begin() as connection:
                results = Results(connection)
                if not await results.take_turn(wait=False):
                    return done
                race = await results.next_due(but=failed)
                if race is None:
                    return done
                race_id = int(race["id"])
                await _settle(connection, race, now=clock(), actor=actor)
        except Exception as error:
            if race_id is None or getattr(error, "connection_invalidated", False):
                raise
            if isinstance(error, OperationalError):
                log.warning("settlement.failed", race_id=race_id, error=first_words(error))
            else:
                log.exception("settlement.failed", race_id=race_id)
            failed.append(race_id)
            await _tell_of_failure(engine, race_id, error, now=clock())
        else:
            log.info("race.settled", race_id=race_id)
            done.append(race_id)


async def _tell_of_failure(engine: AsyncEngine, race_id: int, error: Exception, *, now: datetime) -> None:
    facts = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
    event = Event(f"race.unsettled:{race_id}", "race.unsettled", f"race:{race_id}", facts)
    async with engine.begin() as connection:
        await tell(connection, event, now=now)


async def settle(connection: AsyncConnection, race_id: int, *, now: datetime, actor: str) -> bool:
    """Settle one race; return False if it is settled already. Raise `RaceNotFound` or `NotDue`."""
    results = Results(connection)
    await results.take_turn(wait=True)
    race = await results.next_due(only=race_id)
    if race is None:
        return await _why_not(connection, race_id, now=now)
    await _settle(connection, race, now=now, actor=actor)
    return True


async def settle_late(
    connection: AsyncConnection, race_id: int, *, reason: str, now: datetime, actor: str
) -> bool:
    """Settle a race, whose last report is overdue, with the last one before it; False if it is settled.

    The race that follows it in its series starts from the same report, so that nothing is lost between.
    Raise `BadInput` without a reason, `RaceNotFound`, or `NotDue` before the deadline.
    """
    if not reason.strip():
        raise BadInput.field("reason", "say why the race is settled without its last report")
    results = Results(connection)
    await results.take_turn(wait=True)
    await Races(connection).hold_still()
    ended = await LateEndings(connection).end_early(
        race_id, reason=reason.strip(), overdue=now - SETTLING_DEADLINE, now=now
    )
    race = await results.next_due(only=race_id)
    if race is None:
        return await _why_not(connection, race_id, now=now)
    acts = [Act("race.ended_early", f"race:{race_id}", {"reason": reason.strip()})] if ended else []
    await _settle(connection, race, now=now, actor=actor, acts=acts)
    return True


async def mark_overdue(connection: AsyncConnection, *, now: datetime) -> list[Act]:
    """Tell an administrator, once each, of the races whose last report is overdue; return what to record."""
    acts = []
    for race in await LateEndings(connection).mark_overdue(now - SETTLING_DEADLINE, now):
        subject, details = f"race:{race['id']}", {"name": race["name"], "ended": rfc3339(race["end_date"])}
        await tell(connection, Event(f"race.overdue:{race['id']}", "race.overdue", subject, details), now=now)
        acts.append(Act("race.overdue", subject, details))
    return acts


async def _why_not(connection: AsyncConnection, race_id: int, *, now: datetime) -> bool:
    """Say why there is nothing to settle: False for a settled race, else an error."""
    race = await Races(connection).by_id(race_id)
    if race is None:
        raise RaceNotFound(race_id)
    if race["status"] == "completed":
        return False
    if race["status"] == "cancelled":
        raise NotDue(race_id, "it was cancelled")
    if race["end_date"] > now:
        raise NotDue(race_id, f"it ends at {at(race['end_date'])}")
    if race["start_run_id"] is None:
        raise NotDue(race_id, "no report came while it ran; wait for one, or cancel it")
    deadline = race["end_date"] + SETTLING_DEADLINE
    wait = f"wait for it until {at(deadline)}" if deadline > now else "it may be settled on the last one"
    raise NotDue(race_id, f"no report has come since its end at {at(race['end_date'])}; {wait}")


async def _ranked(connection: AsyncConnection, race: Mapping[str, Any]) -> RaceView:
    """Rank a race by its end boundary; whoever is excluded is so by the query that says who takes part."""
    entrants = Entrants.of(await Races(connection).entrants(race["id"]))
    ended = await totals_at(connection, race["end_run_id"], entrants.player_ids)
    return await asyncio.to_thread(
        ranked, dict(race), entrants, ended.amounts, reached=ended.reached, boards=no_boards()
    )


async def _settle(
    connection: AsyncConnection,
    race: Mapping[str, Any],
    *,
    now: datetime,
    actor: str,
    acts: Sequence[Act] = (),
) -> None:
    results, race_id = Results(connection), race["id"]
    # Another machine's clock may be ahead of ours; nothing is settled before its last report was asked for.
    now = max(now, race["end_date"], race["end_as_of"])
    view = await _ranked(connection, race)
    columns = Columns(
        baselines=view.entrants.baselines,
        totals=view.totals,
        reached=view.reached,
        positions=view.places.positions,
        prizes=view.prizes,
        excluded=view.entrants.excluded.astype(np.int8),
    )
    result = Result(race, 1, view.entrants.player_ids, columns)
    sha256 = await write(results, result, people_of_race(results, race_id), now=now)
    winners = np.flatnonzero(view.prizes)
    awards = await results.add_awards(
        race_id,
        1,
        winners=Winners(result.player_ids[winners], columns.positions[winners], columns.prizes[winners]),
        now=now,
    )
    await post(connection, _postings(race_id, race["prize_pool"], awards), at=now)
    if not await results.complete(race_id, now):
        raise NotDue(race_id, "somebody else settled it")
    facts = {
        "version": 1,
        "proof": sha256.hex(),
        "endRun": race["end_run_id"],
        "awards": len(awards),
        "owed": format_cents(sum(award.amount for award in awards)),
    }
    subject = f"race:{race_id}"
    await tell(
        connection,
        Event(f"race.completed:{race_id}", "race.completed", subject, facts | {"name": race["name"]}),
        now=now,
    )
    await announce(connection, subject)
    await record(connection, [*acts, Act("race.settled", subject, facts)], actor=actor, at=now)


def _postings(race_id: int, pool_cents: int, awards: Collection[Award]) -> list[Transfer]:
    """Fund the pool, owe the awards from it, and give back what no place took."""
    rest = pool_cents - sum(award.amount for award in awards)
    transfers = [
        Transfer(f"race:{race_id}:1:pool", OPERATOR, pool(race_id), pool_cents),
        *owing(race_id, awards),
        Transfer(f"race:{race_id}:1:returned", pool(race_id), OPERATOR, rest),
    ]
    return [transfer for transfer in transfers if transfer.amount]


def owing(race_id: int, awards: Collection[Award]) -> list[Transfer]:
    """Owe awards from a race's pool."""
    return [
        Transfer(f"award:{award.id}:owed", pool(race_id), owed(award.id), award.amount) for award in awards
    ]
