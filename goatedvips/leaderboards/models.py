from sqlalchemy import CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from goatedvips.kit.postgres import Base


class FaceRevision(Base):
    """One row: how often anything changed that boards show of players besides their amounts.

    Raised by triggers, in the transaction that changes it.
    """

    __tablename__ = "face_revision"
    __table_args__ = (CheckConstraint("single", name="single"),)

    single: Mapped[bool] = mapped_column(server_default=text("true"), primary_key=True)
    value: Mapped[int] = mapped_column(server_default="0")
