from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from goatedvips.kit.postgres import Base

_TYPE = "type IN ('daily', 'weekly', 'monthly', 'special')"
_TIES = "tie_policy IN ('first_to_reach', 'shared')"


class RaceSeries(Base):
    """The rule that makes the next race. Money in cents, `min_wager` in units of 10⁻⁸ dollars."""

    __tablename__ = "race_series"
    __table_args__ = (
        CheckConstraint("type IN ('daily', 'weekly', 'monthly')", name="type"),
        CheckConstraint(_TIES, name="tie_policy"),
        CheckConstraint("start_hour BETWEEN 0 AND 23", name="start_hour"),
        CheckConstraint("start_day BETWEEN 1 AND 31", name="start_day"),
        CheckConstraint("prize_pool >= 0 AND min_wager >= 0", name="amounts_not_negative"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    type: Mapped[str]
    timezone: Mapped[str]
    start_hour: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    start_day: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    """Weekly: 1 is Monday. Monthly: the day, or the month's last where it has none."""
    prize_pool: Mapped[int]
    prizes: Mapped[list[Any]]
    tie_policy: Mapped[str] = mapped_column(server_default="first_to_reach")
    min_wager: Mapped[int] = mapped_column(server_default="0")
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class WagerRace(Base):
    """A half-open window `[start_date, end_date)` with prizes. Money in cents, `min_wager` in units."""

    __tablename__ = "wager_races"
    __table_args__ = (
        CheckConstraint(_TYPE, name="type"),
        CheckConstraint("status IN ('scheduled', 'live', 'completed', 'cancelled')", name="status"),
        CheckConstraint(_TIES, name="tie_policy"),
        CheckConstraint("start_date < end_date", name="ends_after_it_starts"),
        CheckConstraint("prize_pool >= 0 AND min_wager >= 0", name="amounts_not_negative"),
        CheckConstraint("end_run_id IS NULL OR start_run_id IS NOT NULL", name="ends_with_a_start"),
        CheckConstraint("end_run_id >= start_run_id", name="boundaries_in_order"),
        UniqueConstraint("series_id", "start_date"),
        Index("ix_wager_races_start_date", "start_date"),
        Index("ix_wager_races_open", "end_date", postgresql_where=text("status IN ('scheduled', 'live')")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("race_series.id"))
    name: Mapped[str]
    type: Mapped[str]
    start_date: Mapped[datetime]
    end_date: Mapped[datetime]
    status: Mapped[str] = mapped_column(server_default="scheduled")
    prize_pool: Mapped[int]
    prizes: Mapped[list[Any]]
    tie_policy: Mapped[str] = mapped_column(server_default="first_to_reach")
    min_wager: Mapped[int] = mapped_column(server_default="0")
    timezone: Mapped[str] = mapped_column(server_default="UTC")
    start_run_id: Mapped[int | None] = mapped_column(ForeignKey("sync_logs.id"))
    """The first completed run at or after the start: its report fixes everybody's baseline."""
    end_run_id: Mapped[int | None] = mapped_column(ForeignKey("sync_logs.id"))
    """The first completed run at or after the end: the standings are frozen with it."""
    version: Mapped[int] = mapped_column(server_default="1")
    """Rises with every change of the race itself; the standings' version is their run."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    # The attribute cannot be called metadata: SQLAlchemy keeps its tables there.
    details: Mapped[dict[str, Any]] = mapped_column("metadata", server_default=text("'{}'"))


class WagerRaceParticipant(Base):
    """Somebody who moved during a race, with the total he started from. Amounts in units of 10⁻⁸ dollars.

    While the race runs, his standing is his `all_time` less `baseline`, never stored, since one report
    moves nearly every position; `wagered` is filled once, by the end boundary.
    """

    __tablename__ = "wager_race_participants"
    __table_args__ = (
        UniqueConstraint("race_id", "player_id"),
        CheckConstraint("baseline >= 0 AND wagered >= 0", name="amounts_not_negative"),
        Index("ix_wager_race_participants_joined_run_id", "joined_run_id"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    race_id: Mapped[int] = mapped_column(ForeignKey("wager_races.id"))
    player_id: Mapped[int] = mapped_column(ForeignKey("players.id"))
    baseline: Mapped[int]
    wagered: Mapped[int | None]
    reached_run_id: Mapped[int | None]
    """The run that brought `wagered`; ties go to the lower."""
    position: Mapped[int | None]
    prize: Mapped[int | None]
    """Cents; like the position, written once, by the settlement."""
    joined_run_id: Mapped[int]
    joined_at: Mapped[datetime]
