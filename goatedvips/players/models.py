from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, Sequence, SmallInteger, func, text
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
    erased_at: Mapped[datetime | None]
    """When the person behind him had himself erased: his name is kept and shown no more."""


class PlayerName(Base):
    """A name that a report gave a player: one row for the first and one for each change; append-only."""

    __tablename__ = "player_names"
    __table_args__ = (Index("ix_player_names_run_id", "run_id"),)

    player_id: Mapped[int] = mapped_column(ForeignKey("players.id"), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("sync_logs.id"), primary_key=True)
    goated_username: Mapped[str]


class TierChange(Base):
    """A tier that a player reached; append-only. He never goes down: the highest is his."""

    __tablename__ = "tier_changes"
    __table_args__ = (
        CheckConstraint("tier BETWEEN 1 AND 6", name="tier"),
        Index("ix_tier_changes_run_id", "run_id"),
    )

    player_id: Mapped[int] = mapped_column(ForeignKey("players.id"), primary_key=True)
    tier: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    """From 0, the lowest, in which everybody is."""
    run_id: Mapped[int] = mapped_column(ForeignKey("sync_logs.id"))
    as_of: Mapped[datetime]


class Exclusion(Base):
    """A player who is not ranked and gets no prize: in one race, or in all of them if `race_id` is null."""

    __tablename__ = "exclusions"
    __table_args__ = (
        CheckConstraint("kind IN ('manual', 'staff', 'banned', 'self_excluded')", name="kind"),
        CheckConstraint(
            "NOT is_void OR lifted_at IS NOT NULL AND kind <> 'self_excluded'", name="void_is_lifted"
        ),
        Index(
            "uq_exclusions_standing",
            "player_id",
            "race_id",
            "kind",
            unique=True,
            postgresql_where=text("lifted_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    player_id: Mapped[int] = mapped_column(ForeignKey("players.id"))
    race_id: Mapped[int | None] = mapped_column(ForeignKey("wager_races.id"))
    kind: Mapped[str]
    reason: Mapped[str]
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    until: Mapped[datetime | None]
    """When it ends by itself."""
    lifted_by: Mapped[str | None]
    lifted_at: Mapped[datetime | None]
    is_void: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether it was lifted because it should never have been: then it kept him out of nothing."""
