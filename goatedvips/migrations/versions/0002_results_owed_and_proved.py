"""Results that are owed once and can be proved: audit, ledger, outbox, standings, proofs, awards."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

REJECT_POLICY = "reject_policy IN ('forfeit', 'move_up')"

# By trigger, and by a right that even the owner has given away: a slip of ours is refused twice.
APPEND_ONLY = "".join(
    f"""
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM PUBLIC, CURRENT_USER;
"""
    for table in ("audit_log", "ledger_transfers", "race_proofs")
)

# A person can have himself erased: his name, his account and the salt that ties him to the proof go.
FROZEN = """
CREATE FUNCTION refuse_other_result() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - ARRAY['username', 'user_id', 'salt']
       IS DISTINCT FROM to_jsonb(OLD) - ARRAY['username', 'user_id', 'salt'] THEN
        RAISE EXCEPTION 'a result is never changed; a correction is a new version'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE ON race_standings
    FOR EACH ROW EXECUTE FUNCTION refuse_other_result();
CREATE TRIGGER kept BEFORE DELETE ON race_standings
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept_whole BEFORE TRUNCATE ON race_standings
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE FUNCTION refuse_other_award() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.race_id, NEW.version, NEW.player_id, NEW.position, NEW.amount, NEW.created_at)
       IS DISTINCT FROM
       (OLD.id, OLD.race_id, OLD.version, OLD.player_id, OLD.position, OLD.amount, OLD.created_at)
       OR OLD.status IN ('paid', 'rejected') AND NEW.status <> OLD.status THEN
        RAISE EXCEPTION 'what was awarded is never changed, nor what was paid or rejected'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE ON race_awards
    FOR EACH ROW EXECUTE FUNCTION refuse_other_award();
CREATE TRIGGER kept BEFORE DELETE ON race_awards
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER kept_whole BEFORE TRUNCATE ON race_awards
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

KEEP_RESULTS = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM race_proofs) THEN
        RAISE EXCEPTION 'there are results, and going back would destroy them, the ledger and the audit log';
    END IF;
END $$
"""

POSTINGS = """
CREATE VIEW ledger_postings WITH (security_invoker = true) AS
SELECT id AS transfer_id, key, at, debit AS account, -amount AS amount FROM ledger_transfers
 UNION ALL
