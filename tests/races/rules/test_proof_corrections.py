"""What is found when several versions of one race's result are among the files."""

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docs.proof_vectors import HEADER, PEOPLE, RULES, Person, changed, settled
from goatedvips.races.rules.proof import Chain, Exclusion, Header, link, verify
from goatedvips.races.rules.proof.verdict import MOST_NAMED
from tests.races.rules.test_proof_verify import headers, json_values, paths, people


def without(people: list[Person], *rows: int, how: Exclusion = Exclusion.FORFEITED) -> list[Person]:
    return [replace(person, excluded=how) if row in rows else person for row, person in enumerate(people)]


def corrected(before: bytes, people: list[Person], header: Header = HEADER) -> bytes:
    said = json.loads(before)
    return settled(replace(header, version=said["proof"]["version"] + 1, previous=said["sha256"]), people)


ALL = list(PEOPLE)
FIRST = settled(HEADER, ALL)
SECOND = corrected(FIRST, without(ALL, 1))
THIRD = corrected(SECOND, without(ALL, 1, 7))


def together(*files: bytes) -> Chain:
    return link([verify(file) for file in files])


def codes(*files: bytes) -> list[str]:
    return [finding.code for finding in together(*files).findings]


def sentences(*files: bytes) -> list[str]:
    return [finding.text for finding in together(*files).findings]


def altered(change: Callable[[Any], object]) -> bytes:
    return changed(SECOND, lambda said: change(said["proof"]))


@pytest.mark.parametrize("order", list(permutations([FIRST, SECOND, THIRD])))
def test_corrections_that_only_exclude_are_told_as_such(order: tuple[bytes, ...]) -> None:
    chain = together(*order)

    assert chain.findings == []
    assert [note.text for note in chain.notes if note.code == "corrects"] == [
        "Version 2 of race 7 is version 1 with 1 more excluded, and nothing else changed.",
        "Version 3 of race 7 is version 2 with 1 more excluded, and nothing else changed.",
    ]


def test_a_forged_correction_is_found_although_it_holds_by_itself() -> None:
    richer = replace(RULES, prize_pool=2 * RULES.prize_pool)
    swapped = [replace(person) for person in without(ALL, 1)]
    one, other = swapped[0], swapped[5]
    swapped[0], swapped[5] = replace(one, total=other.total), replace(other, total=one.total)
    forged = corrected(FIRST, swapped, replace(HEADER, rules=richer))

    assert verify(forged).holds
    assert sentences(FIRST, forged) == [
        "Version 2 of race 7: rules.prizePool is '200.02', but in version 1 '100.01'.",
        "Version 2 of race 7, standing 0: its total is 5.00000000, but in version 1 350.00000005.",
        "Version 2 of race 7, standing 5: its total is 350.00000005, but in version 1 5.00000000.",
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda proof: proof["race"].update(name="x" * 200),
            f"Version 2 of race 7: race.name is '{'x' * 99}…, but in version 1 {HEADER.name!r}.",
        ),
        (
            lambda proof: proof["race"].update(seriesId=None),
            "Version 2 of race 7: race.seriesId is None, but in version 1 3.",
        ),
        (
            lambda proof: proof["rules"]["prizes"].pop(),
            "Version 2 of race 7: rules.prizes[2].from is not there, but in version 1 3.",
        ),
        (
            lambda proof: proof["boundaries"]["end"].update(reportSha256="33" * 32),
            (
                f"Version 2 of race 7: boundaries.end.reportSha256 is {'33' * 32!r}, but in version 1"
                f" {'22' * 32!r}."
            ),
        ),
        (
            lambda proof: proof.update(settledAt="2026-03-30T22:00:03.999Z"),
            (
                "Version 2 of race 7 was settled at 2026-03-30T22:00:03.999Z, before version 1 at"
                " 2026-03-30T22:00:04.000Z."
            ),
        ),
        (
            lambda proof: proof["standings"].pop(),
            (
                "Version 2 of race 7 has 8 standings, but version 1 has 9: a correction takes none"
                " away and adds none."
            ),
        ),
        (
            lambda proof: proof["standings"][2].__setitem__(0, "ab" * 32),
            (
                f"Version 2 of race 7, standing 2: its commitment is {'ab' * 32}, but in version 1"
                f" {json.loads(FIRST)['proof']['standings'][2][0]}."
            ),
        ),
        (
            lambda proof: proof["standings"][3].__setitem__(1, "99999999999.99999999"),
            (
                "Version 2 of race 7, standing 3: its baseline is 99999999999.99999999, but in version 1"
                " 12.00000000."
            ),
        ),
        (
            lambda proof: proof["standings"][3].__setitem__(3, 91),
            "Version 2 of race 7, standing 3: its reachedRun is 91, but in version 1 90.",
        ),
        (
            lambda proof: proof["standings"][3].__setitem__(6, 1),
            (
                "Version 2 of race 7, standing 3: its excluded is 1, but in version 1 0; by the race's"
                " rules a correction only makes a 0 a 2."
            ),
        ),
        (
            lambda proof: proof["standings"][1].__setitem__(6, 0),
            "Version 2 of race 7 excludes 0 more than version 1, but each correction excludes at least one.",
        ),
    ],
)
def test_what_a_correction_may_not_change_is_named(change: Callable[[Any], object], sentence: str) -> None:
    assert sentence in sentences(FIRST, altered(change))


