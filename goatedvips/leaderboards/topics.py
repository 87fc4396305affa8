"""The first hundred of each board, live."""

from typing import Any

from goatedvips.kit.pagination import MAX_LIMIT, Pagination
from goatedvips.kit.windows import PERIODS, Period
from goatedvips.leaderboards.boards import Boards
from goatedvips.leaderboards.service import first_rows, metadata
from goatedvips.realtime.delta import leaderboard_delta
from goatedvips.realtime.hub import Hub
from goatedvips.realtime.protocol import page_frame
from goatedvips.realtime.topics import Frame

PREFIX = "leaderboard:"


class LeaderboardTopics:
    """Makes a frame of each board's first page for every version, with the delta from the one before."""

    def __init__(self) -> None:
        self._version = -1
        self._rows: dict[Period, list[dict[str, Any]]] = {}

    def publish(self, boards: Boards, hub: Hub) -> None:
        """Send the boards' pages if they are newer than those that were sent."""
        if boards.revision <= self._version:
            return
        for period in PERIODS:
            rows = first_rows(boards, period, MAX_LIMIT)
            hub.publish(self._frame(boards, period, rows))
            self._rows[period] = rows
        self._version = boards.revision

    def _frame(self, boards: Boards, period: Period, rows: list[dict[str, Any]]) -> Frame:
        delta = leaderboard_delta(self._rows[period], rows) if period in self._rows else None
        if delta is None:
            return _page(boards, period, rows)
        change = {
            "changed": delta.changed,
            "removed": delta.removed,
            "metadata": metadata(boards, period),
        }
        return _page(boards, period, rows, base=self._version, delta=change)


def snapshot(boards: Boards, period: Period) -> Frame:
    """Return the present frame of a board."""
    return _page(boards, period, first_rows(boards, period, MAX_LIMIT))


def _page(
    boards: Boards,
    period: Period,
    rows: list[dict[str, Any]],
    *,
    base: int | None = None,
    delta: object = None,
) -> Frame:
    pagination = Pagination.of(len(boards.boards[period]), 1, MAX_LIMIT)
    data = {
        "data": rows,
        "metadata": metadata(boards, period),
        "pagination": pagination.model_dump(by_alias=True),
    }
    topic = f"{PREFIX}{period}"
    return page_frame("LEADERBOARD", topic, version=boards.revision, data=data, base=base, delta=delta)
