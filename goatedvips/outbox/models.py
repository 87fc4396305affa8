from datetime import datetime
from typing import Any

from sqlalchemy import Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from goatedvips.kit.postgres import Base


class OutboxEvent(Base):
    """Something that happened and that somebody outside is to be told, written with what happened."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_waiting", "id", postgresql_where=text("delivered_at IS NULL")),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """Names the event, so that it is told of once."""
    kind: Mapped[str]
    """Like `race.completed`."""
    subject: Mapped[str]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