def test_where_those_behind_move_up_a_correction_makes_a_1() -> None:
    header = replace(HEADER, rules=replace(RULES, reject_policy="move_up"))
    first = settled(header, ALL)
    second = corrected(first, without(ALL, 1, how=Exclusion.EXCLUDED), header)

    assert codes(first, second) == []
    assert sentences(first, second.replace(b",1]", b",2]")) == [
        (
            "Version 2 of race 7, standing 1: its excluded is 2, but in version 1 0; by the race's rules a"
            " correction only makes a 0 a 1."
        ),
        "Version 2 of race 7 excludes 0 more than version 1, but each correction excludes at least one.",
    ]


def test_who_was_excluded_stays_so() -> None:
    back = corrected(SECOND, without(ALL, 7))

    assert sentences(SECOND, back) == [
        (
            "Version 3 of race 7, standing 1: its excluded is 0, but in version 2 2; by the race's rules a"
            " correction only makes a 0 a 2."
        )
    ]


def test_who_was_out_from_the_settlement_on_forfeits_nothing() -> None:
    first = settled(HEADER, without(ALL, 1, how=Exclusion.EXCLUDED))
    second = corrected(first, without(ALL, 1))

    assert verify(second).holds
    assert codes(first, second) == ["exclusion_changed", "exclusion_missing"]


def test_exclusions_that_were_there_before_are_none_of_the_correction() -> None:
    assert codes(SECOND, corrected(SECOND, without(ALL, 1))) == ["exclusion_missing"]


def test_a_version_between_that_is_missing_still_excluded_somebody() -> None:
    second = settled(replace(HEADER, version=2, previous="ab" * 32), without(ALL, 1))
    third = corrected(second, without(ALL, 1))

    assert codes(FIRST, THIRD) == []
    assert sentences(FIRST, third) == [
        "Version 3 of race 7 excludes 1 more than version 1, but each correction excludes at least one."
    ]


def test_a_correction_without_what_it_corrects_is_told_to_be_unchecked() -> None:
    assert (
        "Version 3 of race 7 corrects version 2, which is not among the files: what it changed cannot be"
        " checked without it."
    ) in [note.text for note in together(FIRST, THIRD).notes]


def test_many_changed_standings_are_named_up_to_a_point_and_then_counted() -> None:
    crowd = [replace(PEOPLE[0], uid=str(number)) for number in range(MOST_NAMED + 3)]
    first = settled(HEADER, crowd)
    second = corrected(first, without([replace(person, reached=299) for person in crowd], 0))

    assert sentences(first, second)[MOST_NAMED:] == ["3 more are wrong in the same way."]


