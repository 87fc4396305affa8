"""Keeps this process's views of races: the running ones always, the others when asked for."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.leaderboards.boards import Boards
from goatedvips.races.errors import RaceNotFound
from goatedvips.races.repository import Races
from goatedvips.races.views import Entrants, RaceView, view

_MOST_KEPT = 64
"""Views of races that no longer move: a visitor looks at this month's and the last few."""


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
        version = await races.list_version()
        running: dict[int, RaceView] = {}
        for race in await races.running():
            held = self._running.get(race["id"])
            if held is not None and held.race["start_run_id"] == race["start_run_id"]:
                # Its own version may have risen, its boards have been swapped, or neither.
                if held.boards is boards and held.race["version"] == race["version"]:
                    running[race["id"]] = held
                    continue
                joined = await races.participants(race["id"], after=held.boards.number)
                entrants = held.entrants.joined_by(joined)
            else:
                entrants = Entrants.of(await races.participants(race["id"]), frozen=False)
            running[race["id"]] = await asyncio.to_thread(view, dict(race), entrants, boards)
        if version != self._list_version:
            self._others.clear()
        for race_id, other in self._others.items():
            # Names are of the present boards; the boards of long ago must not be kept for them.
            self._others[race_id] = replace(other, boards=boards, ready={})
        self._running, self._list_version, self._boards = running, version, boards

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
            if len(self._others) > _MOST_KEPT:
                self._others.popitem(last=False)
        return made

    async def load(self, race_id: int, *, connection: AsyncConnection, boards: Boards) -> RaceView:
        """Read a race from the database, whatever is kept; raise `RaceNotFound`."""
        races = Races(connection)
        race = await races.by_id(race_id)
        if race is None:
            raise RaceNotFound(race_id)
        frozen = race["end_run_id"] is not None
        counts = frozen or race["status"] == "live"
        rows = await races.participants(race_id) if counts else []
        known = [row for row in rows if boards.slot(row[0]) is not None]
        return await asyncio.to_thread(view, dict(race), Entrants.of(known, frozen=frozen), boards)
