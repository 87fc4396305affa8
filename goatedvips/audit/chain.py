"""What an entry's hash covers, and what becomes of a chain that somebody changed. Pure.

An entry's hash is SHA-256 of the RFC 8785 canonical JSON of
`{action, actor, at, details, id, previous, subject}`: `at` in RFC 3339, UTC, to the microsecond,
`previous` the hash before in hexadecimal, 64 zeros for the first entry.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import rfc8785

START = bytes(32)
"""What the first entry follows."""


@dataclass(frozen=True, slots=True)
class Act:
    """What was done, to what.

    Details are text, whole numbers below 2⁵³, true, false, null, and lists and objects of these: no floats,
    since the hash must come out the same wherever it is computed.
    """

    action: str
    subject: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written of one act."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: Mapping[str, Any]
    previous: bytes

    def sha256(self) -> bytes:
        """Return the hash; raise `ValueError` for what canonical JSON or the database would not give back."""
        if self.at.tzinfo is None:
            raise ValueError(f"{self.at} has no zone")
        document: dict[str, Any] = {
            "id": self.id,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "actor": self.actor,
            "action": self.action,
            "subject": self.subject,
            "details": dict(self.details),
            "previous": self.previous.hex(),
        }
        _refuse_what_changes(document)
        return hashlib.sha256(rfc8785.dumps(document)).digest()


def _refuse_what_changes(value: object) -> None:
    """Raise `ValueError` for floats, and for the one character that PostgreSQL cannot keep."""
    match value:
        case float():
            raise ValueError(f"{value!r} is a float; write money as cents and shares as text")
        case str() if "\0" in value:
            raise ValueError(f"{value!r} holds a NUL character")
        case dict():
            for name, item in value.items():
                _refuse_what_changes(name)
                _refuse_what_changes(item)
        case list() | tuple():
            for item in value:
                _refuse_what_changes(item)


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry as the log has it; `entry` is None if what is there can be no entry of ours."""

    id: int
    entry: Entry | None
    previous: bytes
    sha256: bytes


@dataclass(slots=True)
class Walk:
    """Follows a log from its first entry to its last, and notes in sentences what does not hold."""

    expected: bytes | None = None
    """The hash of an entry that must be there: the last one of an earlier look."""
    entries: int = 0
    last: int = 0
    head: bytes = START
    findings: list[str] = field(default_factory=list)
    _is_whole: bool = True
    """Whether the entry before is there, as it was written."""
    _is_expected_met: bool = field(init=False)

    def __post_init__(self) -> None:
        self._is_expected_met = self.expected in {None, START}

    def follow(self, chunk: Iterable[Kept]) -> None:
        """Take the next entries, in order of their numbers."""
        for kept in chunk:
            self._take(kept)

    def conclusions(self) -> list[str]:
        """Return what does not hold, now that the log is at its end."""
        if self._is_expected_met:
            return self.findings
        lost = (
            f"No entry has the hash {(self.expected or START).hex()}: the end of the log was removed,"
            f" or the chain was written anew. The last entry that is there is {self.last}."
        )
        return [*self.findings, lost]

    def _take(self, kept: Kept) -> None:
        if kept.id != self.last + 1:
            self.findings.append(_missing(self.last + 1, kept.id - 1))
            self._is_whole = False
        is_own = _seals(kept)
        if not is_own:
            self.findings.append(f"Entry {kept.id} was changed: its hash is not that of what it says.")
        elif self._is_whole and kept.previous != self.head:
            self.findings.append(_broken(kept.id, self.last))
        self._is_whole = is_own
        self._is_expected_met |= kept.sha256 == self.expected
        self.entries, self.last, self.head = self.entries + 1, kept.id, kept.sha256


def _seals(kept: Kept) -> bool:
    try:
        return kept.entry is not None and kept.entry.sha256() == kept.sha256
    except (ValueError, RecursionError):
        return False


def _missing(first: int, last: int) -> str:
    return f"Entry {first} is missing." if first == last else f"Entries {first} to {last} are missing."


def _broken(number: int, before: int) -> str:
    if before == 0:
        return f"Entry {number} does not start the chain: it was changed and given a new hash."
    return (
        f"Entry {number} does not follow entry {before}: one of the two was changed and given a new hash,"
        f" most likely entry {before}."
    )
