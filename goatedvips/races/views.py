"""A race with its standings, at one version. Immutable; computes and touches nothing else."""

from collections.abc import Mapping
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
    """Who takes part, by rising player id: the totals they started from, and who is excluded."""

    player_ids: Column
    baselines: Column
    excluded: NDArray[np.bool_]

    @classmethod
    def of(cls, rows: Column) -> "Entrants":
        """Read rows as the repository returns them: player, baseline, 1 if excluded."""
        return cls(rows[:, 0], rows[:, 1], rows[:, 2] > 0)

    def joined_by(self, rows: Column) -> "Entrants":
        """Return the entrants of a running race with those who joined since."""
        if not len(rows):
            return self
        new = Entrants.of(rows)
        ids = np.concatenate((self.player_ids, new.player_ids))
        order = np.argsort(ids)
        return Entrants(
            ids[order],
            np.concatenate((self.baselines, new.baselines))[order],
            np.concatenate((self.excluded, new.excluded))[order],
        )


@dataclass(frozen=True)
class RaceView:
    """One race at one version. All columns are parallel to the entrants."""

    race: Mapping[str, Any]
    entrants: Entrants
    totals: Column
    """What everybody has wagered in all, in units: by the newest report, or by the end boundary."""
    reached: Column
    """The run that brought the total."""
    places: Places
    prizes: Column
    """Cents: provisional until the race is settled."""
    by_place: tuple[int, ...]
    """Cents per place."""
    boards: Boards
    names: list[str] | None = None
    """The names of a settled race, as they were then."""
    ready: dict[object, Ready] = field(default_factory=dict)
    sent: dict[str, tuple[int, Ready]] = field(default_factory=dict)
    """By phase: the page as it went out last, with the seconds that it says are left."""

    @cached_property
    def amounts(self) -> Column:
        """The standings, in units: never below 0, whatever the feed takes back."""
        return (self.totals - self.entrants.baselines).clip(min=0)

    @cached_property
    def fallen(self) -> int:
        """How many have less in all than they started from; they stand at 0."""
        return int(np.count_nonzero(self.totals < self.entrants.baselines))

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
        """A number that rises with every change: the run's, the race's own and the faces' only rise."""
        race = self.race
        if self.frozen:
            run = race["end_run_id"]
        elif race["status"] == "cancelled":
            run = race["metadata"].get("cancelRunId", 0)
        else:
            run = 0 if race["start_run_id"] is None else self.boards.number
        return int(run) + int(race["version"]) + self.boards.faces.revision

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

    def name(self, entry: int) -> str:
        """Return an entrant's name as others see it: the present one, or once settled the one of then."""
        if self.names is not None:
            return self.boards.faces.name(int(self.entrants.player_ids[entry]), self.names[entry])
        return self.boards.name(int(self.boards.slots(self.entrants.player_ids[entry : entry + 1])[0]))

    def phase(self, now: datetime) -> Phase:
        """Return what to show at a moment."""
        race = self.race
        return phase(race["status"], starts_at=race["start_date"], ends_at=race["end_date"], now=now)

    def everybody(self) -> NDArray[np.int64]:
        """Return all entries: those with a place in order, then the others by amount and player id."""
        rest = np.flatnonzero(self.places.positions == 0)
        order = np.lexsort((self.entrants.player_ids[rest], -self.amounts[rest]))
        return np.concatenate((self.places.order, rest[order])).astype(np.int64)

    def entry_of(self, player_id: int) -> int | None:
        """Return at which index of the entrants a player stands."""
        at = int(np.searchsorted(self.entrants.player_ids, player_id))
        return (
            at if at < len(self.entrants.player_ids) and self.entrants.player_ids[at] == player_id else None
        )


def running(race: Mapping[str, Any], entrants: Entrants, boards: Boards) -> RaceView:
    """Rank a race's entrants by the boards' totals less the baselines."""
    slots = boards.slots(entrants.player_ids)
    totals, reached = boards.amounts[Period.ALL_TIME][slots], boards.reached[Period.ALL_TIME][slots]
    return ranked(race, entrants, totals, reached=reached, boards=boards)


def ranked(
    race: Mapping[str, Any], entrants: Entrants, totals: Column, *, reached: Column, boards: Boards
) -> RaceView:
    """Rank a race's entrants by these totals less their baselines, and split the prizes."""
    places = rank(
        np.maximum(totals - entrants.baselines, 0),
        reached,
        entrants.player_ids,
        policy=race["tie_policy"],
        min_wager=race["min_wager"],
        excluded=entrants.excluded,
    )
    by_place = place_prizes(race)
    prizes = award(places.positions, entrants.player_ids, by_place, race["tie_policy"])
    return RaceView(dict(race), entrants, totals, reached, places, prizes, by_place, boards)


def settled(race: Mapping[str, Any], standings: Column, names: list[str], boards: Boards) -> RaceView:
    """Show a result as it was written: player, baseline, total, reached run, position, prize, excluded."""
    ids, baselines, totals, reached, positions, prizes, excluded = standings.T
    order = np.lexsort((ids, reached, positions))
    first = int(np.searchsorted(positions[order], 1))
    places = Places(order[first:].astype(np.int32), positions.astype(np.int32))
    entrants = Entrants(ids, baselines, excluded > 0)
    by_place = place_prizes(race)
    return RaceView(dict(race), entrants, totals, reached, places, prizes, by_place, boards, names)


def place_prizes(race: Mapping[str, Any]) -> tuple[int, ...]:
    """Return what each place of a race is paid, in cents."""
    return split(race["prize_pool"], PrizeTable.from_shares(race["prizes"]))
