"""The result once more, from what a document says of the amounts and the rules."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from goatedvips.kit.errors import BadInput
from goatedvips.kit.money import MAX_UNITS, format_cents
from goatedvips.races.rules.prizes import PrizeTable, award, split
from goatedvips.races.rules.proof.claims import Claims
from goatedvips.races.rules.proof.document import COMMITMENT_BYTES, Columns, Exclusion, awards, totals
from goatedvips.races.rules.proof.reading import AwardSaid, ProofSaid, RulesSaid
from goatedvips.races.rules.proof.verdict import Finding, named
from goatedvips.races.rules.ranking import rank

_Numbers: TypeAlias = NDArray[np.signedinteger]


def claims(proof: ProofSaid) -> Claims:
    """Return what other versions of a result are compared with."""
    standings = proof.standings
    hidden = bytes.fromhex("".join([standing.commitment for standing in standings]))
    terms = {"race": proof.race, "rules": proof.rules, "boundaries": proof.boundaries}
    return Claims(
        msgspec.to_builtins(terms),
        proof.settled_at,
        np.frombuffer(hidden, np.uint8).reshape(-1, COMMITMENT_BYTES),
        np.array([_integer(standing.baseline) for standing in standings], np.uint64),
        np.array([_integer(standing.total) for standing in standings], np.uint64),
        np.array([standing.reached_run for standing in standings], np.int64),
        np.array([standing.excluded for standing in standings], np.int8),
    )


def recount(proof: ProofSaid, said: Claims) -> Iterator[Finding]:
    """Rank, pay and add up the standings, and say what differs; `said` is what the proof claims."""
    if beyond := _rows(np.maximum(said.baselines, said.totals) > MAX_UNITS):
        yield from named("amount", beyond, lambda row: f"standing {row}: nobody can have wagered so much.")
        return
    columns = Columns(
        said.baselines.astype(np.int64),
        said.totals.astype(np.int64),
        said.reached,
        np.array([standing.position or 0 for standing in proof.standings], np.int32),
        np.array([_integer(standing.prize) for standing in proof.standings], np.int64),
        said.excluded,
    )
    yield from _marks(proof, columns)
    yield from _places(proof.rules, columns)
    yield from _awards(proof, columns)
    yield from _totals(proof, columns)


def _integer(money: str) -> int:
    """Return money in its smallest unit; its decimals are always all there."""
    return int(money.replace(".", ""))


def _marks(proof: ProofSaid, columns: Columns) -> Iterator[Finding]:
    if proof.version == 1 or proof.rules.reject_policy == "move_up":
        why = "by the settlement itself" if proof.version == 1 else "where those behind move up"
        yield from named(
            "forfeited",
            _rows(columns.excluded == Exclusion.FORFEITED),
            lambda row: f"standing {row}: no place is forfeited {why}.",
        )
    yield from named(
        "reached",
        _rows(columns.reached > proof.boundaries.end.run),
        lambda row: f"standing {row}: its total was reached after the end boundary.",
    )


def _places(rules: RulesSaid, columns: Columns) -> Iterator[Finding]:
    # Standings are in the order of player ids, so their numbers break the last ties as the ids do.
    ids = np.arange(len(columns), dtype=np.int64)
    # A forfeited place is still held: nobody moves up, and those who share it get no more.
    held = rank(
        columns.amounts,
        columns.reached,
        ids,
        policy=rules.tie_policy,
        min_wager=_integer(rules.min_wager),
        excluded=columns.excluded == Exclusion.EXCLUDED,
    ).positions
    keeps = columns.excluded != Exclusion.FORFEITED
    yield from _differing("position", columns.positions, held * keeps, lambda place: str(place or "none"))

    pool = _integer(rules.prize_pool)
    try:
        table = PrizeTable.parse(msgspec.to_builtins(rules.prizes), pool_cents=pool)
    except BadInput as bad:
        errors = bad.errors
        yield from named(
            "rules", range(len(errors)), lambda row: f"rules.{errors[row].field}: {errors[row].message}."
        )
        return
    due = award(held, ids, split(pool, table), rules.tie_policy)
    yield from _differing("prize", columns.prizes, due * keeps, format_cents)


def _differing(what: str, said: _Numbers, due: _Numbers, written: Callable[[int], str]) -> Iterator[Finding]:
    yield from named(
        what,
        _rows(said != due),
        lambda row: (
            f"standing {row}: its {what} is {written(said.item(row))},"
            f" but by the rules {written(due.item(row))}."
        ),
    )


def _awards(proof: ProofSaid, columns: Columns) -> Iterator[Finding]:
    said = proof.awards
    due = [AwardSaid(place, format_cents(prize), standing) for place, prize, standing in awards(columns)]
    listed, owed = set(said), set(due)
    strange = [award for award in said if award not in owed]
    missing = [award for award in due if award not in listed]
    for wrong, text in ((strange, "is not what the standings say"), (missing, "is missing")):
        yield from named("award", range(len(wrong)), _naming(wrong, text))
    if said != due and listed == owed:
        yield Finding("award", "The awards are not listed once each, by place and then by standing.")


def _naming(listed: Sequence[AwardSaid], text: str) -> Callable[[int], str]:
    def sentence(row: int) -> str:
        award = listed[row]
        return f"The award of {award.prize} for place {award.place} to standing {award.standing} {text}."

    return sentence


def _totals(proof: ProofSaid, columns: Columns) -> Iterator[Finding]:
    said = msgspec.to_builtins(proof.totals)
    for name, due in totals(columns).items():
        if said[name] != due:
            yield Finding("totals", f"totals.{name} is {said[name]}, but the standings come to {due}.")


def _rows(wrong: NDArray[np.bool_]) -> list[int]:
    return np.flatnonzero(wrong).tolist()
