"""A race with its standings, at one version. Immutable; computes and touches nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goatedvips.kit.etag import Ready
from goatedvips.kit.windows import Period
from goatedvips.leaderboards.boards import Boards
from goatedvips.races.rules.lifecycle import Phase, phase
from goatedvips.races.rules.prizes import PrizeTable, award, split
from goatedvips.races.rules.ranking import Places, rank

Column = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Entrants:
    """Who takes part, by rising player id: the totals they started from; once frozen, what they wagered."""

    player_ids: Column
    baselines: Column
    wagered: Column | None = None
    reached: Column | None = None

    @classmethod
    def of(cls, rows: Sequence[Sequence[Any]], *, frozen: bool) -> "Entrants":
        """Read participants as the repository returns them."""
        columns = 4 if frozen else 2
        numbers = np.array([tuple(row)[:columns] for row in rows], np.int64).reshape(len(rows), columns)
        return cls(*(numbers[:, column] for column in range(columns)))

    def joined_by(self, rows: Sequence[Sequence[Any]]) -> "Entrants":
        """Return the entrants of a running race with those who joined since."""
        if not rows:
            return self
        new = Entrants.of(rows, frozen=False)
        ids = np.concatenate((self.player_ids, new.player_ids))
        order = np.argsort(ids)
        return Entrants(ids[order], np.concatenate((self.baselines, new.baselines))[order])


@dataclass(frozen=True)
class RaceView:
    """One race at one version."""

    race: Mapping[str, Any]
    entrants: Entrants
    amounts: Column
    places: Places
    prizes: Column
    """Cents, parallel to the entrants: provisional until the race is settled."""
    by_place: tuple[int, ...]
    """Cents per place."""
    fallen: int
    """How many have less in all than they started from; they stand at 0."""
    boards: Boards
    ready: dict[object, Ready] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The race's id."""
        race_id: int = self.race["id"]
        return race_id

    @property
    def frozen(self) -> bool:
        """Whether the end boundary has been, so that no report moves it any more."""
        return self.race["end_run_id"] is not None

    @cached_property
    def version(self) -> int:
        """A number that rises with every change: the run's and the race's own both only rise."""
        race = self.race
        if self.frozen:
            run = race["end_run_id"]
        elif race["status"] == "cancelled":
            run = race["metadata"].get("cancelRunId", 0)
        else:
            run = 0 if race["start_run_id"] is None else self.boards.number
        return int(run) + int(race["version"])

    @cached_property
    def as_of(self) -> datetime | None:
        """The moment the standings are true for."""
        if self.frozen:
            end: datetime = self.race["end_as_of"]
            return end
        if self.race["start_run_id"] is None or self.boards.version is None:
            return None
        return self.boards.version.as_of

    @cached_property
    def stored_at(self) -> datetime | None:
        """When that was stored."""
        if self.as_of is None:
            return None
        if self.frozen:
            end: datetime = self.race["end_stored_at"]
            return end
        return self.boards.version.stored_at if self.boards.version else None

    @cached_property
    def total_wagered(self) -> int:
        """The sum of all standings, in units."""
        return int(self.amounts.sum())

    def phase(self, now: datetime) -> Phase:
        """Return what to show at a moment."""
        race = self.race
        return phase(race["status"], starts_at=race["start_date"], ends_at=race["end_date"], now=now)

    def entry_of(self, player_id: int) -> int | None:
        """Return at which index of the entrants a player stands."""
        at = int(np.searchsorted(self.entrants.player_ids, player_id))
        return (
            at if at < len(self.entrants.player_ids) and self.entrants.player_ids[at] == player_id else None
        )


def view(race: Mapping[str, Any], entrants: Entrants, boards: Boards) -> RaceView:
    """Rank a race's entrants: by its frozen amounts, else by the boards' totals less the baselines."""
    if entrants.wagered is not None and entrants.reached is not None:
        amounts, reached = entrants.wagered, entrants.reached
        fallen = race["metadata"].get("fallen", 0)
    else:
        slots = boards.slots(entrants.player_ids)
        rise = boards.amounts[Period.ALL_TIME][slots] - entrants.baselines
        amounts = np.maximum(rise, 0)
        reached = boards.reached[Period.ALL_TIME][slots]
        fallen = int(np.count_nonzero(rise < 0))
    places = rank(
        amounts, reached, entrants.player_ids, policy=race["tie_policy"], min_wager=race["min_wager"]
    )
    by_place = split(race["prize_pool"], PrizeTable.from_shares(race["prizes"]))
    prizes = award(places.positions, entrants.player_ids, by_place, race["tie_policy"])
    return RaceView(dict(race), entrants, amounts, places, prizes, by_place, fallen, boards)
