"""The published test vectors: each gives the findings that `expected.json` names, and is up to date."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from docs import proof_vectors
from goatedvips.races.rules.proof import verify

FOLDER = proof_vectors.FOLDER
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
