from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from goatedvips.kit.postgres import Base


class LegacyRow(Base):
    """What a row of the first system became here, so that it is taken once. Append-only."""

    __tablename__ = "legacy_rows"
    __table_args__ = (CheckConstraint("kind IN ('user', 'link', 'reset', 'race')", name="kind"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    """An account, its link to a player, the mail by which its owner chooses a password, a race to come."""
    source_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The number it had there: the user's for the first three."""
    target_id: Mapped[int]
    """Of the user, the player, the user again, the race."""
    taken_at: Mapped[datetime]


class LegacyRace(Base):
    """A race that the first system ended, as it wrote it down; nothing here proves it. Append-only."""

    __tablename__ = "legacy_races"
    __table_args__ = (
        CheckConstraint("type IN ('daily', 'weekly', 'monthly', 'special')", name="type"),
        CheckConstraint("status IN ('completed', 'cancelled')", name="status"),
        CheckConstraint("start_date < end_date", name="ends_after_it_starts"),
        CheckConstraint("prize_pool >= 0", name="prize_pool_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The number it had there."""
    name: Mapped[str]
    type: Mapped[str]
    start_date: Mapped[datetime]
    end_date: Mapped[datetime]
    status: Mapped[str]
    prize_pool: Mapped[int]
    """Cents."""
    taken_at: Mapped[datetime]


class LegacyParticipant(Base):
    """What the first system said of one player in such a race. Append-only."""

    __tablename__ = "legacy_race_participants"
    __table_args__ = (
        CheckConstraint("wagered >= 0 AND prize >= 0", name="amounts_not_negative"),
        CheckConstraint("position > 0", name="position_positive"),
        Index("ix_legacy_race_participants_race_id", "race_id"),
        Index("ix_legacy_race_participants_goated_id", "goated_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The number it had there."""
    race_id: Mapped[int] = mapped_column(ForeignKey("legacy_races.id"))
    goated_id: Mapped[str]
    """The feed's uid: names change, and the people behind them may have themselves erased."""
    wagered: Mapped[int]
    """Units of 10⁻⁸ dollars."""
    position: Mapped[int | None]
    prize: Mapped[int | None]
    """Cents; whether it was paid is not known."""
    taken_at: Mapped[datetime]
