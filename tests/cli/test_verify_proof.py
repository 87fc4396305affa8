"""`goatedvips verify proof`: what it prints, and how it ends. No database is there, and none is asked for."""

import io
import shutil
import sys
from pathlib import Path

import pytest

from docs.proof_vectors import FOLDER, HEADER, PEOPLE, settled
from tests.cli.conftest import Program

FIRST, CORRECTION = FOLDER / "good-first-to-reach.json", FOLDER / "good-forfeited.json"
HASH = "c84d418f98be1163266e57337954012862fc1c7f38bc49910227ea6a9746db13"


@pytest.fixture
def goatedvips() -> Program:
    return Program({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"})


def verified(goatedvips: Program, *arguments: object) -> tuple[int, dict[str, list[str]]]:
    """Return the exit code, and the codes of the findings per file; those between files are "chain"."""
    said = goatedvips("verify", "proof", "--json", *map(str, arguments))
    told = said.json()
    found = {proof["file"].rpartition("/")[2]: proof["findings"] for proof in told["proofs"]}
    found["chain"] = told["chain"]["findings"]
    assert told["holds"] == (said.code == 0) == (not any(found.values()))
    return said.code, {file: [finding["code"] for finding in findings] for file, findings in found.items()}


def test_a_proof_that_holds_is_told_with_the_hash_to_compare(goatedvips: Program) -> None:
    said = goatedvips.process("verify", "proof", str(FIRST))

    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        f"{FIRST}: holds",
        f"  race 7 {HEADER.name!r}, version 1 of its result",
        "  9 standings, 5 ranked, 4 awards, 0 erased",
        f"  SHA-256 {HASH}; compare it with the one that the site shows",
        "· Version 1 of race 7 says that it is the first of its chain.",
    ]


def test_what_is_wrong_is_told_in_sentences(goatedvips: Program) -> None:
    said = goatedvips("verify", "proof", str(FOLDER / "bad-names-swapped.json"))

    assert said.code == 1
    assert "  opening: standing 0: the name or uid does not open its commitment.\n" in said.out
    assert "does not hold" in said.out


def test_a_chain_is_matched_in_any_order(goatedvips: Program) -> None:
    said = goatedvips("verify", "proof", str(CORRECTION), str(FIRST))

    assert said.code == 0
    assert "· Version 2 of race 7 follows version 1 of race 7.\n" in said.out


def test_it_is_said_when_the_chain_cannot_be_checked(goatedvips: Program) -> None:
    said = goatedvips("verify", "proof", str(CORRECTION))

    assert said.code == 0
    assert f"follows the proof {HASH}, which is not among the files" in said.out


def test_notes_are_told(goatedvips: Program) -> None:
    said = goatedvips("verify", "proof", str(FOLDER / "good-erased.json"))

    assert said.code == 0
    assert "  · 1 of the standings cannot be opened" in said.out


def test_the_proof_before_may_be_handed_in_by_name(goatedvips: Program) -> None:
    assert verified(goatedvips, CORRECTION, "--previous", FIRST)[0] == 0
    assert verified(goatedvips, FIRST, "--previous", CORRECTION) == (
        1,
        {FIRST.name: [], CORRECTION.name: [], "chain": ["not_previous"]},
    )
    assert verified(goatedvips, FIRST, "--previous", "missing.json")[1]["missing.json"] == ["unreadable"]


def test_a_fork_fails_although_each_proof_holds(goatedvips: Program, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_bytes(settled(HEADER, PEOPLE[1:]))

    said = goatedvips("verify", "proof", str(FIRST), str(other))

    assert said.code == 1
    assert "fork: Version 1 of race 7 and version 1 of race 7 each claim to be the first" in said.out


def test_the_published_hash_is_compared(goatedvips: Program) -> None:
    assert verified(goatedvips, FIRST, "--sha256", HASH.upper())[0] == 0
    assert verified(goatedvips, FIRST, "--sha256", "0" * 64)[1][FIRST.name] == ["published"]
    assert verified(goatedvips, "missing.json", "--sha256", HASH)[1]["missing.json"] == ["unreadable"]


def test_stdin_is_read_once(goatedvips: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FIRST.read_bytes())))

    assert verified(goatedvips, "-") == (0, {"-": [], "chain": []})
    assert "can be read once only" in goatedvips("verify", "proof", "-", "-").err


@pytest.mark.parametrize("name", ["missing.json", ".", "a\0b"])
def test_a_file_that_cannot_be_read_is_named_and_the_others_are_checked(
    goatedvips: Program, name: str, tmp_path: Path
) -> None:
    shutil.copy(FIRST, tmp_path / "first.json")

    code, found = verified(goatedvips, tmp_path / "first.json", name)

    assert code == 1
    assert found == {"first.json": [], name: ["unreadable"], "chain": []}


def test_a_missing_file_is_told_in_a_sentence(goatedvips: Program) -> None:
    said = goatedvips("verify", "proof", "missing.json")

    assert (said.code, said.out) == (
        1,
        "missing.json: does not hold\n  unreadable: The file cannot be read: No such file or directory.\n",
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([FIRST, "--sha256", "abc"], "'abc' is no SHA-256"),
        ([FIRST, CORRECTION, "--sha256", HASH], "give a single FILE"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    goatedvips: Program, arguments: list[object], sentence: str
) -> None:
    said = goatedvips("verify", "proof", *map(str, arguments))

    assert said.code == 1
    assert sentence in said.err
