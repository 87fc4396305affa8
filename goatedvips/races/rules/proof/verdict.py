"""What a verification found out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from goatedvips.races.rules.proof.claims import Claims

MOST_NAMED = 20
"""How many rows are named for one reason; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to say of a proof: a stable code for programs, and a sentence."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a proof says of itself, and what is wrong with it.

    `findings` are faults; `notes` are none, but a reader should know them. `sha256` is the document's hash as
    recomputed, to be compared with the one that was published. `claims` are what other versions of the same
    result are compared with. A file that could not be read has only the finding that says why.
    """

    findings: list[Finding]
    notes: list[Finding] = field(default_factory=list)
    race_id: int | None = None
    name: str | None = None
    series_id: int | None = None
    version: int | None = None
    sha256: str | None = None
    previous: str | None = None
    participants: int = 0
    ranked: int = 0
    awards: int = 0
    erased: int = 0
    claims: Claims | None = field(default=None, repr=False, compare=False)

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


def named(code: str, wrong: Sequence[int], text: Callable[[int], str]) -> Iterator[Finding]:
    """Say what is wrong with each of these rows, up to `MOST_NAMED`, and how many more there are."""
    for row in wrong[:MOST_NAMED]:
        yield Finding(code, text(row))
    if len(wrong) > MOST_NAMED:
        yield Finding(code, f"{len(wrong) - MOST_NAMED} more are wrong in the same way.")
