"""What several proofs say together."""

from dataclasses import replace
from itertools import permutations

import pytest

from goatedvips.races.rules.proof import Chain, Finding, Verdict, link

FIRST = Verdict([], race_id=7, series_id=3, version=1, sha256="a" * 64)
SECOND = replace(FIRST, race_id=8, sha256="b" * 64, previous=FIRST.sha256)
CORRECTION = replace(FIRST, version=2, sha256="c" * 64, previous=SECOND.sha256)


def said(chain: Chain) -> tuple[list[str], list[str]]:
    return [finding.text for finding in chain.findings], sorted(note.text for note in chain.notes)


@pytest.mark.parametrize("order", list(permutations([FIRST, SECOND, CORRECTION])))
def test_a_chain_is_followed_in_whatever_order_its_proofs_come(order: tuple[Verdict, ...]) -> None:
    assert said(link(order)) == (
        [],
        [
            "Version 1 of race 7 says that it is the first of its chain.",
            "Version 1 of race 8 follows version 1 of race 7.",
            "Version 2 of race 7 follows version 1 of race 8.",
        ],
    )


def test_a_missing_link_is_told_and_is_no_fault() -> None:
    chain = link([FIRST, CORRECTION])

    assert chain.findings == []
    assert (
        Finding(
            "previous_missing",
            f"Version 2 of race 7 follows the proof {'b' * 64}, which is not among the files:"
            " that link cannot be checked without it.",
        )
        in chain.notes
    )


def test_the_same_proof_twice_is_one_proof() -> None:
    assert said(link([FIRST, FIRST])) == ([], ["Version 1 of race 7 says that it is the first of its chain."])


def test_two_proofs_that_follow_one_are_a_fork() -> None:
    other = replace(SECOND, race_id=9, sha256="d" * 64)

    assert said(link([FIRST, SECOND, other]))[0] == [
        (
            "Version 1 of race 8 and version 1 of race 9 each claim to follow"
            f" {FIRST.sha256}: a chain has one proof there."
        )
    ]


def test_two_firsts_of_one_series_are_a_fork_and_those_of_two_series_are_not() -> None:
    other = replace(FIRST, race_id=9, sha256="d" * 64)

    assert [finding.code for finding in link([FIRST, other]).findings] == ["fork"]
    assert link([FIRST, replace(other, series_id=None)]).findings == []


def test_two_proofs_of_one_result_are_named() -> None:
    other = replace(FIRST, sha256="d" * 64, previous="e" * 64)

    assert said(link([FIRST, other]))[0] == [
        f"Version 1 of race 7 has 2 proofs that differ: {'a' * 64} and {'d' * 64}."
    ]


def test_a_proof_that_follows_one_of_another_series_is_named() -> None:
    assert said(link([replace(FIRST, series_id=4), SECOND]))[0] == [
        "Version 1 of race 8 follows version 1 of race 7, which is of another series; each has its own chain."
    ]


def test_files_that_cannot_be_read_are_left_out() -> None:
    assert said(link([Verdict([Finding("not_json", "…")])])) == ([], [])
