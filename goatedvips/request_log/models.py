from datetime import datetime

from sqlalchemy import Identity, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from goatedvips.kit.postgres import Base


class ApiRequestLog(Base):
    """A request that was answered: who, what, status, time. No query string, no body, no secret.

    Partitioned by day and kept 7 days.
    """

    __tablename__ = "api_request_logs"
    __table_args__ = (
        PrimaryKeyConstraint("at", "id"),
        Index("ix_api_request_logs_user_id", "user_id", "at", postgresql_where=text("user_id IS NOT NULL")),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    id: Mapped[int] = mapped_column(Identity(always=True))
    at: Mapped[datetime]
    """When it was answered to the end."""
    request_id: Mapped[str]
    method: Mapped[str]
    path: Mapped[str]
    """The route's, like `/api/users/{person}`; as it was asked for if there is no such route."""
    status: Mapped[int]
    milliseconds: Mapped[int]
    user_id: Mapped[int | None]
    api_key_id: Mapped[int | None]
    address: Mapped[str | None]
