"""Races as they stood, rebuilt from readings."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.kit.clock import Clock
from goatedvips.leaderboards.boards import Boards
from goatedvips.leaderboards.keeper import BoardKeeper
from goatedvips.leaderboards.past import people_at, run_at, totals_of
from goatedvips.leaderboards.rebuilding import Rebuilding
from goatedvips.races.evidence import Evidence
from goatedvips.races.views import Entrants, RaceView, ranked

_KEPT = 3
_WAITING = 16
_LATER_KNOWN = ("cancelReason", "cancelRunId", "settleReason", "overdueSince")
"""What a race's metadata came to hold only when it ended, or failed to."""
_NOBODY = np.zeros((0, 3), np.int64)


class PastRaces:
    """Standings by the report that was newest at a moment, for races that were live then."""

    def __init__(self, boards: BoardKeeper, engine: AsyncEngine, clock: Clock) -> None:
        self._boards = boards
        self._engine = engine
        self._clock = clock
        self._rebuilding: Rebuilding[tuple[int, ...], RaceView] = Rebuilding(kept=_KEPT, waiting=_WAITING)

    async def at(self, race: RaceView, moment: datetime) -> RaceView:
        """Return a race as it stood; the very same once it was settled or cancelled.

        Before its start boundary nobody stands in it. Raises `BadInput` for the future and
        `NothingKnownYet` for the time before the first report.
        """
        present = self._boards.boards
        run_id = run_at(present, moment, now=self._clock())
        row = race.race
        if _is_over(row, moment):
            return race
        then = _as_it_was(row, run_id, moment)
        if then["start_run_id"] is None:
            nobody = Entrants.of(_NOBODY)
            return ranked(then, nobody, nobody.baselines, reached=nobody.baselines, boards=present)
        async with self._engine.connect() as connection:
            state = await Evidence(connection).exclusions_state(race.id, moment)
        key = (race.id, row["version"], run_id, *state)
        stood = await self._rebuilding.get(
            key, lambda: self._rebuild(then, run_id, moment=moment, present=present)
        )
        # Links are of now, whenever the rest was rebuilt.
        return replace(stood, boards=replace(stood.boards, faces=present.faces))

    async def _rebuild(
        self, then: Mapping[str, Any], run_id: int, *, moment: datetime, present: Boards
    ) -> RaceView:
        async with self._engine.connect() as connection:
            counted = then["end_run_id"] or run_id
            rows = await Evidence(connection).entrants_then(then["id"], run_id=counted, moment=moment)
            entrants = Entrants.of(rows)
            people = await people_at(connection, present, run_id)
            totals, reached = await totals_of(connection, counted, entrants.player_ids)
        return await asyncio.to_thread(ranked, then, entrants, totals, reached=reached, boards=people)


def _is_over(row: Mapping[str, Any], moment: datetime) -> bool:
    if row["status"] == "cancelled":
        # Nothing changes a race after it was cancelled.
        return bool(moment >= row["updated_at"])
    return row["settled_at"] is not None and moment >= row["settled_at"]


def _as_it_was(row: Mapping[str, Any], run_id: int, moment: datetime) -> dict[str, Any]:
    then = {
        **row,
        "status": "scheduled" if moment < row["start_date"] else "live",
        "settled_at": None,
        "result_version": 0,
        "metadata": {name: held for name, held in row["metadata"].items() if name not in _LATER_KNOWN},
    }
    ended_early = "settleReason" in row["metadata"]
    if row["end_run_id"] is None or run_id < row["end_run_id"] or ended_early:
        then |= {name: None for name in row if name.startswith("end_") and name != "end_date"}
    if row["start_run_id"] is None or run_id < row["start_run_id"]:
        then |= {name: None for name in row if name.startswith("start_") and name != "start_date"}
    return then
