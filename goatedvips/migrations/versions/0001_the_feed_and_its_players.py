"""The feed, its players, their wagers and the races."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


COUNTS_NOT_NEGATIVE = (
    "records_processed >= 0 AND records_created >= 0 AND records_updated >= 0 AND records_skipped >= 0"
)
APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON wager_readings
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON player_names
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

# The invoker's rights, since a view with its owner's would show a reader what row security hides.
AMOUNTS_FOR_PEOPLE = """
CREATE VIEW wager_amounts WITH (security_invoker = true) AS
SELECT player_id,
       (today * 0.00000001)::numeric(20, 8) AS today,
       (this_week * 0.00000001)::numeric(20, 8) AS this_week,
       (this_month * 0.00000001)::numeric(20, 8) AS this_month,
       (all_time * 0.00000001)::numeric(20, 8) AS all_time
  FROM wager_totals
"""

# Search works without trigrams, only slower: a managed server may not offer the extension.
TRIGRAMS = """
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX ix_players_goated_username_trgm ON players USING gin (lower(goated_username) gin_trgm_ops);
    CREATE INDEX ix_users_username_trgm ON users USING gin (lower(username) gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE NOTICE 'pg_trgm is not available; search by name will read the whole table';
END $$
"""


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("person_ids")))
    op.create_table(
        "feed_reports",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("is_boundary", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("octet_length(sha256) = 32", name=op.f("ck_feed_reports_sha256_length")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_feed_reports")),
    )
    op.create_table(
        "race_series",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("start_hour", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("start_day", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("prize_pool", sa.BigInteger(), nullable=False),
        sa.Column("prizes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tie_policy", sa.Text(), server_default="first_to_reach", nullable=False),
        sa.Column("min_wager", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "tie_policy IN ('first_to_reach', 'shared')", name=op.f("ck_race_series_tie_policy")
        ),
        sa.CheckConstraint("type IN ('daily', 'weekly', 'monthly')", name=op.f("ck_race_series_type")),
        sa.CheckConstraint(
            "prize_pool >= 0 AND min_wager >= 0", name=op.f("ck_race_series_amounts_not_negative")
        ),
        sa.CheckConstraint("start_day BETWEEN 1 AND 31", name=op.f("ck_race_series_start_day")),
        sa.CheckConstraint("start_hour BETWEEN 0 AND 23", name=op.f("ck_race_series_start_hour")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_race_series")),
        sa.UniqueConstraint("name", name=op.f("uq_race_series_name")),
    )
    op.create_table(
        "sync_logs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("sync_type", sa.Text(), nullable=False),
        sa.Column("target_entity", sa.Text(), nullable=False),
        sa.Column("records_processed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("records_created", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("records_updated", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("records_skipped", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("start_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Text(), server_default="running", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column(
            "metadata",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report_sha256", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(status = 'running') = (end_time IS NULL)", name=op.f("ck_sync_logs_ended_has_end_time")
        ),
        sa.CheckConstraint(
            "status <> 'completed' OR (as_of IS NOT NULL AND report_sha256 IS NOT NULL)",
            name=op.f("ck_sync_logs_completed_has_report"),
        ),
        sa.CheckConstraint(
            "status IN ('running', 'completed', 'failed', 'quarantined')", name=op.f("ck_sync_logs_status")
        ),
        sa.CheckConstraint(
            COUNTS_NOT_NEGATIVE,
            name=op.f("ck_sync_logs_counts_not_negative"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_logs")),
    )
    op.create_index(
        "ix_sync_logs_completed",
        "sync_logs",
        ["id"],
        unique=False,
        postgresql_where=sa.text("status = 'completed'"),
    )
    op.create_index(
        "uq_sync_logs_running",
        "sync_logs",
        ["target_entity"],
        unique=True,
        postgresql_where=sa.text("status = 'running'"),
    )
    op.create_table(
        "wager_readings",
        sa.Column("player_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("today", sa.BigInteger(), nullable=False),
        sa.Column("this_week", sa.BigInteger(), nullable=False),
        sa.Column("this_month", sa.BigInteger(), nullable=False),
        sa.Column("all_time", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("all_time >= 0", name=op.f("ck_wager_readings_all_time_not_negative")),
        sa.CheckConstraint("this_month >= 0", name=op.f("ck_wager_readings_this_month_not_negative")),
        sa.CheckConstraint("this_week >= 0", name=op.f("ck_wager_readings_this_week_not_negative")),
        sa.CheckConstraint("today >= 0", name=op.f("ck_wager_readings_today_not_negative")),
        sa.PrimaryKeyConstraint("player_id", "as_of", name=op.f("pk_wager_readings")),
        postgresql_partition_by="RANGE (as_of)",
    )
    op.create_index("ix_wager_readings_run_id", "wager_readings", ["run_id"], unique=False)
    op.create_table(
        "players",
        sa.Column("id", sa.BigInteger(), server_default=sa.text("nextval('person_ids')"), nullable=False),
        sa.Column("goated_id", sa.Text(), nullable=False),
        sa.Column("goated_username", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("first_run_id", sa.BigInteger(), nullable=False),
        sa.Column("is_late", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("goated_id <> ''", name=op.f("ck_players_goated_id_not_empty")),
        sa.CheckConstraint("goated_username <> ''", name=op.f("ck_players_goated_username_not_empty")),
        sa.ForeignKeyConstraint(
            ["first_run_id"], ["sync_logs.id"], name=op.f("fk_players_first_run_id_sync_logs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_players")),
        sa.UniqueConstraint("goated_id", name=op.f("uq_players_goated_id")),
    )
    op.create_index(
        "ix_players_lower_goated_username",
        "players",
        [sa.literal_column("lower(goated_username) text_pattern_ops")],
        unique=False,
    )
    op.create_table(
        "transformation_logs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("transformation_type", sa.Text(), nullable=False),
        sa.Column("source_type", sa.Text(), nullable=False),
        sa.Column("records_processed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("records_created", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("records_updated", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("records_skipped", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("start_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Text(), server_default="running", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column(
            "metadata",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "status IN ('running', 'completed', 'failed')", name=op.f("ck_transformation_logs_status")
        ),
        sa.CheckConstraint(
            COUNTS_NOT_NEGATIVE,
            name=op.f("ck_transformation_logs_counts_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["sync_logs.id"], name=op.f("fk_transformation_logs_run_id_sync_logs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transformation_logs")),
    )
    op.create_index("ix_transformation_logs_start_time", "transformation_logs", ["start_time"], unique=False)
    op.create_table(
        "wager_races",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("series_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("start_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), server_default="scheduled", nullable=False),
        sa.Column("prize_pool", sa.BigInteger(), nullable=False),
        sa.Column("prizes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tie_policy", sa.Text(), server_default="first_to_reach", nullable=False),
        sa.Column("min_wager", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("timezone", sa.Text(), server_default="UTC", nullable=False),
        sa.Column("start_run_id", sa.BigInteger(), nullable=True),
        sa.Column("end_run_id", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "metadata",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "status IN ('scheduled', 'live', 'completed', 'cancelled')", name=op.f("ck_wager_races_status")
        ),
        sa.CheckConstraint(
            "tie_policy IN ('first_to_reach', 'shared')", name=op.f("ck_wager_races_tie_policy")
        ),
        sa.CheckConstraint(
            "type IN ('daily', 'weekly', 'monthly', 'special')", name=op.f("ck_wager_races_type")
        ),
        sa.CheckConstraint("end_run_id >= start_run_id", name=op.f("ck_wager_races_boundaries_in_order")),
        sa.CheckConstraint(
            "end_run_id IS NULL OR start_run_id IS NOT NULL", name=op.f("ck_wager_races_ends_with_a_start")
        ),
        sa.CheckConstraint(
            "prize_pool >= 0 AND min_wager >= 0", name=op.f("ck_wager_races_amounts_not_negative")
        ),
        sa.CheckConstraint("start_date < end_date", name=op.f("ck_wager_races_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["end_run_id"], ["sync_logs.id"], name=op.f("fk_wager_races_end_run_id_sync_logs")
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["race_series.id"], name=op.f("fk_wager_races_series_id_race_series")
        ),
        sa.ForeignKeyConstraint(
            ["start_run_id"], ["sync_logs.id"], name=op.f("fk_wager_races_start_run_id_sync_logs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wager_races")),
        sa.UniqueConstraint("series_id", "start_date", name=op.f("uq_wager_races_series_id_start_date")),
    )
    op.create_index(
        "ix_wager_races_open",
        "wager_races",
        ["end_date"],
        unique=False,
        postgresql_where=sa.text("status IN ('scheduled', 'live')"),
    )
    op.create_index("ix_wager_races_start_date", "wager_races", ["start_date"], unique=False)
    op.create_table(
        "player_names",
        sa.Column("player_id", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("goated_username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["player_id"], ["players.id"], name=op.f("fk_player_names_player_id_players")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["sync_logs.id"], name=op.f("fk_player_names_run_id_sync_logs")),
        sa.PrimaryKeyConstraint("player_id", "run_id", name=op.f("pk_player_names")),
    )
    op.create_index("ix_player_names_run_id", "player_names", ["run_id"], unique=False)
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), server_default=sa.text("nextval('person_ids')"), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("bio", sa.Text(), nullable=True),
        sa.Column("profile_color", sa.Text(), server_default="#D7FF00", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("player_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("profile_color ~ '^#[0-9A-Fa-f]{6}$'", name=op.f("ck_users_profile_color_is_rgb")),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name=op.f("fk_users_player_id_players")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("player_id", name=op.f("uq_users_player_id")),
        sa.UniqueConstraint("username", name=op.f("uq_users_username")),
    )
    op.create_index(
        "ix_users_lower_username",
        "users",
        [sa.literal_column("lower(username) text_pattern_ops")],
        unique=False,
    )
    op.create_table(
        "wager_race_participants",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("race_id", sa.BigInteger(), nullable=False),
        sa.Column("player_id", sa.BigInteger(), nullable=False),
        sa.Column("baseline", sa.BigInteger(), nullable=False),
        sa.Column("wagered", sa.BigInteger(), nullable=True),
        sa.Column("reached_run_id", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("prize", sa.BigInteger(), nullable=True),
        sa.Column("joined_run_id", sa.BigInteger(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "baseline >= 0 AND wagered >= 0", name=op.f("ck_wager_race_participants_amounts_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["player_id"], ["players.id"], name=op.f("fk_wager_race_participants_player_id_players")
        ),
        sa.ForeignKeyConstraint(
            ["race_id"], ["wager_races.id"], name=op.f("fk_wager_race_participants_race_id_wager_races")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wager_race_participants")),
        sa.UniqueConstraint(
            "race_id", "player_id", name=op.f("uq_wager_race_participants_race_id_player_id")
        ),
    )
    op.create_index(
        "ix_wager_race_participants_joined_run_id", "wager_race_participants", ["joined_run_id"], unique=False
    )
    op.create_table(
        "wager_totals",
        sa.Column("player_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("today", sa.BigInteger(), nullable=False),
        sa.Column("this_week", sa.BigInteger(), nullable=False),
        sa.Column("this_month", sa.BigInteger(), nullable=False),
        sa.Column("all_time", sa.BigInteger(), nullable=False),
        sa.Column("today_run", sa.BigInteger(), nullable=False),
        sa.Column("this_week_run", sa.BigInteger(), nullable=False),
        sa.Column("this_month_run", sa.BigInteger(), nullable=False),
        sa.Column("all_time_run", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("all_time >= 0", name=op.f("ck_wager_totals_all_time_not_negative")),
        sa.CheckConstraint("this_month >= 0", name=op.f("ck_wager_totals_this_month_not_negative")),
        sa.CheckConstraint("this_week >= 0", name=op.f("ck_wager_totals_this_week_not_negative")),
        sa.CheckConstraint("today >= 0", name=op.f("ck_wager_totals_today_not_negative")),
        sa.ForeignKeyConstraint(
            ["player_id"], ["players.id"], name=op.f("fk_wager_totals_player_id_players")
        ),
        sa.PrimaryKeyConstraint("player_id", name=op.f("pk_wager_totals")),
        postgresql_with={"fillfactor": "90"},
    )
    op.execute(APPEND_ONLY)
    op.execute(AMOUNTS_FOR_PEOPLE)
    op.execute(TRIGRAMS)


def downgrade() -> None:
    op.execute("DROP VIEW wager_amounts")
    op.drop_table("wager_totals")
    op.drop_index("ix_wager_race_participants_joined_run_id", table_name="wager_race_participants")
    op.drop_table("wager_race_participants")
    op.drop_index("ix_users_lower_username", table_name="users")
    op.drop_table("users")
    op.drop_index("ix_player_names_run_id", table_name="player_names")
    op.drop_table("player_names")
    op.drop_index("ix_wager_races_start_date", table_name="wager_races")
    op.drop_index(
        "ix_wager_races_open",
        table_name="wager_races",
        postgresql_where=sa.text("status IN ('scheduled', 'live')"),
    )
    op.drop_table("wager_races")
    op.drop_index("ix_transformation_logs_start_time", table_name="transformation_logs")
    op.drop_table("transformation_logs")
    op.drop_index("ix_players_lower_goated_username", table_name="players")
    op.drop_table("players")
    op.drop_index("ix_wager_readings_run_id", table_name="wager_readings")
    op.drop_table("wager_readings")
    op.drop_index(
        "uq_sync_logs_running", table_name="sync_logs", postgresql_where=sa.text("status = 'running'")
    )
    op.drop_index(
        "ix_sync_logs_completed", table_name="sync_logs", postgresql_where=sa.text("status = 'completed'")
    )
    op.drop_table("sync_logs")
    op.drop_table("race_series")
    op.drop_table("feed_reports")
    op.execute("DROP FUNCTION refuse_change")
    op.execute(sa.schema.DropSequence(sa.Sequence("person_ids")))
