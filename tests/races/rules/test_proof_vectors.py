"""The published test vectors: each gives the findings that `expected.json` names, and is up to date."""

import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import rfc8785
from hypothesis import given

from docs import proof_vectors
from docs.proof_vectors import Person, settled
from goatedvips.races.rules.proof import Header, verify
from tests.races.rules.test_proof_verify import headers, people

FOLDER = proof_vectors.FOLDER
PAGE = (FOLDER.parent / "proof.md").read_text("utf-8")
EXPECTED: dict[str, Any] = json.loads((FOLDER / "expected.json").read_bytes())


def test_every_vector_is_expected_to_say_something() -> None:
    assert {path.name for path in FOLDER.glob("*-*.json")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_vector_gives_the_findings_that_it_is_published_with(name: str) -> None:
    verdict = verify((FOLDER / name).read_bytes())

    assert EXPECTED[name] == {
        "holds": verdict.holds,
        "findings": sorted({finding.code for finding in verdict.findings}),
        "notes": sorted({note.code for note in verdict.notes}),
        "sha256": verdict.sha256,
    }


@pytest.mark.parametrize("name", [name for name in EXPECTED if name.startswith("good-")])
def test_a_good_vector_is_canonical_by_the_library_too(name: str) -> None:
    file = (FOLDER / name).read_bytes()

    assert rfc8785.dumps(json.loads(file)) == file


def test_only_good_vectors_hold() -> None:
    assert all(said["holds"] == name.startswith("good-") for name, said in EXPECTED.items())


def test_the_vectors_are_what_their_script_writes(tmp_path: Path) -> None:
    script = Path(proof_vectors.__file__)
    subprocess.run([sys.executable, script, tmp_path], check=True, cwd=script.parent.parent)

    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    assert written == {name: (FOLDER / name).read_bytes() for name in EXPECTED}


def stranger() -> ModuleType:
    """The verifier that the page shows, as somebody would copy it."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    module = ModuleType("stranger")
    exec(code, module.__dict__)  # noqa: S102 - the page's own code
    return module


@pytest.mark.parametrize("name", EXPECTED)
def test_the_verifier_of_the_page_comes_to_the_same_verdict(name: str) -> None:
    try:
        stranger().check((FOLDER / name).read_bytes())
    except (AssertionError, KeyError, TypeError, ValueError):
        held = False
    else:
        held = True

    assert EXPECTED[name]["holds"] == held


@given(headers(version=2) | headers(), people(forfeits=True))
def test_the_verifier_of_the_page_ranks_and_pays_as_the_program_does(
    header: Header, entrants: list[Person]
) -> None:
    file = settled(header, entrants)

    try:
        stranger().check(file)
    except AssertionError:
        held = False
    else:
        held = True

    assert held == verify(file).holds


def test_the_page_explains_every_code() -> None:
    told = set(re.findall(r"`([a-z_]+)`", PAGE))

    assert {code for said in EXPECTED.values() for code in said["findings"] + said["notes"]} <= told


def test_the_examples_of_the_page_are_those_of_the_vectors() -> None:
    said = json.loads((FOLDER / "good-first-to-reach.json").read_bytes())
    salt, uid, name = said["openings"][1]
    hidden = bytes.fromhex(salt) + b"".join(
        len(text.encode()).to_bytes(4, "big") + text.encode() for text in (uid, name)
    )

    assert said["sha256"] in PAGE
    assert all(f"`{text}`" in PAGE for text in (salt, uid, name, said["proof"]["standings"][1][0]))
    assert " ".join(hidden.hex(" ").split()) in " ".join(PAGE.split())
