"""All players in order, for all windows, at one version. Immutable; computes and touches nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goatedvips.kit.etag import Ready
from goatedvips.kit.windows import PERIODS, Period
from goatedvips.leaderboards.board import Board
from goatedvips.leaderboards.faces import Faces
from goatedvips.players.tiers import TIERS

Column = NDArray[np.int64]

_THRESHOLDS = np.array([tier.min_units for tier in TIERS], np.int64)
_FIRST_AMOUNT = 3
"""Where the amounts begin in a row: after id, uid and name."""


NO_FACES = Faces()


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
    faces: Faces = NO_FACES
    ready: dict[object, Ready] = field(default_factory=dict)
    """Answers that were encoded for this version."""

    @property
    def number(self) -> int:
        """The id of the run, 0 before the first."""
        return self.version.run_id if self.version else 0

    @property
    def revision(self) -> int:
        """The version that readers are told: it rises with every run, and with every change of a face."""
        return self.number + self.faces.revision

    @property
    def tag(self) -> str:
        """What tells these boards from all others, in any process, and of any installation.

        Numbers of runs come again in a new database; the microsecond in which a feed was asked does not.
        """
        asked = "0" if self.version is None else f"{self.version.as_of:%Y%m%d%H%M%S%f}"
        return f"{self.number}-{asked}-{self.faces.tag}"

    def name(self, slot: int) -> str:
        """Return a player's name as others see it."""
        return self.faces.name(int(self.ids[slot]), self.names[slot])

    def uid(self, slot: int) -> str:
        """Return a player's uid as others see it."""
        return self.faces.uid(int(self.ids[slot]), self.uids[slot])

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
        """Return which tier a player has reached, from 0; once reached it is his."""
        reached = int(np.searchsorted(_THRESHOLDS, self.amounts[Period.ALL_TIME][slot], side="right")) - 1
        return max(reached, self.faces.of(int(self.ids[slot])).kept_tier)

    def players_per_tier(self) -> list[int]:
        """Count the players of each tier."""
        tiers = np.searchsorted(_THRESHOLDS, self.amounts[Period.ALL_TIME], side="right") - 1
        for player_id, face in self.faces.by_player.items():
            if face.kept_tier and (slot := self.slot(player_id)) is not None:
                tiers[slot] = max(tiers[slot], face.kept_tier)
        return np.bincount(tiers, minlength=len(TIERS)).tolist()  # type: ignore[no-any-return]

    def updated_at(self, slot: int) -> datetime:
        """Return when the feed gave a player his present amounts."""
        run = max(self.reached[period][slot] for period in PERIODS)
        return self.run_time(int(run))

    def run_time(self, run_id: int) -> datetime:
        """Return the moment that a completed run is true for."""
        at = min(int(np.searchsorted(self.run_ids, run_id)), len(self.run_times) - 1)
        return datetime.fromtimestamp(self.run_times[at] / 1000, tz=UTC)


def no_boards() -> Boards:
    """Return the boards of an installation that has seen no report."""
    empty = np.zeros(0, np.int64)
    columns = dict.fromkeys(PERIODS, empty)
    boards = {period: Board.build(empty, empty, empty) for period in PERIODS}
    return Boards(None, empty, [], [], {}, columns, columns, boards, empty, empty)


def rebuilt(
    held: Boards,
    rows: Sequence[Sequence[Any]],
    *,
    faces: Faces,
    **rest: Any,  # noqa: ANN401 - the fields named
) -> Boards:
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
        boards[period] = _board(
            held, period, slots, amounts=amounts[period], reached=reached[period], ids=ids, faces=faces
        )
    return Boards(
        ids=ids,
        uids=uids,
        names=names,
        slot_of_uid=held.slot_of_uid,
        amounts=amounts,
        reached=reached,
        boards=boards,
        faces=faces,
        **rest,
    )


def with_faces(held: Boards, faces: Faces) -> Boards:
    """Return the boards with other faces; they are sorted again only if others are off."""
    boards = held.boards
    if not np.array_equal(faces.off, held.faces.off):
        off = slots_off(held.ids, faces)
        boards = {
            period: Board.build(held.amounts[period], held.reached[period], held.ids, off=off)
            for period in PERIODS
        }
    return replace(held, boards=boards, faces=faces, ready={})


def slots_off(ids: Column, faces: Faces) -> NDArray[np.intp]:
    """Return the slots of those who stand on no board."""
    return np.searchsorted(ids, faces.off[np.isin(faces.off, ids)])


def _board(
    held: Boards,
    period: Period,
    changed: NDArray[np.intp],
    *,
    amounts: Column,
    reached: Column,
    ids: Column,
    faces: Faces,
) -> Board:
    off = slots_off(ids, faces)
    if not np.array_equal(faces.off, held.faces.off):
        return Board.build(amounts, reached, ids, off=off)
    return held.boards[period].merged(changed, amounts, reached, ids, off=off)


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
