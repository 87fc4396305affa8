from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from goatedvips.kit.postgres import Base
from goatedvips.kit.windows import PERIODS


def _never_negative() -> tuple[CheckConstraint, ...]:
    return tuple(CheckConstraint(f"{period} >= 0", name=f"{period}_not_negative") for period in PERIODS)


class WagerTotal(Base):
    """What the newest report says of a player, in units of 10⁻⁸ dollars, and since which run.

    Narrow and without an index on amounts, so that an update stays in its page (HOT): four such
    indexes made updates 3.2 times slower. Bigints cannot hold a NaN.
    """

    __tablename__ = "wager_totals"
    __table_args__ = (*_never_negative(), {"postgresql_with": {"fillfactor": "90"}})

    player_id: Mapped[int] = mapped_column(ForeignKey("players.id"), primary_key=True, autoincrement=False)
    today: Mapped[int]
    this_week: Mapped[int]
    this_month: Mapped[int]
    all_time: Mapped[int]
    today_run: Mapped[int]
    """The run whose report brought the amount of this window: who has the lower one got there first."""
    this_week_run: Mapped[int]
    this_month_run: Mapped[int]
    all_time_run: Mapped[int]


class WagerReading(Base):
    """What one report said of one player, kept only when it changed; append-only, a partition a month.

    No foreign keys: the one statement that writes here takes players from its own transaction, and a
    look-up per row would be most of the cost of a million readings.
    """

    __tablename__ = "wager_readings"
    __table_args__ = (
        *_never_negative(),
        Index("ix_wager_readings_run_id", "run_id"),
        {"postgresql_partition_by": "RANGE (as_of)"},
    )

    player_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    as_of: Mapped[datetime] = mapped_column(primary_key=True)
    run_id: Mapped[int]
    today: Mapped[int]
    this_week: Mapped[int]
    this_month: Mapped[int]
    all_time: Mapped[int]
