from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Sequence, func, text
from sqlalchemy.orm import Mapped, mapped_column

from goatedvips.kit.postgres import Base

PERSON_IDS = Sequence("person_ids", metadata=Base.metadata)
"""Players and users draw from it, so an id names one person."""


class Player(Base):
    """A person the feed knows; never a login."""

    __tablename__ = "players"
    __table_args__ = (
        CheckConstraint("goated_id <> ''", name="goated_id_not_empty"),
        CheckConstraint("goated_username <> ''", name="goated_username_not_empty"),
        Index(
            "ix_players_lower_goated_username",
            func.lower(text("goated_username")).label("lowered"),
            postgresql_ops={"lowered": "text_pattern_ops"},
        ),
    )

    id: Mapped[int] = mapped_column(PERSON_IDS, server_default=PERSON_IDS.next_value(), primary_key=True)
    goated_id: Mapped[str] = mapped_column(unique=True)
    goated_username: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    first_run_id: Mapped[int] = mapped_column(ForeignKey("sync_logs.id"))
    """The run whose report named the player first."""
    is_late: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether the feed may have left him out before, so that in a race he starts from his first reading."""


class PlayerName(Base):
    """A name that a report gave a player: one row for the first and one for each change; append-only."""

    __tablename__ = "player_names"
    __table_args__ = (Index("ix_player_names_run_id", "run_id"),)

    player_id: Mapped[int] = mapped_column(ForeignKey("players.id"), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("sync_logs.id"), primary_key=True)
    goated_username: Mapped[str]
