"""Keeps this process's views of races: the running ones always, the others when asked for."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.errors import NotReady
from goatedvips.leaderboards.boards import Boards
from goatedvips.races.catalogue import Catalogue
from goatedvips.races.errors import RaceNotFound
from goatedvips.races.repository import Races
from goatedvips.races.settlement.repository import Results
from goatedvips.races.views import Entrants, RaceView, ranked, running, settled
from goatedvips.wagers.service import totals_at

_MOST_KEPT = 64
"""Views of races that no longer move: a visitor looks at this month's and the last few."""
_MOST_ENTRANTS = 2_000_000
"""Entrants in all of them: some 200 MB."""
_NOBODY = np.zeros((0, 3), np.int64)


class RaceKeeper:
    """Holds the running races at the version of the boards it was last given."""

    def __init__(self) -> None:
        self._running: dict[int, RaceView] = {}
        self._others: OrderedDict[int, RaceView] = OrderedDict()
        self._list_version = -1
        self._boards: Boards | None = None

    @property
    def running(self) -> Mapping[int, RaceView]:
        """The live races whose end boundary is still to come, by id."""
        return self._running

    @property
    def list_version(self) -> int:
        """A number that rises with every change of any race."""
        return self._list_version

    async def refresh(self, connection: AsyncConnection, boards: Boards) -> None:
        """Take the running races to the version of these boards, which the same snapshot gave."""
        races = Races(connection)
        version = await Catalogue(connection).list_version()
        made: dict[int, RaceView] = {}
        for race in await races.running():
            held = self._running.get(race["id"])
            if held is not None and held.race["version"] == race["version"]:
                if held.boards is boards:
                    made[race["id"]] = held
                    continue
                joined = await races.entrants(race["id"], after=held.boards.number)
                entrants = held.entrants.joined_by(joined)
            else:
                # A new start boundary, or somebody was excluded or let in again.
                entrants = Entrants.of(await races.entrants(race["id"]))
            made[race["id"]] = await asyncio.to_thread(running, dict(race), entrants, boards)
        if version != self._list_version:
            self._others.clear()
        for race_id, other in self._others.items():
            # Names are of the present boards; the boards of long ago must not be kept for them.
            self._others[race_id] = replace(other, boards=boards, ready={}, sent={})
        self._running, self._list_version, self._boards = made, version, boards

    async def get(self, race_id: int, *, connection: AsyncConnection, boards: Boards) -> RaceView:
        """Return a race that is not running; raise `RaceNotFound`."""
        held = self._others.get(race_id)
        if held is not None:
            self._others.move_to_end(race_id)
            return held
        version = self._list_version
        made = await self.load(race_id, connection=connection, boards=boards)
        if version != self._list_version or self._boards is not boards:
            # Something changed while we read: right for this answer, not to be kept.
            return made
        if made.race["status"] != "live" or made.frozen:
            self._others[race_id] = made
            while len(self._others) > 1 and (
                len(self._others) > _MOST_KEPT
                or sum(len(other.totals) for other in self._others.values()) > _MOST_ENTRANTS
            ):
                self._others.popitem(last=False)
        return made

    async def load(self, race_id: int, *, connection: AsyncConnection, boards: Boards) -> RaceView:
        """Read a race from the database, whatever is kept; raise `RaceNotFound`.

        Raise `NotReady` if somebody stands in its result whom these boards do not know yet.
        """
        races = Races(connection)
        race = await races.by_id(race_id)
        if race is None:
            raise RaceNotFound(race_id)
        if race["status"] == "completed":
            results = Results(connection)
            standings = await results.standings(race_id, race["result_version"])
            if not np.isin(standings[:, 0], boards.ids).all():
                raise NotReady("The newest report is just being taken in; try again in a few seconds.")
            names = await results.names(race_id, race["result_version"])
            return await asyncio.to_thread(settled, dict(race), standings, names, boards)
        rows = await races.entrants(race_id) if race["status"] == "live" else _NOBODY
        # A replica may know of somebody who joined with a report that these boards do not have yet.
        entrants = Entrants.of(rows[np.isin(rows[:, 0], boards.ids)])
        if race["end_run_id"] is None:
            return await asyncio.to_thread(running, dict(race), entrants, boards)
        ended = await totals_at(connection, race["end_run_id"], entrants.player_ids)
        return await asyncio.to_thread(
            ranked, dict(race), entrants, ended.amounts, reached=ended.reached, boards=boards
        )
