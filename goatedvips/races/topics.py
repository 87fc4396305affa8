"""Races, live: the first hundred of each running race, and the list of all."""

from typing import Any

import msgspec

from goatedvips.kit.pagination import MAX_LIMIT
from goatedvips.races import encoding
from goatedvips.races.errors import RaceNotFound
from goatedvips.races.keeper import RaceKeeper
from goatedvips.races.reading import RaceReader
from goatedvips.races.rules.lifecycle import is_over
from goatedvips.races.schemas import RaceListQuery
from goatedvips.races.views import RaceView
from goatedvips.realtime.delta import race_delta
from goatedvips.realtime.hub import Hub
from goatedvips.realtime.protocol import page_frame
from goatedvips.realtime.topics import RACES, Frame

PREFIX = "race:"


class RaceTopics:
    """Makes a frame of each running race for every version, with the delta from the one before."""

    def __init__(self, keeper: RaceKeeper, reader: RaceReader) -> None:
        self._keeper = keeper
        self._reader = reader
        self._sent: dict[int, tuple[int, list[dict[str, Any]]]] = {}
        self._list_version = -1
        self._asked: set[int] = set()
        """Races that do not run and were asked for by somebody who may still watch them."""

    async def publish(self, hub: Hub) -> None:
        """Send every running race that has a newer version, and the last frame of those that ended."""
        running = self._keeper.running
        for race in running.values():
            self._send(hub, race, live=True)
        for race_id in self._sent.keys() - running.keys():
            await self._see_off(hub, race_id)
        if self._keeper.list_version > self._list_version:
            await self._tell_of_others(hub)
            hub.publish(await self._list())
            self._list_version = self._keeper.list_version

    async def _see_off(self, hub: Hub, race_id: int) -> None:
        """Follow a race that ended until it is settled or cancelled, and say so to everybody."""
        race = await self._reader.race(race_id)
        over = is_over(race.race["status"])
        completed = race.race["status"] == "completed"
        self._send(hub, race, live=not over, whole_type="RACE_COMPLETED" if completed else None)
        if over:
            hub.withdraw(f"{PREFIX}{race_id}")
            del self._sent[race_id]

    async def _tell_of_others(self, hub: Hub) -> None:
        for race_id in sorted(self._asked - self._keeper.running.keys()):
            if hub.watching(f"{PREFIX}{race_id}"):
                race = await self._reader.race(race_id)
                hub.publish(
                    page_frame("RACE", f"{PREFIX}{race_id}", version=race.version, data=self._answer(race))
                )
            else:
                self._asked.discard(race_id)

    async def snapshot(self, topic: str) -> Frame | None:
        """Return the present frame of a race or of the list; None if there is no such race."""
        if topic == RACES:
            return await self._list()
        try:
            race = await self._reader.race(int(topic.removeprefix(PREFIX)))
        except RaceNotFound:
            return None
        if race.id not in self._keeper.running:
            self._asked.add(race.id)
        return page_frame("RACE", topic, version=race.version, data=self._answer(race))

    def _send(self, hub: Hub, race: RaceView, *, live: bool, whole_type: str | None = None) -> None:
        base, before = self._sent.get(race.id, (-1, None))
        if race.version <= base:
            return
        answer = self._answer(race)
        change = None if before is None or whole_type else _change(race, before, answer)
        topic = f"{PREFIX}{race.id}"
        frame = page_frame(
            "RACE", topic, version=race.version, data=answer, base=base, delta=change, whole_type=whole_type
        )
        hub.publish(frame, default=live)
        self._sent[race.id] = (race.version, answer["participants"])

    def _answer(self, race: RaceView) -> dict[str, Any]:
        return encoding.as_of_now(race, self._reader.now())

    async def _list(self) -> Frame:
        ready = await self._reader.list(RaceListQuery(limit=MAX_LIMIT))
        version = self._keeper.list_version
        message = {
            "type": "RACES_UPDATE",
            "topic": RACES,
            "version": version,
            "data": msgspec.Raw(ready.body),
        }
        return Frame(RACES, version, msgspec.json.encode(message).decode())


def _change(race: RaceView, before: list[dict[str, Any]], answer: dict[str, Any]) -> dict[str, Any] | None:
    prizes = {prize["place"]: prize["amount"] for prize in answer["metadata"]["prizes"]}
    # The places after the last that pays get nothing, and say so.
    prizes |= dict.fromkeys(range(len(prizes) + 1, MAX_LIMIT + 1), encoding.cents(0))
    shared = race.race["tie_policy"] == "shared"
    delta = race_delta(before, answer["participants"], prizes=prizes, shared=shared)
    if delta is None:
        return None
    return {"changed": delta.changed, "removed": delta.removed, "metadata": answer["metadata"]}
