"""All players in order, for all windows, at one version. Immutable; computes and touches nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goatedvips.kit.etag import Ready
from goatedvips.kit.windows import PERIODS, Period
from goatedvips.leaderboards.board import Board
from goatedvips.players.tiers import TIERS

Column = NDArray[np.int64]

_THRESHOLDS = np.array([tier.min_units for tier in TIERS], np.int64)
_FIRST_AMOUNT = 3
"""Where the amounts begin in a row: after id, uid and name."""


@dataclass(frozen=True, slots=True)
class Version:
    """What boards are true for: the run, when the feed was asked, when its answer was stored."""

    run_id: int
    as_of: datetime
    stored_at: datetime
    marks: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Boards:
    """Columns by slot (players by rising id; a slot once given stays) and a board for each window."""

    version: Version | None
    ids: Column
    uids: list[str]
    names: list[str]
    slot_of_uid: dict[str, int]
    """Shared between versions: it only grows, and a slot beyond `ids` is of a later version."""
    amounts: Mapping[Period, Column]
    reached: Mapping[Period, Column]
    boards: Mapping[Period, Board]
    run_ids: Column
    run_times: Column
    linked: Mapping[int, tuple[int, str]]
    links: str = ""
    """Tells states of `linked` apart: people link and change colours between reports."""
    ready: dict[object, Ready] = field(default_factory=dict)
    """Answers that were encoded for this version."""

    @property
    def number(self) -> int:
        """The version: the id of the run, 0 before the first."""
        return self.version.run_id if self.version else 0

    def slot(self, player_id: int) -> int | None:
        """Return a player's slot."""
        at = int(np.searchsorted(self.ids, player_id))
        return at if at < len(self.ids) and self.ids[at] == player_id else None

    def slot_by_uid(self, uid: str) -> int | None:
        """Return the slot of the player with this uid."""
        at = self.slot_of_uid.get(uid)
        return at if at is not None and at < len(self.ids) else None

    def slots(self, player_ids: Column) -> NDArray[np.intp]:
        """Return the slots of players who are all here."""
        return np.searchsorted(self.ids, player_ids)

    def tier(self, slot: int) -> int:
        """Return which tier a player has reached, from 0."""
        return int(np.searchsorted(_THRESHOLDS, self.amounts[Period.ALL_TIME][slot], side="right")) - 1

    def players_per_tier(self) -> list[int]:
        """Count the players of each tier."""
        tiers = np.searchsorted(_THRESHOLDS, self.amounts[Period.ALL_TIME], side="right") - 1
        return np.bincount(tiers, minlength=len(TIERS)).tolist()  # type: ignore[no-any-return]

    def updated_at(self, slot: int) -> datetime:
        """Return when the feed gave a player his present amounts."""
        run = max(self.reached[period][slot] for period in PERIODS)
        return self.run_time(int(run))

    def run_time(self, run_id: int) -> datetime:
        """Return the moment that a completed run is true for."""
        at = min(int(np.searchsorted(self.run_ids, run_id)), len(self.run_times) - 1)
        return datetime.fromtimestamp(self.run_times[at] / 1000, tz=UTC)


def tag_of(linked: Mapping[int, tuple[int, str]]) -> str:
    """Return a short tag of the links, the same in every process."""
    return blake2b(repr(sorted(linked.items())).encode(), digest_size=6).hexdigest()


def no_boards() -> Boards:
    """Return the boards of an installation that has seen no report."""
    empty = np.zeros(0, np.int64)
    columns = dict.fromkeys(PERIODS, empty)
    boards = {period: Board.build(empty, empty, empty) for period in PERIODS}
    return Boards(None, empty, [], [], {}, columns, columns, boards, empty, empty, {})


def rebuilt(held: Boards, rows: Sequence[Sequence[Any]], **rest: Any) -> Boards:  # noqa: ANN401 - the fields named
    """Return the boards with these rows (by rising id) taken in: changed players and new ones."""
    numbers = np.array([(row[0], *row[_FIRST_AMOUNT:]) for row in rows], np.int64).reshape(len(rows), 9)
    known = int(np.searchsorted(numbers[:, 0], held.ids[-1], side="right")) if len(held.ids) else 0
    ids = np.concatenate((held.ids, numbers[known:, 0]))
    slots = np.searchsorted(ids, numbers[:, 0])
    uids, names = _people(held, rows, known=known, slots=slots)
    amounts, reached, boards = {}, {}, {}
    for column, period in enumerate(PERIODS, start=1):
        amounts[period] = _column(held.amounts[period], numbers[:, column], size=len(ids), slots=slots)
        reached[period] = _column(held.reached[period], numbers[:, column + 4], size=len(ids), slots=slots)
        boards[period] = held.boards[period].merged(slots, amounts[period], reached[period], ids)
    return Boards(
        ids=ids,
        uids=uids,
        names=names,
        slot_of_uid=held.slot_of_uid,
        amounts=amounts,
        reached=reached,
        boards=boards,
        **rest,
    )


def _people(
    held: Boards, rows: Sequence[Sequence[Any]], *, known: int, slots: NDArray[np.intp]
) -> tuple[list[str], list[str]]:
    uids = held.uids + [row[1] for row in rows[known:]]
    names = held.names + [row[2] for row in rows[known:]]
    for row, slot in zip(rows[:known], slots[:known].tolist(), strict=True):
        names[slot] = row[2]
    for slot in range(len(held.uids), len(uids)):
        held.slot_of_uid[uids[slot]] = slot
    return uids, names


def _column(held: Column, values: Column, *, size: int, slots: NDArray[np.intp]) -> Column:
    column = np.empty(size, np.int64)
    column[: len(held)] = held
    column[slots] = values
    column.flags.writeable = False
    return column
