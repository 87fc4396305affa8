from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Identity, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from goatedvips.kit.postgres import Base


class OutboxEvent(Base):
    """Something that happened and that somebody outside is to be told, written with what happened."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "due_at", "id", postgresql_where=text("delivered_at IS NULL")),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """Names the event, so that it is told of once."""
    kind: Mapped[str]
    """Like `race.completed`."""
    subject: Mapped[str]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """When it is tried next."""
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    """How often it could not be delivered."""
    error: Mapped[str | None]
    """Why not, the last time."""
    delivered_at: Mapped[datetime | None]
