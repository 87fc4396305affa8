"""Logs in partitions of a day, and the functions by which the app's role has partitions made and dropped."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COUNTS_NOT_NEGATIVE = (
    "records_processed >= 0 AND records_created >= 0 AND records_updated >= 0 AND records_skipped >= 0"
)

# They act with the owner's rights, so they name what they touch: no caller's word becomes a table's name.
# Several may look ahead at once: the lock is what attaching takes anyhow, so that readers and writers go on,
# and whoever comes second finds the partition made. It is made apart and then attached: PARTITION OF would
# wait for every reader, and they for it.
FUNCTIONS = """
CREATE FUNCTION make_room(parent text, day date) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    span interval := CASE parent WHEN 'wager_readings' THEN interval '1 month'
                                 WHEN 'transformation_logs' THEN interval '1 day'
                                 WHEN 'api_request_logs' THEN interval '1 day' END;
    starts timestamp := date_trunc(CASE parent WHEN 'wager_readings' THEN 'month' ELSE 'day' END,
                                   day::timestamp);
    partition text := parent || to_char(starts, CASE parent WHEN 'wager_readings' THEN '_YYYYMM'
                                                            ELSE '_YYYYMMDD' END);
BEGIN
    IF span IS NULL THEN
        RAISE EXCEPTION '% has no partitions', parent USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF to_regclass(partition) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('LOCK TABLE %I IN SHARE UPDATE EXCLUSIVE MODE', parent);
    IF to_regclass(partition) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)',
                   partition, parent);
    IF parent = 'wager_readings' THEN
        -- The parent's own does not hold for what is emptied by name.
        EXECUTE format('CREATE TRIGGER kept_whole BEFORE TRUNCATE ON %I'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', partition);
    END IF;
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                   parent, partition, starts::text || '+00', (starts + span)::text || '+00');
    RETURN true;
END $$;

CREATE FUNCTION drop_room(parent text, before date) RETURNS text[]
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    old text[];
    partition text;
BEGIN
    IF parent NOT IN ('transformation_logs', 'api_request_logs') THEN
        RAISE EXCEPTION 'nothing of % is ever dropped', parent USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- Ranges by their ends, whatever the names: FOR VALUES FROM ('…') TO ('2026-11-25 00:00:00+00').
    SELECT array_agg(child.relname ORDER BY child.relname) INTO old
      FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
     WHERE inhparent = parent::regclass
       AND substring(pg_get_expr(child.relpartbound, child.oid) FROM 'TO \\(''([^'']+)''\\)')::timestamptz
           <= before::timestamp AT TIME ZONE 'UTC';
    FOREACH partition IN ARRAY coalesce(old, '{}') LOOP
        EXECUTE format('DROP TABLE %I', partition);
    END LOOP;
    RETURN coalesce(old, '{}');
END $$;

REVOKE EXECUTE ON FUNCTION make_room(text, date), drop_room(text, date) FROM PUBLIC;
"""

KEEP_LOGS = """
DO $$
DECLARE
    day date;
BEGIN
    FOR day IN SELECT DISTINCT (start_time AT TIME ZONE 'UTC')::date FROM transformation_logs_before LOOP
        PERFORM make_room('transformation_logs', day);
    END LOOP;
END $$;
INSERT INTO transformation_logs OVERRIDING SYSTEM VALUE
SELECT id, run_id, transformation_type, source_type, records_processed, records_created, records_updated,
       records_skipped, start_time, end_time, status, error, metadata
  FROM transformation_logs_before ORDER BY id;
SELECT setval(pg_get_serial_sequence('transformation_logs', 'id'),
              coalesce((SELECT max(id) FROM transformation_logs_before), 0) + 1, false);
DROP TABLE transformation_logs_before;
"""


def upgrade() -> None:
    op.execute(FUNCTIONS)
    op.create_table(
        "api_request_logs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("milliseconds", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("api_key_id", sa.BigInteger(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        # In the order in which it is read: by time.
        sa.PrimaryKeyConstraint("at", "id", name=op.f("pk_api_request_logs")),
        postgresql_partition_by="RANGE (at)",
    )
    # Most requests are a stranger's, and every index costs each of them.
    op.create_index(
        "ix_api_request_logs_user_id",
        "api_request_logs",
        ["user_id", "at"],
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )
    op.execute("ALTER TABLE transformation_logs RENAME TO transformation_logs_before")
    op.execute("ALTER INDEX pk_transformation_logs RENAME TO pk_transformation_logs_before")
    _transformation_logs(primary_key=("id", "start_time"), postgresql_partition_by="RANGE (start_time)")
    op.create_index("ix_transformation_logs_run_id", "transformation_logs", ["run_id"])
    op.execute(KEEP_LOGS)


def downgrade() -> None:
    op.execute("ALTER TABLE transformation_logs RENAME TO transformation_logs_after")
    op.execute("ALTER INDEX pk_transformation_logs RENAME TO pk_transformation_logs_after")
    _transformation_logs(primary_key=("id",))
    op.create_index("ix_transformation_logs_start_time", "transformation_logs", ["start_time"])
    op.execute(
        "INSERT INTO transformation_logs OVERRIDING SYSTEM VALUE SELECT * FROM transformation_logs_after"
    )
    op.execute("DROP TABLE transformation_logs_after")
    op.drop_table("api_request_logs")
    op.execute("DROP FUNCTION make_room(text, date)")
    op.execute("DROP FUNCTION drop_room(text, date)")


def _transformation_logs(*, primary_key: tuple[str, ...], **options: Any) -> None:  # noqa: ANN401 - handed on to SQLAlchemy
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
        sa.CheckConstraint(COUNTS_NOT_NEGATIVE, name=op.f("ck_transformation_logs_counts_not_negative")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["sync_logs.id"], name=op.f("fk_transformation_logs_run_id_sync_logs")
        ),
        sa.PrimaryKeyConstraint(*primary_key, name=op.f("pk_transformation_logs")),
        **options,
    )
