"""A board as CSV, in pieces: a million rows are never in memory at once. Computes only."""

from collections.abc import Iterator

from goatedvips.kit.money import units_to_json
from goatedvips.kit.sheets import lines
from goatedvips.kit.windows import PERIODS, Period
from goatedvips.leaderboards.boards import Boards
from goatedvips.players.tiers import TIERS

COLUMNS = ("rank", "uid", "name", *PERIODS, "tier")
_AT_ONCE = 2000
"""Rows in a piece: some 150 kB, and some ten milliseconds of work."""


def sheet(boards: Boards, period: Period) -> Iterator[str]:
    """Yield the lines of everybody who is ranked in a window, all of them of these boards' version."""
    yield lines([COLUMNS])
    board = boards.boards[period]
    for offset in range(0, board.ranked, _AT_ONCE):
        slots = board.slots(offset, min(_AT_ONCE, board.ranked - offset)).tolist()
        yield lines(_row(boards, slot, offset + at) for at, slot in enumerate(slots, start=1))


def sheet_name(boards: Boards, period: Period) -> str:
    """Return a file name that says of which window and version it is."""
    return f"leaderboard-{period}-version-{boards.revision}.csv"


def _row(boards: Boards, slot: int, rank: int) -> list[object]:
    amounts = (units_to_json(int(boards.amounts[window][slot])) for window in PERIODS)
    return [rank, boards.uid(slot), boards.name(slot), *amounts, TIERS[boards.tier(slot)].name]