def test_versions_go_on_by_one_within_the_chain() -> None:
    other = settled(replace(HEADER, race_id=8, previous=json.loads(FIRST)["sha256"]), ALL)
    skipped = altered(lambda proof: proof.update(version=3))
    late = settled(replace(HEADER, previous=json.loads(SECOND)["sha256"]), ALL)
    foreign = changed(corrected(other, without(ALL, 1)), lambda said: said["proof"]["race"].update(id=9))

    assert sentences(FIRST, skipped)[0] == (
        "Version 3 of race 7 comes next after version 1 of race 7 in the chain, but versions go on from 1 by"
        " one."
    )
    assert codes(SECOND, late) == ["version_order"]
    assert sentences(FIRST, other, foreign) == [
        "Version 2 of race 9 corrects version 1, which is nowhere before it in a chain that is complete."
    ]
    assert codes(other, foreign) == []


@given(headers(), people(least=1), st.data())
def test_every_correction_by_the_rules_holds_beside_its_result(
    header: Header, entrants: list[Person], data: st.DataObject
) -> None:
    entrants[0] = replace(entrants[0], excluded=Exclusion.NO)
    free = [row for row, person in enumerate(entrants) if not person.excluded]
    rows = data.draw(st.sets(st.sampled_from(free), min_size=1))
    how = Exclusion.FORFEITED if header.rules.reject_policy == "forfeit" else Exclusion.EXCLUDED
    first = settled(header, entrants)

    assert codes(first, corrected(first, without(entrants, *rows, how=how), header)) == []


def near(value: object) -> st.SearchStrategy[object]:
    """What could stand there as well: a number or an amount beside it, or another text of its form."""
    if isinstance(value, int):
        return st.integers(0, 2**53 - 1)
    if isinstance(value, str):
        digits = [place for place, letter in enumerate(value) if letter.isdigit()]
        if digits:
            return st.tuples(st.sampled_from(digits), st.sampled_from("0123456789")).map(
                lambda pair: value[: pair[0]] + pair[1] + value[pair[0] + 1 :]
            )
    return json_values


PATHS = [path for path in paths(json.loads(SECOND)["proof"]) if path]
CHOICES = {
    "tiePolicy": ["first_to_reach", "shared"],
    "rejectPolicy": ["forfeit", "move_up"],
    "type": ["daily", "weekly", "monthly", "special"],
}


@settings(max_examples=500)
@given(st.sampled_from(PATHS), st.data())
def test_each_change_of_a_correction_is_found_beside_what_it_corrects(
    path: tuple[Any, ...], data: st.DataObject
) -> None:
    said = json.loads(SECOND)["proof"]
    holder = said
    for key in path[:-1]:
        holder = holder[key]
    before = holder[path[-1]]
    value = data.draw(near(before) | st.sampled_from(CHOICES.get(str(path[-1]), [None])) | json_values)
    holder[path[-1]] = value
    try:
        forged = changed(SECOND, lambda file: file.update(proof=said))
    except (ValueError, OverflowError):  # What JSON cannot say is in no file.
        return

    verdicts = [verify(FIRST), verify(forged)]

    chain = link(verdicts)
    found = [*verdicts[1].findings, *chain.findings]
    # Settled later, after a proof that is not there, or with somebody else excluded too who won nothing: any
    # of these may be, and is not hidden.
    may_be = (
        (path == ("settledAt",) and isinstance(value, str) and value >= before)
        or (path == ("previous",) and "previous_missing" in {note.code for note in chain.notes})
        or (
            path[0] == "standings"
            and path[2:] == (6,)
            and value == 2
            and said["standings"][path[1]][4] is None
        )
    )
    assert found or may_be or (value == before and type(value) is type(before))
