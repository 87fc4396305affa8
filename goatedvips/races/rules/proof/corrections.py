"""Whether each version of a result is the one before it, with more standings excluded and nothing else."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from goatedvips.races.rules.proof.claims import Claims
from goatedvips.races.rules.proof.document import Exclusion, dollars
from goatedvips.races.rules.proof.verdict import Finding, Verdict, named

_LONGEST_VALUE = 100
_Column = tuple[str, NDArray[np.bool_], Callable[[Claims, int], str]]


@dataclass(frozen=True, slots=True)
class _Step:
    """Two versions of one result, the next of those that are there."""

    race: int
    earlier: int
    later: int
    old: Claims
    new: Claims

    @property
    def title(self) -> str:
        return f"Version {self.later} of race {self.race}"


def between_versions(proofs: Sequence[Verdict]) -> tuple[list[Finding], list[Finding]]:
    """Compare the versions of each race that are there, each with the next; return findings and notes.

    The rest of a result follows from what they must have in common and from the exclusions, by the rules that
    `verify` holds each of them to.
    """
    findings: list[Finding] = []
    notes: list[Finding] = []
    for race, there in _by_race(proofs).items():
        for version in there:
            if version > 1 and version - 1 not in there:
                text = f"Version {version} of race {race} corrects version {version - 1}"
                text = f"{text}, which is not among the files: what it changed cannot be checked without it."
                notes.append(Finding("correction_unchecked", text))
        for earlier, later in pairwise(sorted(there)):
            step = _Step(race, earlier, later, there[earlier], there[later])
            wrong = list(_differences(step))
            findings += wrong
            if not wrong:
                more = int(np.count_nonzero(step.old.excluded != step.new.excluded))
                text = (
                    f"{step.title} is version {earlier} with {more} more excluded, and nothing else changed."
                )
                notes.append(Finding("corrects", text))
    return findings, notes


def _by_race(proofs: Sequence[Verdict]) -> Mapping[int, dict[int, Claims]]:
    races = defaultdict[int, dict[int, Claims]](dict)
    for proof in proofs:
        if proof.race_id is not None and proof.version is not None and proof.claims is not None:
            # Two proofs of one version are a fault by themselves, so that either may stand for it.
            races[proof.race_id][proof.version] = proof.claims
    return races


def _differences(step: _Step) -> Iterator[Finding]:
    old, new = step.old, step.new
    yield from _terms(step)
    if new.settled_at < old.settled_at:
        text = f"{step.title} was settled at {new.settled_at}, before version {step.earlier}"
        yield Finding("settled_before", f"{text} at {old.settled_at}.")
    if len(old) != len(new):
        text = f"{step.title} has {len(new)} standings, but version {step.earlier} has {len(old)}"
        yield Finding("standings_changed", f"{text}: a correction takes none away and adds none.")
        return
    yield from _standings(step)
    yield from _exclusions(step)


def _terms(step: _Step) -> Iterator[Finding]:
    if step.old.terms == step.new.terms:
        return
    was, now = dict(_leaves(step.old.terms)), dict(_leaves(step.new.terms))
    changed = [name for name in was | now if _quoted(was, name) != _quoted(now, name)]
    yield from named(
        "terms_changed",
        range(len(changed)),
        lambda row: (
            f"{step.title}: {changed[row]} is {_short(_quoted(now, changed[row]))},"
            f" but in version {step.earlier} {_short(_quoted(was, changed[row]))}."
        ),
    )


def _leaves(said: Any, name: str = "") -> Iterator[tuple[str, object]]:  # noqa: ANN401 - JSON
    if isinstance(said, dict):
        for member, value in said.items():
            yield from _leaves(value, f"{name}.{member}" if name else member)
    elif isinstance(said, list):
        for index, value in enumerate(said):
            yield from _leaves(value, f"{name}[{index}]")
    else:
        yield name, said


def _quoted(said: Mapping[str, object], name: str) -> str:
    """Write a value so that it differs from every other, and without what would steer a terminal."""
    return repr(said[name]) if name in said else "not there"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def _standings(step: _Step) -> Iterator[Finding]:
    old, new = step.old, step.new
    hidden = (old.commitments != new.commitments).any(axis=1)
    columns: tuple[_Column, ...] = (
        ("commitment", hidden, lambda said, row: said.commitments[row].tobytes().hex()),
        ("baseline", old.baselines != new.baselines, lambda said, row: dollars(said.baselines.item(row))),
        ("total", old.totals != new.totals, lambda said, row: dollars(said.totals.item(row))),
        ("reachedRun", old.reached != new.reached, lambda said, row: str(said.reached.item(row))),
    )
    for name, wrong, written in columns:
        yield from named("standings_changed", _rows(wrong), _naming(step, name, written))


def _naming(step: _Step, name: str, written: Callable[[Claims, int], str]) -> Callable[[int], str]:
    return lambda row: (
        f"{step.title}, standing {row}: its {name} is {written(step.new, row)},"
        f" but in version {step.earlier} {written(step.old, row)}."
    )


def _exclusions(step: _Step) -> Iterator[Finding]:
    old, new = step.old.excluded, step.new.excluded
    moves_up = step.old.terms["rules"]["rejectPolicy"] == "move_up"
    due = Exclusion.EXCLUDED if moves_up else Exclusion.FORFEITED
    more = (old == Exclusion.NO) & (new == due)
    yield from named(
        "exclusion_changed",
        _rows((old != new) & ~more),
        lambda row: (
            f"{step.title}, standing {row}: its excluded is {new.item(row)}, but in version {step.earlier}"
            f" {old.item(row)}; by the race's rules a correction only makes a 0 a {due}."
        ),
    )
    count, least = int(np.count_nonzero(more)), step.later - step.earlier
    if count < least:
        text = f"{step.title} excludes {count} more than version {step.earlier}"
        yield Finding("exclusion_missing", f"{text}, but each correction excludes at least one.")


def _rows(wrong: NDArray[np.bool_]) -> list[int]:
    return np.flatnonzero(wrong).tolist()
