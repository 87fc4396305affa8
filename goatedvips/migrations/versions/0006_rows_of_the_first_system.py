"""What the rows of the first system became here, and an archive of the races that it ended."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("legacy_rows", "legacy_races", "legacy_race_participants")


def upgrade() -> None:
    op.create_table(
        "legacy_rows",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("target_id", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('user', 'link', 'reset', 'race')", name=op.f("ck_legacy_rows_kind")),
        sa.PrimaryKeyConstraint("kind", "source_id", name=op.f("pk_legacy_rows")),
    )
    op.create_table(
        "legacy_races",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("start_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("prize_pool", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "type IN ('daily', 'weekly', 'monthly', 'special')", name=op.f("ck_legacy_races_type")
        ),
        sa.CheckConstraint("status IN ('completed', 'cancelled')", name=op.f("ck_legacy_races_status")),
        sa.CheckConstraint("start_date < end_date", name=op.f("ck_legacy_races_ends_after_it_starts")),
        sa.CheckConstraint("prize_pool >= 0", name=op.f("ck_legacy_races_prize_pool_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legacy_races")),
    )
    op.create_table(
        "legacy_race_participants",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("race_id", sa.BigInteger(), nullable=False),
        sa.Column("goated_id", sa.Text(), nullable=False),
        sa.Column("wagered", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("prize", sa.BigInteger(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "wagered >= 0 AND prize >= 0", name=op.f("ck_legacy_race_participants_amounts_not_negative")
        ),
        sa.CheckConstraint("position > 0", name=op.f("ck_legacy_race_participants_position_positive")),
        sa.ForeignKeyConstraint(
            ["race_id"], ["legacy_races.id"], name=op.f("fk_legacy_race_participants_race_id_legacy_races")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legacy_race_participants")),
    )
    op.create_index("ix_legacy_race_participants_goated_id", "legacy_race_participants", ["goated_id"])
    op.create_index("ix_legacy_race_participants_race_id", "legacy_race_participants", ["race_id"])
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
