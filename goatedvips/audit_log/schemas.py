from typing import Annotated, Any

from pydantic import Field

from goatedvips.kit.cursors import CursorQuery, SpanQuery
from goatedvips.kit.schemas import Instant, Schema, Submission

_Word = Annotated[str | None, Field(min_length=1, max_length=128)]


class AuditLogFilter(SpanQuery):
    """Which entries: all that is given must hold."""

    actor: Annotated[_Word, Field(description="Who did it, like `user:5`, `worker` or `cli:ann`")] = None
    action: Annotated[_Word, Field(description="How it begins: `race.settled`, or `race.` for all")] = None
    subject: Annotated[_Word, Field(description="To what it was done, like `race:7`")] = None


class AuditLogQuery(AuditLogFilter, CursorQuery):
    """Which page of them."""


class AuditLogEntry(Schema):
    """Who did what to what; the hash covers all of it and the hash before. `at` is null if it was forged."""

    id: int
    at: Instant | None
    actor: str
    action: str
    subject: str
    details: Any
    previous_sha256: str
    sha256: str


class AuditVerified(Schema):
    """When somebody last verified the log, up to which entry and head, and how much did not hold."""

    at: Instant | None
    actor: str
    entries: int
    head: str
    findings: int


class AuditChain(Schema):
    """The state of the chain. Its head, noted somewhere else, shows later whether the end was removed."""

    entries: int
    head: str
    verified: AuditVerified | None


class AuditLogPage(Schema):
    """Entries, newest first, and the state of the chain."""

    data: list[AuditLogEntry]
    next_cursor: str | None
    chain: AuditChain


class AuditVerify(Submission):
    """The head of an earlier look, if it is to be found again."""

    head: Annotated[str | None, Field(pattern="^[0-9a-fA-F]{64}$")] = None


class AuditVerdict(Schema):
    """Whether the log holds; if not, the first findings in sentences, and how many there are."""

    holds: bool
    entries: int
    head: str
    findings: list[str]
    finding_count: int
