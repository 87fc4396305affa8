"""What a result must say, rebuilt from the readings and by the rules, and where it differs. Computes only."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from goatedvips.kit.errors import BadInput
from goatedvips.kit.money import format_cents, units_to_json
from goatedvips.races.rules.prizes import award
from goatedvips.races.rules.proof import Columns, Exclusion, Finding, commitment
from goatedvips.races.rules.proof.verdict import named
from goatedvips.races.rules.ranking import rank
from goatedvips.races.views import Column, place_prizes

NOT_LISTED = -1
"""Stands for the total of somebody who has no reading yet."""


@dataclass(frozen=True, slots=True, eq=False)
class Standings:
    """One version of a result as it is kept, by rising player id; all columns are parallel."""

    player_ids: Column
    columns: Columns
    uids: Sequence[str | None]
    """None for somebody who is no player any more."""
    names: Sequence[str]
    commitments: Sequence[bytes]
    salts: Sequence[bytes | None]

    def __len__(self) -> int:
        return len(self.player_ids)

    def who(self, row: int) -> str:
        """Name whose row it is."""
        return titled(self.names[row], int(self.player_ids[row]))

    def rows_of(self, player_ids: Column) -> Column:
        """Return the row of each of these players, or -1."""
        rows = np.searchsorted(self.player_ids, player_ids)
        found = np.append(self.player_ids, -1)[rows] == player_ids
        return np.where(found, rows, -1)


@dataclass(frozen=True, slots=True, eq=False)
class Rebuilt:
    """What the readings say of everybody who has one between the boundaries, by rising player id."""

    player_ids: Column
    baselines: Column
    totals: Column
    reached: Column
    """The run that brought the total; 0 where nothing between the boundaries changed it."""
    moved: NDArray[np.bool_]
    """Whose `all_time` changed; the readings of the others are of other windows."""
    newly_listed: NDArray[np.bool_]
    """Who has no reading up to the start boundary."""

    @classmethod
    def of(cls, between: Column, before: Column) -> "Rebuilt":
        """Read what lies between the boundaries, and parallel to it what was before.

        `between`: player, first total and its run, last total, and the last run that changed it or 0.
        `before`: player, last total up to the start boundary or `NOT_LISTED`, 1 if he is late.
        """
        ids, first, first_run, last, changed = between.T
        earlier, late = before[:, 1], before[:, 2] > 0
        new = earlier == NOT_LISTED
        baselines = np.where(new, np.where(late, first, 0), earlier)
        moves = first != baselines
        reached = np.where(changed > 0, changed, np.where(moves, first_run, 0))
        return cls(ids, baselines, last, reached, moves | (changed > 0), new)

    def with_reached(self, rows: Column) -> "Rebuilt":
        """Add which runs brought the totals that nothing between changed: player, run."""
        reached = self.reached.copy()
        reached[np.searchsorted(self.player_ids, rows[:, 0])] = rows[:, 1]
        return replace(self, reached=reached)


class AwardKept(NamedTuple):
    """What somebody is awarded by one version, in cents."""

    position: int
    cents: int


def titled(name: str, player_id: int) -> str:
    """Name a player."""
    return f"{name} (player {player_id})"


def dollars(units: int) -> str:
    """Write units for a sentence, exactly."""
    return f"{units_to_json(units)} dollars"


def cents(amount: int) -> str:
    """Write cents for a sentence."""
    return f"{format_cents(amount)} dollars"


def unopened(standings: Standings) -> list[int]:
    """Return the rows whose salt, uid and name do not open their commitment; the erased have no salt."""
    people = zip(standings.salts, standings.uids, standings.names, standings.commitments, strict=True)
    return [
        row
        for row, (salt, uid, name, hidden) in enumerate(people)
        if salt is not None and (uid is None or commitment(salt, uid=uid, username=name) != hidden)
    ]


def misnamed(
    standings: Standings, rows: Sequence[int], names: Mapping[int, Sequence[str]]
) -> Iterator[Finding]:
    """Name those rows, each with the one of the names the feed gave him that opens it."""

    def sentence(row: int) -> str:
        player, uid, salt = int(standings.player_ids[row]), standings.uids[row], standings.salts[row]
        if uid is None or salt is None:
            return f"{standings.who(row)} is no player any more, so that nothing opens his commitment."
        for name in names.get(player, ()):
            if commitment(salt, uid=uid, username=name) == standings.commitments[row]:
                return f"player {player} is kept as {standings.names[row]}, but his commitment is to {name}."
        return f"{standings.who(row)}: neither this nor any name that the feed gave him opens his commitment."

    yield from named("opening", rows, sentence)


def placed(race: Mapping[str, Any], standings: Standings) -> Iterator[Finding]:
    """Rank and pay the standings again, by the race's rules."""
    columns, ids = standings.columns, standings.player_ids
    # A forfeited place is still held: nobody moves up, and those who share it get no more.
    held = rank(
        columns.amounts,
        columns.reached,
        ids,
        policy=race["tie_policy"],
        min_wager=race["min_wager"],
        excluded=columns.excluded == Exclusion.EXCLUDED,
    ).positions
    keeps = columns.excluded != Exclusion.FORFEITED
    try:
        due = award(held, ids, place_prizes(race), race["tie_policy"])
    except (BadInput, ValueError) as error:
        yield Finding("rules", f"its prize table is none: {error}.")
        return
    places = (columns.positions, held * keeps)
    prizes = (columns.prizes, due * keeps)
    for what, (said, owed), written in (("position", places, _place), ("prize", prizes, cents)):
        yield from named(
            what, _rows(said != owed), _telling(standings, what, said, "by the rules", owed, written)
        )


