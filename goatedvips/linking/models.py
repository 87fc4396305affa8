from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from goatedvips.kit.postgres import Base


class LinkRequest(Base):
    """A user who says that a player is he; reviewed by staff, or proved by wagers. Kept for ever."""

    __tablename__ = "link_requests"
    __table_args__ = (
        CheckConstraint("status IN ('pending', 'approved', 'rejected', 'withdrawn')", name="status"),
        CheckConstraint("(status = 'pending') = (decided_at IS NULL)", name="decided_has_time"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided_by_somebody"),
        Index("uq_link_requests_open", "user_id", unique=True, postgresql_where=text("status = 'pending'")),
        Index("ix_link_requests_player_id", "player_id"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    player_id: Mapped[int] = mapped_column(ForeignKey("players.id"))
    status: Mapped[str] = mapped_column(server_default="pending")
    message: Mapped[str | None]
    """For whoever reviews it."""
    created_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    """As the user reads it."""


class LinkSignature(Base):
    """Two amounts that the owner of a player wagers to prove it. In units of 10⁻⁸ dollars."""

    __tablename__ = "link_signatures"
    __table_args__ = (
        CheckConstraint("first_amount > 0 AND second_amount > 0", name="amounts_positive"),
        CheckConstraint("first_amount <> second_amount", name="amounts_differ"),
        CheckConstraint("starts_at < ends_at", name="ends_after_it_starts"),
        CheckConstraint("(first_run_id IS NULL) = (second_run_id IS NULL)", name="seen_whole"),
    )

    request_id: Mapped[int] = mapped_column(ForeignKey("link_requests.id"), primary_key=True)
    first_amount: Mapped[int]
    second_amount: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    first_run_id: Mapped[int | None]
    """The runs whose reports brought the amounts."""
    second_run_id: Mapped[int | None]
