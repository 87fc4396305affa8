"""What is said of a row of the first system: how it came out, and what of it is not as it was written."""

from dataclasses import dataclass
from enum import StrEnum

_LONGEST = 64
"""Characters of what was written there that a finding repeats."""


class Outcome(StrEnum):
    """How a row came out."""

    TAKEN = "taken"
    MENDED = "mended"
    """Taken, but not all of it as it was written."""
    REFUSED = "refused"
    LEFT = "left"
    """Left there on purpose: what it says is known here, or of no use."""
    THERE = "there"
    """An earlier import took it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one field, with a sentence that repeats no password and no mail address."""

    field: str
    code: str
    text: str
    refused: bool = False
    """Whether it is lost, not only mended."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not taken."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """A row that is left there."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of one row."""

    table: str
    id: int
    outcome: Outcome
    target: str | None = None
    """What it is here, like `user:12`."""
    findings: tuple[Finding, ...] = ()


def refusal(field: str, code: str, text: str) -> Finding:
    """Say that something is lost."""
    return Finding(field, code, text, refused=True)


def outcome_of(findings: tuple[Finding, ...]) -> Outcome:
    """Say how a row came out that was taken."""
    return Outcome.MENDED if findings else Outcome.TAKEN


def quoted(text: str) -> str:
    """Return what was written there as a sentence may repeat it: short, and without what cannot be seen."""
    return repr(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
