"""Gathers what shows why somebody stands where he does in a race."""

import asyncio
from dataclasses import replace

import numpy as np
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from goatedvips.leaderboards.rebuilding import Rebuilding
from goatedvips.races.evidence import Evidence, Span
from goatedvips.races.explanation import Case, Json, Report, explain, explain_nothing
from goatedvips.races.listing import Listing
from goatedvips.races.views import RaceView
from goatedvips.wagers.service import totals_at

_KEPT = 8
"""Reports whose uids are at hand: 8 MB each at a million players, so that many may be curious at once."""
_WAITING = 16


class Explainer:
    """Explains a player's standing from the races' readings and from the reports themselves."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._listings: Rebuilding[bytes, Listing | None] = Rebuilding(kept=_KEPT, waiting=_WAITING)

    async def explain(self, race: RaceView, player_id: int) -> Json:
        """Explain the standing of somebody whom the boards know, or why he has none."""
        row = race.race
        if row["status"] == "cancelled" or row["start_run_id"] is None:
            return explain_nothing(row)
        async with self._engine.connect() as connection:
            case = await _case(connection, race, player_id)
        return explain(
            replace(
                case,
                listed_at_start=await self._lists(case.start, case.uid),
                listed_at_end=await self._lists(case.end, case.uid),
            )
        )

    async def _lists(self, report: Report, uid: str) -> bool | None:
        """Tell whether a report lists a uid; None if it was let go."""
        sha256 = bytes.fromhex(report.sha256)
        listing = await self._listings.get(sha256, lambda: self._read(sha256))
        return None if listing is None else uid in listing

    async def _read(self, sha256: bytes) -> Listing | None:
        async with self._engine.connect() as connection:
            packed = await Evidence(connection).report(sha256)
        return None if packed is None else await asyncio.to_thread(Listing, packed)


async def _case(connection: AsyncConnection, race: RaceView, player_id: int) -> Case:
    row, evidence = race.race, Evidence(connection)
    # The boards can be a moment behind a race that was just read.
    end_run_id = row["end_run_id"] or max(race.boards.number, row["start_run_id"])
    player = await evidence.player(player_id, race_id=race.id)
    baseline, total, reached = await _counted(connection, race, player_id, end_run_id=end_run_id)
    runs = {
        run_id: _report(run)
        for run_id, run in (
            await evidence.runs({row["start_run_id"], end_run_id, reached, player["first_run_id"]})
        ).items()
    }
    start, end = runs[row["start_run_id"]], runs[end_run_id]
    span = Span(start.run_id, start.as_of, end.run_id, end.as_of)
    falls, last_fall = await evidence.falls(player_id, span, baseline=baseline)
    entry = race.entry_of(player_id)
    return Case(
        race=race,
        player_id=player_id,
        uid=player["goated_id"],
        baseline=baseline,
        total=total,
        excluded=player["excluded"] if entry is None else bool(race.entrants.excluded[entry]),
        start=start,
        end=end,
        reached=runs.get(reached),
        first_listed=runs[player["first_run_id"]],
        is_late=player["is_late"],
        falls=falls,
        last_fall=last_fall,
        renamed=await evidence.renamed(player_id, span),
    )


async def _counted(
    connection: AsyncConnection, race: RaceView, player_id: int, *, end_run_id: int
) -> tuple[int, int, int]:
    """Return from which total somebody starts, what he has, and the run that brought that."""
    entry = race.entry_of(player_id)
    if entry is not None:
        return int(race.entrants.baselines[entry]), int(race.totals[entry]), int(race.reached[entry])
    # His total has not changed since counting began, or he would take part.
    had = await totals_at(connection, end_run_id, np.array([player_id], np.int64))
    return had.amounts.item(), had.amounts.item(), had.reached.item()


def _report(run: RowMapping) -> Report:
    return Report(run["id"], run["as_of"], run["end_time"], bytes(run["report_sha256"]).hex())
