"""Looking races up: what the endpoints and topics answer with."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from goatedvips.kit.clock import Clock
from goatedvips.kit.conditions import version_tag
from goatedvips.kit.etag import Ready, of_bytes
from goatedvips.kit.pagination import Pagination, link_header
from goatedvips.leaderboards.keeper import BoardKeeper
from goatedvips.leaderboards.people import seen_slot
from goatedvips.leaderboards.repository import BoardRows
from goatedvips.leaderboards.service import dollars, lasting
from goatedvips.players.errors import PersonNotFound
from goatedvips.races import encoding
from goatedvips.races.catalogue import Catalogue
from goatedvips.races.errors import NoSuchRaceNow
from goatedvips.races.explainer import Explainer
from goatedvips.races.keeper import RaceKeeper
from goatedvips.races.past import PastRaces
from goatedvips.races.rules.lifecycle import Phase
from goatedvips.races.schemas import RaceListQuery, StandingsQuery
from goatedvips.races.views import RaceView
from goatedvips.realtime.topics import Viewer


class RaceReader:
    """Answers about races from this process's views, and from the database for those it does not keep."""

    def __init__(self, keeper: RaceKeeper, boards: BoardKeeper, engine: AsyncEngine, clock: Clock) -> None:
        self._keeper = keeper
        self._boards = boards
        self._engine = engine
        self._clock = clock
        self._past = PastRaces(boards, engine, clock)
        self._explainer = Explainer(engine)

    async def race(self, race_id: int) -> RaceView:
        """Return a race; raise `RaceNotFound`."""
        boards = self._boards.boards
        running = self._keeper.running.get(race_id)
        if running is not None:
            return running
        async with self._engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            return await self._keeper.get(race_id, connection=connection, boards=boards)

    async def page(self, race_id: int) -> Ready:
        """Return a race with its first standings."""
        return encoding.page(await self.race(race_id), self._clock())

    def require_boards(self) -> None:
        """Raise `NotReady` while this process could show no race to somebody who changes one."""
        _ = self._boards.boards

    async def fresh(self, race_id: int, connection: AsyncConnection) -> RaceView:
        """Return a race as a transaction sees it, whatever this process keeps; raise `RaceNotFound`."""
        return await self._keeper.load(race_id, connection=connection, boards=self._boards.boards)

    async def changed(self, race_id: int, connection: AsyncConnection) -> Ready:
        """Return a race to somebody who changed it; its tag is the race's own version, for `If-Match`."""
        race = await self.fresh(race_id, connection)
        return replace(encoding.page(race, self._clock()), etag=version_tag(race.race["version"]))

    async def current(self, race_type: str) -> Ready:
        """Return the race of a type that goes on now; raise `NoSuchRaceNow`."""
        now = self._clock()
        going_on = [
            race
            for race in self._keeper.running.values()
            if race.race["type"] == race_type and race.race["start_date"] <= now < race.race["end_date"]
        ]
        if going_on:
            return encoding.page(max(going_on, key=lambda race: (race.race["start_date"], race.id)), now)
        async with self._engine.connect() as connection:
            race_id = await Catalogue(connection).current(race_type, now)
        if race_id is None:
            raise NoSuchRaceNow(race_type, "current")
        return await self.page(race_id)

    async def previous(self, race_type: str) -> Ready:
        """Return the race of a type that ended last; raise `NoSuchRaceNow`."""
        async with self._engine.connect() as connection:
            race_id = await Catalogue(connection).previous(race_type, self._clock())
        if race_id is None:
            raise NoSuchRaceNow(race_type, "previous")
        return await self.page(race_id)

    async def list(self, query: RaceListQuery) -> Ready:
        """Return a page of races, newest first."""
        now, faces = self._clock(), self._boards.boards.faces
        async with self._engine.connect() as connection:
            races = Catalogue(connection)
            total, rows = await races.page(
                status=query.status,
                race_type=query.type,
                limit=query.limit,
                offset=query.offset,
                search=query.search,
                nameless=faces.nameless,
            )
            winners: dict[int, list[encoding.Json]] = {row["id"]: [] for row in rows}
            for first in await races.winners(winners.keys()):
                winners[first["race_id"]].append(encoding.winner(dict(first), faces))
        pagination = Pagination.of(total, query.page, query.limit)
        data = [encoding.summary(dict(row), now) | {"winners": winners[row["id"]]} for row in rows]
        body = msgspec.json.encode({"data": data, "pagination": pagination.model_dump(by_alias=True)})
        asked: dict[str, str | int] = query.model_dump(
            include={"status", "type", "search"}, exclude_none=True
        )
        return of_bytes(body, headers={"Link": link_header("/api/wager-races", pagination, asked)})

    async def standings(self, race_id: int, query: StandingsQuery) -> Ready:
        """Return a page of a race's standings, of all or of those whose name contains a text."""
        present = await self.race(race_id)
        race = present if query.as_of is None else await self._past.at(present, query.as_of)
        shown = race.phase(query.as_of or self._clock())
        entries = race.places.order
        if query.search is not None:
            entries = await self._matching(race, query.search, then=race is not present)
        pagination = Pagination.of(len(entries), query.page, query.limit)
        rows = entries[query.offset : query.offset + query.limit]
        body = _standings(race, rows, pagination, phase=shown)
        asked: dict[str, str | int] = {"search": query.search} if query.search else {}
        if query.as_of:
            asked["asOf"] = query.as_of.astimezone(UTC).isoformat()
        version = f"{race.version}-{race.boards.tag}-{shown}"
        etag = f'"s{race_id}-{version}-{query.page}-{query.limit}-{len(entries)}"'
        path = f"/api/wager-races/{race_id}/standings"
        ready = Ready(body, etag, {"Link": link_header(path, pagination, asked)})
        # While a report of that moment can still be on its way, the answer is not the last word.
        is_past = race is not present and race.boards.number < self._boards.boards.number
        return lasting(ready) if is_past else ready

    async def position(
        self, race_id: int, person: str, *, viewer: Viewer | None = None, explained: bool = False
    ) -> Ready:
        """Return where a person stands, and why if asked.

        Raise `PersonNotFound` for whom nobody knows, or only he himself.
        """
        race = await self.race(race_id)
        slot = seen_slot(race.boards, person, viewer)
        if slot is None:
            raise PersonNotFound(person)
        player_id = int(race.boards.ids[slot])
        found = encoding.position(race, player_id)
        if explained:
            found["explanation"] = await self._explainer.explain(race, player_id)
        return of_bytes(msgspec.json.encode(found))

    async def csv(self, race_id: int) -> tuple[Ready, str]:
        """Return all standings as CSV, safe to open in a spreadsheet, and a file name."""
        race = await self.race(race_id)
        ready = race.ready.get("csv")
        if ready is None:
            # A second of work for 100,000 standings: not on the loop, and once a version.
            body = await asyncio.to_thread(encoding.as_csv, race)
            ready = race.ready["csv"] = Ready(body, f'"c{race_id}-{race.version}-{race.boards.tag}"')
        return ready, f"race-{race_id}-version-{race.version}.csv"

    async def _matching(self, race: RaceView, text: str, *, then: bool) -> NDArray[np.int32]:
        if race.names is not None:
            return await asyncio.to_thread(_called, race, text)
        async with self._engine.connect() as connection:
            rows = BoardRows(connection)
            found = await (rows.matching_then(text, race.boards.number) if then else rows.matching(text))
        # Who does not show his name is not found by it.
        public = [player_id for player_id in found if race.boards.faces.is_public(player_id)]
        ids = race.entrants.player_ids[race.places.order]
        return race.places.order[np.isin(ids, np.array(public, np.int64))]

    def now(self) -> datetime:
        """Return the present moment, by the clock that the answers use."""
        return self._clock()


def _called(race: RaceView, text: str) -> NDArray[np.int32]:
    """Return the places of a settled race whose names of then contain a text, or whose uid it is."""
    wanted, order = text.lower(), race.places.order
    uids, is_public = race.boards.uids, race.boards.faces.is_public
    ids = race.entrants.player_ids[order]
    found = [
        is_public(player_id) and (wanted in race.name(entry).lower() or uids[slot] == text)
        for entry, player_id, slot in zip(
            order.tolist(), ids.tolist(), race.boards.slots(ids).tolist(), strict=True
        )
    ]
    return order[np.array(found, np.bool_)]


def _standings(race: RaceView, rows: NDArray[np.int32], pagination: Pagination, *, phase: Phase) -> bytes:
    facts = {
        "asOf": encoding.instant(race.as_of),
        "lastUpdated": encoding.instant(race.stored_at),
        "version": race.version,
        "phase": phase,
        "participantCount": race.places.ranked,
        "totalWagered": dollars(race.total_wagered),
        "marks": encoding.marks(race),
    }
    return msgspec.json.encode(
        {
            "data": [encoding.participant(race, int(entry)) for entry in rows],
            "metadata": facts,
            "pagination": pagination.model_dump(by_alias=True),
        }
    )
