from datetime import datetime

from sqlalchemy import Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from goatedvips.kit.postgres import Base


class ApiRequestLog(Base):
    """A request that was answered: who, what, status, time. No query string, no body, no secret.

    Partitioned by day and kept 7 days.
    """

    __tablename__ = "api_request_logs"
    __table_args__ = (
        Index("ix_api_request_logs_user_id", "user_id", "at"),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    request_id: Mapped[str]
    method: Mapped[str]
    path: Mapped[str]
    status: Mapped[int]
    milliseconds: Mapped[int]
    user_id: Mapped[int | None]
    api_key_id: Mapped[int | None]
    address: Mapped[str | None]
