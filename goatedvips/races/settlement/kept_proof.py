"""A kept proof held against what is in the database: its bytes, its own figures, and row by row. Pure."""

import hashlib
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from goatedvips.races.rules.proof import (
    Boundary,
    Finding,
    Header,
    Rules,
    document,
    proof_file,
    verify,
)
from goatedvips.races.rules.proof.reading import ProofSaid, StandingSaid, read
from goatedvips.races.rules.proof.verdict import named
from goatedvips.races.settlement.rebuild import Standings
from goatedvips.races.settlement.writing import unpacked

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_BY_THEMSELVES = {"format", "columns", "standings", "awards", "totals"}
"""What follows from the standings, or is checked by the document alone."""
_FIELDS = {
    "baseline": "total at the start",
    "total": "total at the end",
    "reached_run": "total's run",
    "position": "place",
    "prize": "prize",
    "excluded": "exclusion",
}


def kept_document(
    proof: Mapping[str, Any], race: Mapping[str, Any], standings: Standings
) -> Iterator[Finding]:
    """Check a row of `race_proofs` by itself, and against the race and the standings."""
    try:
        kept = b"".join(unpacked(proof["body"]))
    except zstd.ZstdError as error:
        yield Finding("unpack", f"its proof cannot be unpacked: {error}.")
        return
    hashed = hashlib.sha256(kept)
    if hashed.digest() != proof["sha256"]:
        text = f"its proof's bytes hash to {hashed.hexdigest()}, but {proof['sha256'].hex()} is recorded"
        yield Finding("hash", f"{text}: it is not the one that was written.")
    # People are held against their commitments with the standings.
    said = verify(_file(kept))
    yield from (
        Finding(found.code, f"its proof: {found.text}") for found in said.findings if found.code != "openings"
    )
    try:
        if hashed.digest() != _hash_of(_due(proof, race, standings)):
            yield from _differences(kept, b"".join(_due(proof, race, standings)), standings)
    except ValueError as error:
        yield Finding("standings", f"what is kept of it makes no proof: {error}.")


def _due(proof: Mapping[str, Any], race: Mapping[str, Any], standings: Standings) -> Iterator[bytes]:
    """Write the document that the database calls for."""
    return document(_header(proof, race), standings.columns, b"".join(standings.commitments))


def _header(proof: Mapping[str, Any], race: Mapping[str, Any]) -> Header:
    # On purpose not what the settlement uses: this is what that is held against.
    previous = proof["previous_sha256"]
    return Header(
        race_id=race["id"],
        name=race["name"],
        type=race["type"],
        series_id=race["series_id"],
        starts_at=race["start_date"],
        ends_at=race["end_date"],
        timezone=race["timezone"],
        version=proof["version"],
        rules=Rules(
            prize_pool=race["prize_pool"],
            prizes=race["prizes"],
            tie_policy=race["tie_policy"],
            reject_policy=race["reject_policy"],
            min_wager=race["min_wager"],
        ),
        start=Boundary(race["start_run_id"], race["start_as_of"], race["start_sha256"]),
        end=Boundary(race["end_run_id"], race["end_as_of"], race["end_sha256"]),
        settled_at=race["settled_at"] if proof["version"] == 1 else proof["created_at"],
        previous=None if previous is None else previous.hex(),
    )


def _hash_of(pieces: Iterator[bytes]) -> bytes:
    hashed = hashlib.sha256()
    for piece in pieces:
        hashed.update(piece)
    return hashed.digest()


def _file(body: bytes) -> bytes:
    return b"".join(proof_file([body], sha256=hashlib.sha256(body).hexdigest(), openings=[]))


def _differences(kept: bytes, due: bytes, standings: Standings) -> Iterator[Finding]:
    said, owed = read(_file(kept)), read(_file(due))
    if isinstance(said, Finding):
        return  # which the document by itself has told
    if isinstance(owed, Finding):
        yield Finding("standings", f"what is kept of it makes no proof: {owed.text}")
        return
    yield from _head_differences(said.proof, owed.proof)
    yield from _row_differences(said.proof.standings, owed.proof.standings, standings)


def _head_differences(said: ProofSaid, owed: ProofSaid) -> Iterator[Finding]:
    for name in ProofSaid.__struct_encode_fields__:
        if name not in _BY_THEMSELVES:
            yield from _tree_differences(name, _member(said, name), _member(owed, name))


def _member(proof: ProofSaid, name: str) -> Any:  # noqa: ANN401 - whatever JSON can say
    fields = dict(zip(ProofSaid.__struct_encode_fields__, ProofSaid.__struct_fields__, strict=True))
    return msgspec.to_builtins(getattr(proof, fields[name]))


def _tree_differences(path: str, said: Any, owed: Any) -> Iterator[Finding]:  # noqa: ANN401 - the same
    if isinstance(said, dict) and isinstance(owed, dict) and said.keys() == owed.keys():
        for name, value in said.items():
            yield from _tree_differences(f"{path}.{name}", value, owed[name])
    elif said != owed:
        yield Finding("race", f"its proof says that {path} is {_shown(said)}, but kept is {_shown(owed)}.")


def _shown(value: object) -> str:
    return "none" if value is None else msgspec.json.encode(value).decode()


def _row_differences(
    said: list[StandingSaid], owed: list[StandingSaid], standings: Standings
) -> Iterator[Finding]:
    at = {standing.commitment: row for row, standing in enumerate(said)}
    lost = at.keys() - {standing.commitment for standing in owed}
    yield from named(
        "removed",
        sorted(at[hidden] for hidden in lost),
        lambda row: f"standing {row} of its proof, with {said[row].prize} dollars, is kept no more.",
    )
    yield from named(
        "added",
        [row for row, standing in enumerate(owed) if standing.commitment not in at],
        lambda row: f"{standings.who(row)} has a standing that its proof does not have.",
    )
    for field, word in _FIELDS.items():
        wrong = [
            row
            for row, standing in enumerate(owed)
            if standing.commitment in at
            and getattr(said[at[standing.commitment]], field) != getattr(standing, field)
        ]

        def sentence(row: int, field: str = field, word: str = word) -> str:
            proved = getattr(said[at[owed[row].commitment]], field)
            kept = _plain(getattr(owed[row], field))
            return f"{standings.who(row)}: his {word} is {_plain(proved)} in its proof, but {kept} is kept."

        yield from named(f"kept_{field}", wrong, sentence)


def _plain(value: object) -> str:
    return "none" if value is None else str(value)
