"""Boards as they were, rebuilt from readings."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from goatedvips.kit.clock import Clock
from goatedvips.kit.errors import BadInput
from goatedvips.kit.windows import PERIODS, Period
from goatedvips.leaderboards.board import Board
from goatedvips.leaderboards.boards import Boards, Column, Version, slots_off, with_faces
from goatedvips.leaderboards.errors import NothingKnownYet
from goatedvips.leaderboards.keeper import BoardKeeper
from goatedvips.leaderboards.rebuilding import Rebuilding
from goatedvips.leaderboards.repository import BoardRows
from goatedvips.wagers.service import totals_at

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KEPT = 3
"""Boards of as many moments: some 100 MB each at a million players."""
_WAITING = 16
_AT_ONCE = 50_000
"""Players that are rebuilt in one step: between the steps, other requests are answered."""


class PastBoards:
    """Boards by the run that was newest at a moment. Only players and names of then; links are of now."""

    def __init__(self, keeper: BoardKeeper, engine: AsyncEngine, clock: Clock) -> None:
        self._keeper = keeper
        self._engine = engine
        self._clock = clock
        self._rebuilding: Rebuilding[int, Boards] = Rebuilding(kept=_KEPT, waiting=_WAITING)

    async def at(self, moment: datetime) -> Boards:
        """Return the boards of a moment; raise `BadInput` for the future, `NothingKnownYet` before all."""
        present = self._keeper.boards
        run_id = run_at(present, moment, now=self._clock())
        if run_id == present.number:
            return present
        boards = await self._rebuilding.get(run_id, lambda: self._rebuild(present, run_id))
        return boards if boards.faces is present.faces else with_faces(boards, present.faces)

    async def _rebuild(self, present: Boards, run_id: int) -> Boards:
        async with self._engine.connect() as connection:
            people = await people_at(connection, present, run_id)
            amounts, reached = {}, {}
            for period in PERIODS:
                amounts[period], reached[period] = (
                    present.amounts[period].copy(),
                    present.reached[period].copy(),
                )
                # Who has had his present amount since then needs no look-up, and most people sleep.
                moved = np.flatnonzero(reached[period] > run_id)
                amounts[period][moved], reached[period][moved] = await totals_of(
                    connection, run_id, present.ids[moved], period=period
                )
        return await asyncio.to_thread(_cut, people, amounts, reached)


async def people_at(connection: AsyncConnection, present: Boards, run_id: int) -> Boards:
    """Return boards with the version and the names of a run, but everybody of now and nobody's amounts."""
    rows = BoardRows(connection)
    run = await rows.run(run_id)
    renamed = await rows.names_then(run_id)
    names = present.names.copy()
    for player_id, name in renamed.items():
        slot = present.slot(player_id)
        # A player of a run that these boards do not have yet is not on them.
        if slot is not None:
            names[slot] = name
    version = Version(run["id"], run["as_of"], run["end_time"], tuple(run["metadata"]["marks"]))
    return replace(present, version=version, names=names, amounts={}, reached={}, boards={}, ready={})


def run_at(boards: Boards, moment: datetime, *, now: datetime) -> int:
    """Return the run that was newest at a moment; raise `BadInput` or `NothingKnownYet`.

    To the millisecond, as `asOf` is shown: whoever sends a page's own moment gets that page.
    """
    if moment > now:
        raise BadInput.field("asOf", "lies in the future")
    at = int(np.searchsorted(boards.run_times, (moment - _EPOCH) // timedelta(milliseconds=1), side="right"))
    if at == 0:
        raise NothingKnownYet(boards.run_time(int(boards.run_ids[0])) if len(boards.run_ids) else None)
    return int(boards.run_ids[at - 1])


async def totals_of(
    connection: AsyncConnection, run_id: int, players: Column, *, period: Period = Period.ALL_TIME
) -> tuple[Column, Column]:
    """Return what players had by a run and what brought it, in steps that leave others their turn."""
    amounts, reached = np.zeros_like(players), np.zeros_like(players)
    for at in range(0, len(players), _AT_ONCE):
        part = slice(at, at + _AT_ONCE)
        totals = await totals_at(connection, run_id, players[part], period=period)
        amounts[part], reached[part] = totals.amounts, totals.reached
    return amounts, reached


def _cut(people: Boards, amounts: dict[Period, Column], reached: dict[Period, Column]) -> Boards:
    # Slots are only ever appended: the players of then are the first ones of now.
    size = int(np.count_nonzero(reached[Period.ALL_TIME]))
    ids = people.ids[:size]
    amounts = {period: column[:size] for period, column in amounts.items()}
    reached = {period: column[:size] for period, column in reached.items()}
    runs = int(np.searchsorted(people.run_ids, people.number, side="right"))
    return replace(
        people,
        ids=ids,
        uids=people.uids[:size],
        names=people.names[:size],
        amounts=amounts,
        reached=reached,
        boards={
            period: Board.build(amounts[period], reached[period], ids, off=slots_off(ids, people.faces))
            for period in PERIODS
        },
        run_ids=people.run_ids[:runs],
        run_times=people.run_times[:runs],
    )
