"""How a proof's file is read: by its exact form, whatever the bytes are."""

import json
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from goatedvips.races.rules.proof.document import FORMAT, MAX_NUMBER
from goatedvips.races.rules.proof.verdict import Finding
from goatedvips.races.rules.ranking import TiePolicy

MAX_FILE = 2**30
"""The bytes of the largest file that is read: more than five million standings."""
_LONGEST_ERROR = 200

# Not "$", which would also match before a newline at the end.
Hash: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Salt: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
Instant: TypeAlias = Annotated[
    str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z\Z")
]
Wager: TypeAlias = Annotated[str, Meta(pattern=r"^(0|[1-9][0-9]{0,10})\.[0-9]{8}\Z")]
Sum: TypeAlias = Annotated[str, Meta(pattern=r"^(0|[1-9][0-9]{0,19})\.[0-9]{8}\Z")]
Money: TypeAlias = Annotated[str, Meta(pattern=r"^(0|[1-9][0-9]{0,11})\.[0-9]{2}\Z")]
Count: TypeAlias = Annotated[int, Meta(ge=0, le=MAX_NUMBER)]
Number: TypeAlias = Annotated[int, Meta(ge=1, le=MAX_NUMBER)]
Place: TypeAlias = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Excluded: TypeAlias = Annotated[int, Meta(ge=0, le=2)]


class _Exact(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """Holds the members it names, and no others."""


class _Row(Struct, frozen=True, forbid_unknown_fields=True, array_like=True, gc=False):
    """Holds the values it names, in this order, without their names."""


class OpeningSaid(_Row, frozen=True):
    """What opens a commitment."""

    salt: Salt
    uid: str
    username: str


class StandingSaid(_Row, frozen=True):
    """One row of the standings."""

    commitment: Hash
    baseline: Wager
    total: Wager
    reached_run: Count
    position: Place | None
    prize: Money
    excluded: Excluded


class RaceSaid(_Exact, frozen=True):
    """The race and its window."""

    id: Number
    name: str
    type: Literal["daily", "weekly", "monthly", "special"]
    series_id: Number | None
    start_date: Instant
    end_date: Instant
    timezone: str


class ShareSaid(_Exact, frozen=True):
    """One entry of the prize table."""

    place: Number | UnsetType = UNSET
    first: Number | UnsetType = msgspec.field(default=UNSET, name="from")
    to: Number | UnsetType = UNSET
    amount: str | UnsetType = UNSET
    percent: str | UnsetType = UNSET


class RulesSaid(_Exact, frozen=True):
    """What decides the race."""

    prize_pool: Money
    prizes: list[ShareSaid]
    tie_policy: TiePolicy
    reject_policy: Literal["forfeit", "move_up"]
    min_wager: Wager


class BoundarySaid(_Exact, frozen=True):
    """The report at one end."""

    run: Number
    as_of: Instant
    report_sha256: Hash


class BoundariesSaid(_Exact, frozen=True):
    """Both ends."""

    start: BoundarySaid
    end: BoundarySaid


class AwardSaid(_Exact, frozen=True):
    """What a place is paid."""

    place: Place
    prize: Money
    standing: Count


class TotalsSaid(_Exact, frozen=True):
    """The standings, counted and added up."""

    participants: Count
    ranked: Count
    wagered: Sum
    prizes: Money


class ProofSaid(_Exact, frozen=True):
    """The document."""

    format: Literal["goatedvips-race-proof/1"]
    race: RaceSaid
    version: Number
    rules: RulesSaid
    boundaries: BoundariesSaid
    settled_at: Instant
    previous: Hash | None
    columns: list[str]
    standings: list[StandingSaid]
    awards: list[AwardSaid]
    totals: TotalsSaid


class FileSaid(_Exact, frozen=True):
    """The file that is served."""

    openings: list[OpeningSaid | None]
    proof: ProofSaid
    sha256: Hash


class _FormatSaid(Struct):
    format: str


class _AnyFile(Struct):
    proof: _FormatSaid


_READER = msgspec.json.Decoder(FileSaid)
_WRITER = msgspec.json.Encoder(order="sorted")


def read(file: bytes) -> FileSaid | Finding:
    """Return what a file says, or why it cannot be read as a proof."""
    if len(file) > MAX_FILE:
        return Finding("too_large", f"The file has {len(file)} bytes; a proof has {MAX_FILE} at most.")
    try:
        return _READER.decode(file)
    except msgspec.ValidationError as error:
        return _unlike_a_proof(file, error)
    # Beside its own errors: text that is not UTF-8, and nesting without end.
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        return Finding("not_json", f"The file is not JSON: {_quoted(error)}.")


def canonical(said: Struct) -> bytes:
    """Write what was read as RFC 8785 wants it; its text, numbers and names are all of the plain kind."""
    return _WRITER.encode(said)


def repeated_member(file: bytes) -> str | None:
    """Return the name of a member that an object of the file has twice, if one has."""
    repeated: list[str] = []

    def members(pairs: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                repeated.append(name)
            seen.add(name)

    json.loads(file, object_pairs_hook=members)
    return repeated[0] if repeated else None


def _unlike_a_proof(file: bytes, error: msgspec.ValidationError) -> Finding:
    try:
        said = msgspec.json.decode(file, type=_AnyFile).proof.format
    except (msgspec.MsgspecError, ValueError, RecursionError):
        said = FORMAT
    if said != FORMAT:
        return Finding("format", f"The proof's format is {said[:50]!r}; this program knows {FORMAT!r}.")
    return Finding("shape", f"The file is not built like a proof: {_quoted(error)}.")


def _quoted(error: Exception) -> str:
    """Return an error's text, short and without what would steer a terminal: it may quote the file."""
    text = str(error).replace("$.", "")[:_LONGEST_ERROR]
    return "".join(letter if letter.isprintable() else "?" for letter in text)
