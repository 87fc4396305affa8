"""What a report changes, against what is held. Pure; amounts in units of 10⁻⁸ dollars."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from goatedvips.kit.money import to_units
from goatedvips.upstream.wire import Referral


class Amounts(NamedTuple):
    """The four windows of one player."""

    today: int
    this_week: int
    this_month: int
    all_time: int

    @classmethod
    def of(cls, referral: Referral) -> "Amounts":
        """Round the amounts that the feed wrote."""
        return cls(
            to_units(referral.today),
            to_units(referral.this_week),
            to_units(referral.this_month),
            to_units(referral.all_time),
        )


@dataclass(frozen=True, slots=True)
class Holding:
    """What is held of a player before the report."""

    player_id: int
    name: str
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A player the report names for the first time."""

    uid: str
    name: str
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class Move:
    """A known player whose amounts changed."""

    player_id: int
    before: Amounts
    now: Amounts


@dataclass(frozen=True, slots=True)
class Rename:
    """A known player under a new name."""

    player_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Diff:
    """All that a report changes."""

    newcomers: list[Newcomer] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    renames: list[Rename] = field(default_factory=list)

    @property
    def updated(self) -> int:
        """How many known players changed in any way."""
        return len({move.player_id for move in self.moves} | {rename.player_id for rename in self.renames})


def diff(referrals: Iterable[Referral], held: Mapping[str, Holding]) -> Diff:
    """Compare the rows of a report with what is held of the same players."""
    found = Diff()
    for referral in referrals:
        amounts = Amounts.of(referral)
        holding = held.get(referral.uid)
        if holding is None:
            found.newcomers.append(Newcomer(referral.uid, referral.name, amounts))
            continue
        if holding.amounts != amounts:
            found.moves.append(Move(holding.player_id, holding.amounts, amounts))
        if holding.name is not None and holding.name != referral.name:
            found.renames.append(Rename(holding.player_id, referral.name))
    return found
