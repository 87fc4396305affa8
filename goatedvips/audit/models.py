from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from goatedvips.kit.postgres import Base


class AuditEntry(Base):
    """Who did what, chained: each entry's hash covers the one before. Append-only, numbered without a gap.

    `UNIQUE (previous_sha256)` keeps the chain one chain, whoever forgets to take his turn.
    """

    __tablename__ = "audit_log"
    __table_args__ = (
        CheckConstraint("id > 0", name="numbered_from_one"),
        CheckConstraint("octet_length(sha256) = 32", name="sha256_length"),
        CheckConstraint("octet_length(previous_sha256) = 32", name="previous_sha256_length"),
        Index("ix_audit_log_subject", "subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str]
    """`worker`, `cli:NAME`, `token`; an account is `user:ID`."""
    action: Mapped[str]
    """What was done, like `race.settled`."""
    subject: Mapped[str]
    """To what, like `race:7`."""
    details: Mapped[dict[str, Any]]
    previous_sha256: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    """Thirty-two zeros for the first entry."""
    sha256: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
