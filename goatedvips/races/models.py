from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from goatedvips.kit.postgres import Base

_TYPE = "type IN ('daily', 'weekly', 'monthly', 'special')"
_TIES = "tie_policy IN ('first_to_reach', 'shared')"
_REJECTS = "reject_policy IN ('forfeit', 'move_up')"


class RaceSeries(Base):
    """The rule that makes the next race. Money in cents, `min_wager` in units of 10⁻⁸ dollars."""

    __tablename__ = "race_series"
    __table_args__ = (
        CheckConstraint("type IN ('daily', 'weekly', 'monthly')", name="type"),
        CheckConstraint(_TIES, name="tie_policy"),
        CheckConstraint(_REJECTS, name="reject_policy"),
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
    reject_policy: Mapped[str] = mapped_column(server_default="forfeit")
    """What becomes of a rejected winner's prize: it is forfeited, or those behind him move up."""
    min_wager: Mapped[int] = mapped_column(server_default="0")
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class WagerRace(Base):
    """A half-open window `[start_date, end_date)` with prizes. Money in cents, `min_wager` in units."""

    __tablename__ = "wager_races"
    __table_args__ = (
        CheckConstraint(_TYPE, name="type"),
        CheckConstraint("status IN ('scheduled', 'live', 'completed', 'cancelled')", name="status"),
        CheckConstraint(_TIES, name="tie_policy"),
        CheckConstraint(_REJECTS, name="reject_policy"),
        CheckConstraint("start_date < end_date", name="ends_after_it_starts"),
        CheckConstraint("prize_pool >= 0 AND min_wager >= 0", name="amounts_not_negative"),
        CheckConstraint("end_run_id IS NULL OR start_run_id IS NOT NULL", name="ends_with_a_start"),
        CheckConstraint("end_run_id >= start_run_id", name="boundaries_in_order"),
        CheckConstraint(
            "(status = 'completed') = (settled_at IS NOT NULL)"
            " AND (settled_at IS NULL OR end_run_id IS NOT NULL)",
            name="completed_is_settled",
        ),
        CheckConstraint("(status = 'completed') = (result_version > 0)", name="completed_has_result"),
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
    reject_policy: Mapped[str] = mapped_column(server_default="forfeit")
    """What becomes of a rejected winner's prize: it is forfeited, or those behind him move up."""
    min_wager: Mapped[int] = mapped_column(server_default="0")
    timezone: Mapped[str] = mapped_column(server_default="UTC")
    start_run_id: Mapped[int | None] = mapped_column(ForeignKey("sync_logs.id"))
    """The first completed run at or after the start: its report fixes everybody's baseline."""
    end_run_id: Mapped[int | None] = mapped_column(ForeignKey("sync_logs.id"))
    """The first completed run at or after the end: the standings are frozen with it."""
    settled_at: Mapped[datetime | None]
    result_version: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    """Which result counts: 1 is the settlement's, each correction adds one; 0 before."""
    version: Mapped[int] = mapped_column(server_default="1")
    """Rises with every change of the race itself; the standings' version is their run."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    # The attribute cannot be called metadata: SQLAlchemy keeps its tables there.
    details: Mapped[dict[str, Any]] = mapped_column("metadata", server_default=text("'{}'"))


class WagerRaceParticipant(Base):
    """Somebody who moved during a race, with the total he started from, in units of 10⁻⁸ dollars.

    His standing is his `all_time` less `baseline`, never stored while the race runs, since one report
    moves nearly every position; the settlement writes `race_standings`.
    """

    __tablename__ = "wager_race_participants"
    __table_args__ = (
        UniqueConstraint("race_id", "player_id"),
        CheckConstraint("baseline >= 0", name="baseline_not_negative"),
        Index("ix_wager_race_participants_joined_run_id", "joined_run_id"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    race_id: Mapped[int] = mapped_column(ForeignKey("wager_races.id"))
    player_id: Mapped[int] = mapped_column(ForeignKey("players.id"))
    baseline: Mapped[int]
    joined_run_id: Mapped[int]
    joined_at: Mapped[datetime]


class RaceStanding(Base):
    """A frozen standing of one version of a race's result. Totals in units of 10⁻⁸ dollars, prize in cents.

    No foreign keys: the one statement that writes here takes a million players from its own transaction.
    Nothing that counts can be changed; a name and a salt can go, when a person has himself erased.
    """

    __tablename__ = "race_standings"
    __table_args__ = (
        CheckConstraint("baseline >= 0 AND total >= 0 AND prize >= 0", name="amounts_not_negative"),
        CheckConstraint("excluded BETWEEN 0 AND 2", name="excluded"),
        CheckConstraint("octet_length(commitment) = 32", name="commitment_length"),
        CheckConstraint("octet_length(salt) = 16", name="salt_length"),
        CheckConstraint("position > 0", name="position_from_one"),
        CheckConstraint("prize = 0 OR position IS NOT NULL", name="only_places_pay"),
        Index("ix_race_standings_first", "player_id", postgresql_where=text("position = 1")),
    )

    race_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    player_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    username: Mapped[str]
    """As it was when the race was settled."""
    user_id: Mapped[int | None]
    baseline: Mapped[int]
    total: Mapped[int]
    """His `all_time` by the end boundary; the standing is what it exceeds the baseline by, or 0."""
    reached_run_id: Mapped[int]
    """The run that brought the total; ties go to the lower."""
    position: Mapped[int | None]
    prize: Mapped[int]
    excluded: Mapped[int] = mapped_column(SmallInteger)
    """0 no; 1 out of the ranking; 2 out of it after the settlement, his place left empty."""
    commitment: Mapped[bytes] = mapped_column(LargeBinary)
    """Stands for him in the proof."""
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Opens the commitment, with his uid and his name."""


class RaceProof(Base):
    """The proof of one version of a result, byte for byte, compressed with Zstandard. Append-only.

    Proofs of a series form one chain, those of single races another, each with one first link.
    """

    __tablename__ = "race_proofs"
    __table_args__ = (
        CheckConstraint("octet_length(sha256) = 32", name="sha256_length"),
        UniqueConstraint("series_id", "previous_sha256", postgresql_nulls_not_distinct=True),
    )

    race_id: Mapped[int] = mapped_column(ForeignKey("wager_races.id"), primary_key=True)
    version: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    series_id: Mapped[int | None]
    sha256: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    previous_sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class RaceAward(Base):
    """What a version of a result adds to what a player is owed, in cents, and its way to paid.

    The settlement's version owes whole prizes; when somebody moves up later, the new version owes the
    difference, so that nothing that was approved or paid is ever changed.
    """

    __tablename__ = "race_awards"
    __table_args__ = (
        UniqueConstraint("race_id", "player_id", "version"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("status IN ('pending', 'approved', 'paid', 'rejected')", name="status"),
        CheckConstraint("(paid_at IS NULL) = (paid_by IS NULL)", name="paid_by_somebody"),
        CheckConstraint("(status = 'paid') = (paid_at IS NOT NULL)", name="paid_has_time"),
        CheckConstraint("status NOT IN ('approved', 'paid') OR approved_by IS NOT NULL", name="approved"),
        CheckConstraint("(status = 'rejected') = (rejected_at IS NOT NULL)", name="rejected_has_time"),
        Index("ix_race_awards_due", "id", postgresql_where=text("status IN ('pending', 'approved')")),
        Index("ix_race_awards_player_id", "player_id"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    race_id: Mapped[int] = mapped_column(ForeignKey("wager_races.id"))
    version: Mapped[int] = mapped_column(SmallInteger)
    player_id: Mapped[int] = mapped_column(ForeignKey("players.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    position: Mapped[int]
    amount: Mapped[int]
    status: Mapped[str] = mapped_column(server_default="pending")
    created_at: Mapped[datetime]
    approved_by: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    paid_by: Mapped[str | None]
    paid_at: Mapped[datetime | None]
    reference: Mapped[str | None]
    """Of the payment, as the payer's books have it."""
    rejected_by: Mapped[str | None]
    rejected_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    """Why it was rejected."""
