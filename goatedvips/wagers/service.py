"""Taking a report's amounts over."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.windows import Period
from goatedvips.players.tier_changes import Rise, note_rises
from goatedvips.upstream.wire import Referral
from goatedvips.wagers.diff import Diff, diff
from goatedvips.wagers.history import Column, History
from goatedvips.wagers.repository import Wagers


@dataclass(frozen=True, slots=True)
class Baseline:
    """Somebody whose `all_time` a report changed, with what it was before: 0 for a newcomer."""

    player_id: int
    all_time: int


@dataclass(frozen=True, slots=True, eq=False)
class TotalsAt:
    """What players had by a run, in units, and the runs that brought it: 0 and 0 for who had no reading."""

    amounts: Column
    reached: Column


async def compare(connection: AsyncConnection, referrals: Sequence[Referral]) -> Diff:
    """Say what these rows change in what is held."""
    held = await Wagers(connection).holdings([referral.uid for referral in referrals])
    return diff(referrals, held)


async def make_room(connection: AsyncConnection, instant: datetime) -> None:
    """Make sure that readings of this instant's month can be stored."""
    await Wagers(connection).make_room(instant)


async def store(
    connection: AsyncConnection, changes: Diff, *, late: Collection[str], run_id: int, as_of: datetime
) -> list[Baseline]:
    """Write the changes of a run; return the earlier total of everybody whose `all_time` they changed.

    `late` are the uids of newcomers whose earlier total nobody knows: they have changed nothing yet.
    """
    wagers = Wagers(connection)
    if changes.newcomers or changes.moves:
        await wagers.make_room(as_of)
    ids = await wagers.add_players(changes.newcomers, late=late, run_id=run_id, as_of=as_of)
    await wagers.move(changes.moves, run_id=run_id, as_of=as_of)
    await wagers.rename(changes.renames, run_id=run_id)
    rises = [Rise(move.player_id, move.before.all_time, move.now.all_time) for move in changes.moves]
    rises += [
        Rise(player_id, None, new.amounts.all_time)
        for player_id, new in zip(ids, changes.newcomers, strict=True)
    ]
    await note_rises(connection, rises, run_id=run_id, as_of=as_of)
    return [
        Baseline(move.player_id, move.before.all_time)
        for move in changes.moves
        if move.before.all_time != move.now.all_time
    ] + [
        Baseline(player_id, 0)
        for player_id, new in zip(ids, changes.newcomers, strict=True)
        if new.amounts.all_time > 0 and new.uid not in late
    ]


async def totals_at(
    connection: AsyncConnection, run_id: int, players: Column, *, period: Period = Period.ALL_TIME
) -> TotalsAt:
    """Return what each of these players had by the report of a run; parallel to the given ids.

    Right within the run's own transaction too, once `store` has written its amounts.
    """
    history = History(connection)
    known = np.unique(players)
    amounts, reached = np.zeros(len(known), np.int64), np.zeros(len(known), np.int64)
    present = await history.unchanged(known, run_id=run_id, period=period)
    slots = np.searchsorted(known, present[:, 0])
    amounts[slots], reached[slots] = present[:, 1], present[:, 2]
    # Nobody has an amount that run 0 brought.
    rest = known[reached == 0]
    as_of = await history.true_for(run_id) if len(rest) else None
    if as_of is not None:
        earlier = await history.back_then(rest, run_id=run_id, as_of=as_of, period=period)
        slots = np.searchsorted(known, earlier[:, 0])
        amounts[slots], reached[slots] = earlier[:, 1], earlier[:, 2]
    given = np.searchsorted(known, players)
    return TotalsAt(amounts[given], reached[given])
