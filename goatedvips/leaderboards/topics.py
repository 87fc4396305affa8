"""The first hundred of each board, live."""

from typing import Any

import msgspec

from goatedvips.kit.pagination import MAX_LIMIT, Pagination
from goatedvips.kit.windows import PERIODS, Period
from goatedvips.leaderboards.boards import Boards
from goatedvips.leaderboards.service import first_rows, metadata
from goatedvips.realtime.delta import leaderboard_delta
from goatedvips.realtime.hub import Hub
from goatedvips.realtime.topics import Frame

PREFIX = "leaderboard:"


class LeaderboardTopics:
    """Makes a frame of each board's first page for every version, with the delta from the one before."""

    def __init__(self) -> None:
        self._version = -1
        self._rows: dict[Period, list[dict[str, Any]]] = {}

    def publish(self, boards: Boards, hub: Hub) -> None:
        """Send the boards' pages if they are newer than those that were sent."""
        if boards.number <= self._version:
            return
        for period in PERIODS:
            rows = first_rows(boards, period, MAX_LIMIT)
            hub.publish(self._frame(boards, period, rows))
            self._rows[period] = rows
        self._version = boards.number

    def _frame(self, boards: Boards, period: Period, rows: list[dict[str, Any]]) -> Frame:
        topic, said = f"{PREFIX}{period}", metadata(boards, period)
        delta = leaderboard_delta(self._rows[period], rows) if period in self._rows else None
        if delta is None:
            return Frame(topic, boards.number, _whole(boards, topic, rows, said))
        text = msgspec.json.encode(
            {
                "type": "LEADERBOARD_DELTA",
                "topic": topic,
                "base": self._version,
                "version": boards.number,
                "data": {"changed": delta.changed, "removed": delta.removed, "metadata": said},
            }
        ).decode()
        return Frame(topic, boards.number, _whole(boards, topic, rows, said), self._version, text)


def snapshot(boards: Boards, period: Period) -> Frame:
    """Return the present frame of a board."""
    topic = f"{PREFIX}{period}"
    rows = first_rows(boards, period, MAX_LIMIT)
    return Frame(topic, boards.number, _whole(boards, topic, rows, metadata(boards, period)))


def _whole(boards: Boards, topic: str, rows: list[dict[str, Any]], said: dict[str, Any]) -> str:
    pagination = Pagination.of(len(boards.ids), 1, MAX_LIMIT)
    data = {"data": rows, "metadata": said, "pagination": pagination.model_dump(by_alias=True)}
    message = {"type": "LEADERBOARD_UPDATE", "topic": topic, "version": boards.number, "data": data}
    return msgspec.json.encode(message).decode()