SELECT id, key, at, credit, amount FROM ledger_transfers
"""


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("previous_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id > 0", name=op.f("ck_audit_log_numbered_from_one")),
        sa.CheckConstraint(
            "octet_length(previous_sha256) = 32", name=op.f("ck_audit_log_previous_sha256_length")
        ),
        sa.CheckConstraint("octet_length(sha256) = 32", name=op.f("ck_audit_log_sha256_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
        sa.UniqueConstraint("previous_sha256", name=op.f("uq_audit_log_previous_sha256")),
        sa.UniqueConstraint("sha256", name=op.f("uq_audit_log_sha256")),
    )
    op.create_index("ix_audit_log_subject", "audit_log", ["subject"], unique=False)
    op.create_table(
        "ledger_transfers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("debit", sa.Text(), nullable=False),
        sa.Column("credit", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ledger_transfers_amount_positive")),
        sa.CheckConstraint("debit <> credit", name=op.f("ck_ledger_transfers_between_two_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_transfers")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_transfers_key")),
    )
    op.create_index("ix_ledger_transfers_credit", "ledger_transfers", ["credit"], unique=False)
    op.create_index("ix_ledger_transfers_debit", "ledger_transfers", ["debit"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(
        "ix_outbox_waiting", "outbox", ["id"], unique=False, postgresql_where=sa.text("delivered_at IS NULL")
    )
    op.create_table(
        "race_standings",
        sa.Column("race_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("player_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("baseline", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("reached_run_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("prize", sa.BigInteger(), nullable=False),
        sa.Column("excluded", sa.SmallInteger(), nullable=False),
        sa.Column("commitment", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "baseline >= 0 AND total >= 0 AND prize >= 0", name=op.f("ck_race_standings_amounts_not_negative")
        ),
        sa.CheckConstraint("excluded BETWEEN 0 AND 2", name=op.f("ck_race_standings_excluded")),
        sa.CheckConstraint("octet_length(commitment) = 32", name=op.f("ck_race_standings_commitment_length")),
        sa.CheckConstraint("octet_length(salt) = 16", name=op.f("ck_race_standings_salt_length")),
        sa.CheckConstraint("position > 0", name=op.f("ck_race_standings_position_from_one")),
        sa.CheckConstraint(
            "prize = 0 OR position IS NOT NULL", name=op.f("ck_race_standings_only_places_pay")
        ),
        sa.PrimaryKeyConstraint("race_id", "version", "player_id", name=op.f("pk_race_standings")),
    )
    op.create_index(
        "ix_race_standings_first",
        "race_standings",
        ["player_id"],
        unique=False,
        postgresql_where=sa.text("position = 1"),
    )
    op.create_table(
        "exclusions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("player_id", sa.BigInteger(), nullable=False),
        sa.Column("race_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('manual', 'staff', 'banned', 'self_excluded')", name=op.f("ck_exclusions_kind")
        ),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name=op.f("fk_exclusions_player_id_players")),
        sa.ForeignKeyConstraint(
            ["race_id"], ["wager_races.id"], name=op.f("fk_exclusions_race_id_wager_races")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusions")),
    )
    op.create_index(
        "uq_exclusions_standing",
        "exclusions",
        ["player_id", "race_id"],
        unique=True,
        postgresql_where=sa.text("lifted_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "race_proofs",
        sa.Column("race_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("series_id", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("previous_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("octet_length(sha256) = 32", name=op.f("ck_race_proofs_sha256_length")),
        sa.ForeignKeyConstraint(
            ["race_id"], ["wager_races.id"], name=op.f("fk_race_proofs_race_id_wager_races")
        ),
        sa.PrimaryKeyConstraint("race_id", "version", name=op.f("pk_race_proofs")),
        sa.UniqueConstraint(
            "series_id",
            "previous_sha256",
            name=op.f("uq_race_proofs_series_id_previous_sha256"),
            postgresql_nulls_not_distinct=True,
        ),
        sa.UniqueConstraint("sha256", name=op.f("uq_race_proofs_sha256")),
    )
    op.create_table(
        "race_awards",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("race_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("player_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_by", sa.Text(), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("rejected_by", sa.Text(), nullable=True),
        sa.Column("rejected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(status = 'paid') = (paid_at IS NOT NULL)", name=op.f("ck_race_awards_paid_has_time")
        ),
        sa.CheckConstraint(
            "(status = 'rejected') = (rejected_at IS NOT NULL)", name=op.f("ck_race_awards_rejected_has_time")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'approved', 'paid', 'rejected')", name=op.f("ck_race_awards_status")
        ),
        sa.CheckConstraint(
            "status NOT IN ('approved', 'paid') OR approved_by IS NOT NULL",
            name=op.f("ck_race_awards_approved"),
        ),
        sa.CheckConstraint(
            "(paid_at IS NULL) = (paid_by IS NULL)", name=op.f("ck_race_awards_paid_by_somebody")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_race_awards_amount_positive")),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name=op.f("fk_race_awards_player_id_players")),
        sa.ForeignKeyConstraint(
            ["race_id"], ["wager_races.id"], name=op.f("fk_race_awards_race_id_wager_races")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_race_awards_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_race_awards")),
        sa.UniqueConstraint(
            "race_id", "player_id", "version", name=op.f("uq_race_awards_race_id_player_id_version")
        ),
    )
    op.create_index(
        "ix_race_awards_due",
        "race_awards",
        ["id"],
        unique=False,
        postgresql_where=sa.text("status IN ('pending', 'approved')"),
    )
    op.create_index("ix_race_awards_player_id", "race_awards", ["player_id"], unique=False)
    op.add_column(
        "race_series", sa.Column("reject_policy", sa.Text(), server_default="forfeit", nullable=False)
    )
    op.add_column("race_series", sa.Column("version", sa.BigInteger(), server_default="1", nullable=False))
    op.drop_column("wager_race_participants", "position")
    op.drop_column("wager_race_participants", "wagered")
    op.drop_column("wager_race_participants", "reached_run_id")
    op.drop_column("wager_race_participants", "prize")
    op.add_column(
        "wager_races", sa.Column("reject_policy", sa.Text(), server_default="forfeit", nullable=False)
    )
    op.add_column("wager_races", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "wager_races", sa.Column("result_version", sa.SmallInteger(), server_default="0", nullable=False)
    )
    op.create_check_constraint("baseline_not_negative", "wager_race_participants", "baseline >= 0")
    op.create_check_constraint("reject_policy", "race_series", REJECT_POLICY)
    op.create_check_constraint("reject_policy", "wager_races", REJECT_POLICY)
    op.create_check_constraint(
        "completed_is_settled",
        "wager_races",
        "(status = 'completed') = (settled_at IS NOT NULL)"
        " AND (settled_at IS NULL OR end_run_id IS NOT NULL)",
    )
    op.create_check_constraint(
        "completed_has_result", "wager_races", "(status = 'completed') = (result_version > 0)"
    )
    op.execute(APPEND_ONLY)
    op.execute(FROZEN)
    op.execute(POSTINGS)


def downgrade() -> None:
    op.execute(KEEP_RESULTS)
    op.execute("DROP VIEW ledger_postings")
    op.drop_column("wager_races", "result_version")
    op.drop_column("wager_races", "settled_at")
    op.drop_column("wager_races", "reject_policy")
    op.drop_constraint(op.f("ck_wager_race_participants_baseline_not_negative"), "wager_race_participants")
    op.add_column(
        "wager_race_participants", sa.Column("prize", sa.BIGINT(), autoincrement=False, nullable=True)
    )
    op.add_column(
        "wager_race_participants",
        sa.Column("reached_run_id", sa.BIGINT(), autoincrement=False, nullable=True),
    )
    op.add_column(
        "wager_race_participants", sa.Column("wagered", sa.BIGINT(), autoincrement=False, nullable=True)
    )
    op.add_column(
        "wager_race_participants", sa.Column("position", sa.BIGINT(), autoincrement=False, nullable=True)
    )
    op.drop_column("race_series", "version")
    op.drop_column("race_series", "reject_policy")
    op.drop_index("ix_race_awards_player_id", table_name="race_awards")
    op.drop_index(
        "ix_race_awards_due",
        table_name="race_awards",
        postgresql_where=sa.text("status IN ('pending', 'approved')"),
    )
    op.drop_table("race_awards")
    op.drop_table("race_proofs")
    op.drop_index(
        "uq_exclusions_standing",
        table_name="exclusions",
        postgresql_where=sa.text("lifted_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.drop_table("exclusions")
    op.drop_index(
        "ix_race_standings_first", table_name="race_standings", postgresql_where=sa.text("position = 1")
    )
    op.drop_table("race_standings")
    op.drop_index("ix_outbox_waiting", table_name="outbox", postgresql_where=sa.text("delivered_at IS NULL"))
    op.drop_table("outbox")
    op.drop_index("ix_ledger_transfers_debit", table_name="ledger_transfers")
    op.drop_index("ix_ledger_transfers_credit", table_name="ledger_transfers")
    op.drop_table("ledger_transfers")
    op.drop_index("ix_audit_log_subject", table_name="audit_log")
    op.drop_table("audit_log")
    op.create_check_constraint(
        "amounts_not_negative", "wager_race_participants", "baseline >= 0 AND wagered >= 0"
    )
    op.execute("DROP FUNCTION refuse_other_result")
    op.execute("DROP FUNCTION refuse_other_award")
