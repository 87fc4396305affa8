"""Accounts: who somebody is, how he proves it, and who his player is."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEEP_PEOPLE = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM user_accounts) THEN
        RAISE EXCEPTION 'there are accounts, and going back would destroy them';
    END IF;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "login_attempts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("device_id", sa.BigInteger(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempts")),
    )
    op.create_index("ix_login_attempts_address", "login_attempts", ["kind", "address", "at"], unique=False)
    op.create_index("ix_login_attempts_at", "login_attempts", ["at"], unique=False)
    op.create_index(
        "ix_login_attempts_subject", "login_attempts", ["kind", "subject_sha256", "at"], unique=False
    )
    op.create_table(
        "quarantine_reviews",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "decision IN ('applied', 'discarded')", name=op.f("ck_quarantine_reviews_decision")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["sync_logs.id"], name=op.f("fk_quarantine_reviews_run_id_sync_logs")
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_quarantine_reviews")),
    )
    op.create_table(
        "sync_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("quarantined_run_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "quarantined_run_id IS NULL OR reason IS NOT NULL", name=op.f("ck_sync_requests_says_why")
        ),
        sa.ForeignKeyConstraint(
            ["quarantined_run_id"],
            ["sync_logs.id"],
            name=op.f("fk_sync_requests_quarantined_run_id_sync_logs"),
        ),
        sa.ForeignKeyConstraint(["run_id"], ["sync_logs.id"], name=op.f("fk_sync_requests_run_id_sync_logs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_requests")),
    )
    op.create_index(
        "ix_sync_requests_waiting",
        "sync_requests",
        ["id"],
        unique=False,
        postgresql_where=sa.text("taken_at IS NULL"),
    )
    op.create_table(
        "tier_changes",
        sa.Column("player_id", sa.BigInteger(), nullable=False),
        sa.Column("tier", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("tier BETWEEN 1 AND 6", name=op.f("ck_tier_changes_tier")),
        sa.ForeignKeyConstraint(
            ["player_id"], ["players.id"], name=op.f("fk_tier_changes_player_id_players")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["sync_logs.id"], name=op.f("fk_tier_changes_run_id_sync_logs")),
        sa.PrimaryKeyConstraint("player_id", "tier", name=op.f("pk_tier_changes")),
    )
    op.create_index("ix_tier_changes_run_id", "tier_changes", ["run_id"], unique=False)
    op.create_table(
        "api_keys",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("octet_length(token_sha256) = 32", name=op.f("ck_api_keys_token_sha256_length")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_api_keys_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_api_keys_token_sha256")),
    )
    op.create_index("ix_api_keys_user_id", "api_keys", ["user_id"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "octet_length(request_sha256) = 32", name=op.f("ck_idempotency_keys_request_sha256_length")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_idempotency_keys_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"], unique=False)
    op.create_table(
        "link_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("player_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(status = 'pending') = (decided_at IS NULL)", name=op.f("ck_link_requests_decided_has_time")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'approved', 'rejected', 'withdrawn')", name=op.f("ck_link_requests_status")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_link_requests_decided_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["player_id"], ["players.id"], name=op.f("fk_link_requests_player_id_players")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_link_requests_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_requests")),
    )
    op.create_index("ix_link_requests_player_id", "link_requests", ["player_id"], unique=False)
    op.create_index(
        "uq_link_requests_open",
        "link_requests",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("code_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "code_sha256", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "self_exclusions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "until IS NULL OR until > created_at", name=op.f("ck_self_exclusions_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_self_exclusions_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_exclusions")),
    )
    op.create_index("ix_self_exclusions_user_id", "self_exclusions", ["user_id"], unique=False)
    op.create_table(
        "user_accounts",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("email_lower", sa.Text(), sa.Computed("lower(email)", persisted=True), nullable=True),
        sa.Column("email_verified", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("last_login", sa.DateTime(timezone=True), nullable=True),
        sa.Column("age_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("banned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("banned_by", sa.Text(), nullable=True),
        sa.Column("ban_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(banned_at IS NULL) = (banned_by IS NULL)", name=op.f("ck_user_accounts_banned_by_somebody")
        ),
        sa.CheckConstraint(
            "NOT email_verified OR email IS NOT NULL", name=op.f("ck_user_accounts_verified_email_is_there")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_accounts_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_accounts")),
    )
    op.create_index("ix_user_accounts_email_lower", "user_accounts", ["email_lower"], unique=False)
    op.create_index(
        "uq_user_accounts_verified_email",
        "user_accounts",
        ["email_lower"],
        unique=True,
        postgresql_where=sa.text("email_verified"),
    )
    op.create_table(
        "user_credentials",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("truncates", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "totp_confirmed_at IS NULL OR totp_secret IS NOT NULL",
            name=op.f("ck_user_credentials_confirmed_totp_is_there"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_credentials_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_credentials")),
    )
    op.create_table(
        "user_devices",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "octet_length(token_sha256) = 32", name=op.f("ck_user_devices_token_sha256_length")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_devices_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_devices")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_user_devices_token_sha256")),
    )
    op.create_index("ix_user_devices_user_id", "user_devices", ["user_id"], unique=False)
    op.create_table(
        "user_names",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_names_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "changed_at", name=op.f("pk_user_names")),
    )
    op.create_table(
        "user_sessions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("authenticated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "octet_length(token_sha256) = 32", name=op.f("ck_user_sessions_token_sha256_length")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_sessions_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_sessions")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_user_sessions_token_sha256")),
    )
    op.create_index("ix_user_sessions_expires_at", "user_sessions", ["expires_at"], unique=False)
    op.create_index("ix_user_sessions_user_id", "user_sessions", ["user_id"], unique=False)
    op.create_table(
        "user_tokens",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('verify_email', 'reset_password')", name=op.f("ck_user_tokens_purpose")
        ),
        sa.CheckConstraint("octet_length(sha256) = 32", name=op.f("ck_user_tokens_sha256_length")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_tokens_user_id_users")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_user_tokens")),
    )
    op.create_index("ix_user_tokens_user_id", "user_tokens", ["user_id"], unique=False)
    op.create_table(
        "link_signatures",
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("first_amount", sa.BigInteger(), nullable=False),
        sa.Column("second_amount", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_run_id", sa.BigInteger(), nullable=True),
        sa.Column("second_run_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(first_run_id IS NULL) = (second_run_id IS NULL)", name=op.f("ck_link_signatures_seen_whole")
        ),
        sa.CheckConstraint("first_amount <> second_amount", name=op.f("ck_link_signatures_amounts_differ")),
        sa.CheckConstraint(
            "first_amount > 0 AND second_amount > 0", name=op.f("ck_link_signatures_amounts_positive")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_link_signatures_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["link_requests.id"], name=op.f("fk_link_signatures_request_id_link_requests")
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_link_signatures")),
    )
    op.drop_index(
        op.f("uq_exclusions_standing"),
        table_name="exclusions",
        postgresql_where="(lifted_at IS NULL)",
        postgresql_nulls_not_distinct=True,
    )
    op.create_index(
        "uq_exclusions_standing",
        "exclusions",
        ["player_id", "race_id", "kind"],
        unique=True,
        postgresql_where=sa.text("lifted_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.add_column("outbox", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE outbox SET due_at = created_at")
    op.alter_column("outbox", "due_at", nullable=False)
    op.add_column("outbox", sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("outbox", sa.Column("error", sa.Text(), nullable=True))
    op.drop_index(op.f("ix_outbox_waiting"), table_name="outbox", postgresql_where="(delivered_at IS NULL)")
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
    op.add_column(
        "exclusions", sa.Column("is_void", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.create_check_constraint(
        "void_is_lifted", "exclusions", "NOT is_void OR lifted_at IS NOT NULL AND kind <> 'self_excluded'"
    )
    op.add_column("players", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("users", sa.Column("username_skeleton", sa.Text(), nullable=True))
    op.execute("UPDATE users SET username_skeleton = lower(username)")
    op.alter_column("users", "username_skeleton", nullable=False)
    op.add_column("users", sa.Column("privacy", sa.Text(), server_default="public", nullable=False))
    op.add_column("users", sa.Column("role", sa.Text(), server_default="user", nullable=False))
    op.add_column(
        "users",
        sa.Column("is_admin", sa.Boolean(), sa.Computed("role = 'admin'", persisted=True), nullable=False),
    )
    op.add_column("users", sa.Column("status", sa.Text(), server_default="active", nullable=False))
    op.add_column("users", sa.Column("last_updated", sa.DateTime(timezone=True), nullable=True))
    op.add_column("users", sa.Column("version", sa.BigInteger(), server_default="1", nullable=False))
    op.drop_index(
        op.f("ix_users_lower_username"),
        table_name="users",
        postgresql_ops={"lower(username)": "text_pattern_ops"},
    )
    op.create_index(
        "ix_users_role", "users", ["role"], unique=False, postgresql_where=sa.text("role <> 'user'")
    )
    op.add_column(
        "users",
        sa.Column(
            "username_lower", sa.Text(), sa.Computed("lower(username)", persisted=True), nullable=False
        ),
    )
    op.create_unique_constraint(op.f("uq_users_username_lower"), "users", ["username_lower"])
    op.create_unique_constraint(op.f("uq_users_username_skeleton"), "users", ["username_skeleton"])
    op.create_check_constraint("role", "users", "role IN ('user', 'support', 'admin')")
    op.create_check_constraint("status", "users", "status IN ('active', 'banned', 'erased')")
    op.create_check_constraint("privacy", "users", "privacy IN ('public', 'masked', 'hidden')")
    op.create_check_constraint(
        "erased_is_empty", "users", "status <> 'erased' OR player_id IS NULL AND bio IS NULL"
    )
    op.create_check_constraint("attempts_not_negative", "outbox", "attempts >= 0")


def downgrade() -> None:
    op.execute(KEEP_PEOPLE)
    op.drop_constraint(op.f("ck_outbox_attempts_not_negative"), "outbox")
    op.drop_constraint(op.f("ck_users_erased_is_empty"), "users")
    op.drop_constraint(op.f("uq_users_username_skeleton"), "users", type_="unique")
    op.drop_column("users", "username_lower")
    op.drop_index("ix_users_role", table_name="users", postgresql_where=sa.text("role <> 'user'"))
    op.create_index(
        op.f("ix_users_lower_username"),
        "users",
        [sa.literal_column("lower(username)")],
        unique=False,
        postgresql_ops={"lower(username)": "text_pattern_ops"},
    )
    op.drop_column("users", "version")
    op.drop_column("users", "last_updated")
    op.drop_column("users", "status")
    op.drop_column("users", "is_admin")
    op.drop_column("users", "role")
    op.drop_column("users", "privacy")
    op.drop_column("users", "username_skeleton")
    op.drop_column("players", "erased_at")
    op.drop_constraint(op.f("ck_exclusions_void_is_lifted"), "exclusions")
    op.drop_column("exclusions", "is_void")
    op.drop_index("ix_outbox_waiting", table_name="outbox", postgresql_where=sa.text("delivered_at IS NULL"))
    op.create_index(
        op.f("ix_outbox_waiting"), "outbox", ["id"], unique=False, postgresql_where="(delivered_at IS NULL)"
    )
    op.drop_column("outbox", "error")
    op.drop_column("outbox", "attempts")
    op.drop_column("outbox", "due_at")
    op.drop_index(
        "uq_exclusions_standing",
        table_name="exclusions",
        postgresql_where=sa.text("lifted_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_index(
        op.f("uq_exclusions_standing"),
        "exclusions",
        ["player_id", "race_id"],
        unique=True,
        postgresql_where="(lifted_at IS NULL)",
        postgresql_nulls_not_distinct=True,
    )
    op.drop_table("link_signatures")
    op.drop_table("user_tokens")
    op.drop_table("user_sessions")
    op.drop_table("user_names")
    op.drop_table("user_devices")
    op.drop_table("user_credentials")
    op.drop_table("user_accounts")
    op.drop_table("self_exclusions")
    op.drop_table("recovery_codes")
    op.drop_table("link_requests")
    op.drop_table("idempotency_keys")
    op.drop_table("api_keys")
    op.drop_table("tier_changes")
    op.drop_table("sync_requests")
    op.drop_table("quarantine_reviews")
    op.drop_table("login_attempts")