def awarded(
    standings: Standings, before: Standings | None, awards: Mapping[int, AwardKept]
) -> Iterator[Finding]:
    """Hold a version's awards, by player, against what its prizes add to those of the version before."""
    due = _rises(standings, before)
    names = dict(zip(standings.player_ids.tolist(), standings.names, strict=True))

    def sentence(player: int) -> str:
        said, owed = _award(awards.get(player)), _award(due.get(player))
        who = titled(names.get(player, "somebody without a standing"), player)
        return f"{who} is awarded {said}, but by his standing {owed}."

    wrong = [player for player in sorted(due.keys() | awards) if due.get(player) != awards.get(player)]
    yield from named("award", wrong, sentence)


def moved_alike(
    standings: Standings, rebuilt: Rebuilt, names: Mapping[int, Sequence[str]]
) -> Iterator[Finding]:
    """Hold the standings against the readings; `names` are of those who are missing."""
    columns, rows = standings.columns, standings.rows_of(rebuilt.player_ids)
    there = rows >= 0
    held = rows[there]
    for what, said, read, written in (
        ("baseline", columns.baselines, rebuilt.baselines, dollars),
        ("total", columns.totals, rebuilt.totals, dollars),
        ("reached", columns.reached, rebuilt.reached, _run),
    ):
        owed = said.copy()
        owed[held] = read[there]
        telling = _telling(standings, what, said, "by the readings", owed, written)
        yield from named(what, _rows(said != owed), telling)
    strange = np.ones(len(standings), np.bool_)
    strange[held] = False
    yield from named(
        "did_not_move",
        _rows(strange),
        lambda row: f"{standings.who(row)} has a standing, but no reading between the boundaries.",
    )

    def sentence(at: int) -> str:
        player = int(rebuilt.player_ids[at])
        who = titled(names.get(player, ["nobody's name"])[-1], player)
        change = f"from {dollars(int(rebuilt.baselines[at]))} to {dollars(int(rebuilt.totals[at]))}"
        return f"{who} went {change} by the readings, but has no standing."

    yield from named("missing", absent(standings, rebuilt), sentence)


def absent(standings: Standings, rebuilt: Rebuilt) -> list[int]:
    """Return who moved by the readings and has no standing, as rows of what was rebuilt."""
    return _rows(rebuilt.moved & (standings.rows_of(rebuilt.player_ids) < 0))


def _rises(standings: Standings, before: Standings | None) -> dict[int, AwardKept]:
    columns, ids = standings.columns, standings.player_ids
    rises = columns.prizes.copy()
    if before is not None:
        rows = before.rows_of(ids)
        rises -= np.append(before.columns.prizes, 0)[rows]
    paid = np.flatnonzero(rises > 0)
    awards = zip(columns.positions[paid].tolist(), rises[paid].tolist(), strict=True)
    return dict(zip(ids[paid].tolist(), map(AwardKept._make, awards), strict=True))


def _award(found: AwardKept | None) -> str:
    return "nothing" if found is None else f"{cents(found.cents)} for place {found.position}"


def _telling(
    standings: Standings,
    what: str,
    said: NDArray[Any],
    by: str,
    owed: NDArray[Any],
    written: Callable[[int], str],
) -> Callable[[int], str]:
    def sentence(row: int) -> str:
        is_said, is_owed = written(int(said[row])), written(int(owed[row]))
        return f"{standings.who(row)}: his {_WORDS[what]} is {is_said}, but {by} {is_owed}."

    return sentence


_WORDS = {
    "position": "place",
    "prize": "prize",
    "baseline": "total at the start",
    "total": "total at the end",
    "reached": "total's run",
}


def _place(position: int) -> str:
    return str(position or "none")


def _run(number: int) -> str:
    return str(number)


def _rows(wrong: NDArray[np.bool_]) -> list[int]:
    return np.flatnonzero(wrong).tolist()
