"""The published test vectors: each gives the findings that `expected.json` names, and is up to date."""

import json
import re
import subprocess
import sys
from copy import deepcopy
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from docs import proof_vectors
from docs.proof_vectors import Person, settled
from goatedvips.races.rules.proof import Header, link, verify
from tests.races.rules.test_proof_verify import headers, json_values, paths, people

FOLDER = proof_vectors.FOLDER
PAGE = (FOLDER.parent / "proof.md").read_text("utf-8")
EXPECTED: dict[str, Any] = json.loads((FOLDER / "expected.json").read_bytes())
TOGETHER: list[dict[str, Any]] = json.loads((FOLDER / "together.json").read_bytes())
REFUSED = (AssertionError, KeyError, TypeError, ValueError)


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


def test_only_bad_vectors_do_not_hold_by_themselves() -> None:
    assert all(said["holds"] != name.startswith("bad-") for name, said in EXPECTED.items())


@pytest.mark.parametrize("said", TOGETHER, ids=lambda said: said["files"][-1])
def test_vectors_together_give_the_findings_that_they_are_published_with(said: dict[str, Any]) -> None:
    chain = link([verify((FOLDER / name).read_bytes()) for name in said["files"]])

    assert said == {
        "files": said["files"],
        "holds": not chain.findings,
        "findings": sorted({finding.code for finding in chain.findings}),
        "notes": sorted({note.code for note in chain.notes}),
    }


def test_every_forged_correction_is_found_beside_what_it_claims_to_correct() -> None:
    found = {said["files"][-1] for said in TOGETHER if not said["holds"]}

    assert found == {name for name in EXPECTED if name.startswith("forged-")}


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


STRANGER = stranger()


def holds(*files: bytes) -> bool:
    try:
        STRANGER.check_all(files)
    except REFUSED:
        return False
    return True


@pytest.mark.parametrize("name", EXPECTED)
def test_the_verifier_of_the_page_comes_to_the_same_verdict(name: str) -> None:
    assert EXPECTED[name]["holds"] == holds((FOLDER / name).read_bytes())


@pytest.mark.parametrize("said", TOGETHER, ids=lambda said: said["files"][-1])
def test_the_verifier_of_the_page_comes_to_the_same_verdict_of_several(said: dict[str, Any]) -> None:
    assert said["holds"] == holds(*[(FOLDER / name).read_bytes() for name in said["files"]])


@given(headers(version=2) | headers(), people(forfeits=True))
def test_the_verifier_of_the_page_ranks_and_pays_as_the_program_does(
    header: Header, entrants: list[Person]
) -> None:
    file = settled(header, entrants)

    assert holds(file) == verify(file).holds


FORFEITED = json.loads((FOLDER / "good-forfeited.json").read_bytes())


def like(value: object) -> st.SearchStrategy[object]:
    """What many languages take for the same value, or what is nearly of its form."""
    if isinstance(value, int):
        return st.sampled_from([float(value), bool(value), str(value), -value, value + 1, value - 1, 2**53])
    if isinstance(value, str):
        return st.sampled_from(
            [f"{value}\n", f"0{value}", f" {value}", value.upper(), value[1:], f"{value}0"]
        )
    return st.just({**value, "remark": 1}) if isinstance(value, dict) else json_values


@settings(max_examples=500)
@given(st.sampled_from([path for path in paths(FORFEITED) if path]), st.data())
def test_the_verifier_of_the_page_is_as_strict_as_the_program(
    path: tuple[Any, ...], data: st.DataObject
) -> None:
    said = deepcopy(FORFEITED)
    holder: Any = said
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = data.draw(like(holder[path[-1]]) | json_values)
    proof = json.dumps(said["proof"], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    if path != ("sha256",):
        said["sha256"] = sha256(proof.encode("utf-8", "surrogatepass")).hexdigest()
    file = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    assert holds(file.encode("utf-8", "surrogatepass")) == verify(file.encode("utf-8", "surrogatepass")).holds


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("standings", 0, 4), 2.0),
        (("standings", 0, 6), False),
        (("rules", "remark"), "trust us"),
        (("race", "seriesId"), True),
    ],
)
def test_the_verifier_of_the_page_tells_numbers_apart_and_knows_every_member(
    path: tuple[Any, ...], value: object
) -> None:
    said = json.loads((FOLDER / "good-first-to-reach.json").read_bytes())
    holder = said["proof"]
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    said["sha256"] = sha256(STRANGER.canonical(said["proof"])).hexdigest()

    assert not holds(STRANGER.canonical(said))


def test_the_page_explains_every_code() -> None:
    told = set(re.findall(r"`([a-z_]+)`", PAGE))

    published = [*EXPECTED.values(), *TOGETHER]
    assert {code for said in published for code in said["findings"] + said["notes"]} <= told


def test_the_examples_of_the_page_are_those_of_the_vectors() -> None:
    said = json.loads((FOLDER / "good-first-to-reach.json").read_bytes())
    salt, uid, name = said["openings"][1]
    hidden = bytes.fromhex(salt) + b"".join(
        len(text.encode()).to_bytes(4, "big") + text.encode() for text in (uid, name)
    )

    assert said["sha256"] in PAGE
    assert all(f"`{text}`" in PAGE for text in (salt, uid, name, said["proof"]["standings"][1][0]))
    assert " ".join(hidden.hex(" ").split()) in " ".join(PAGE.split())
