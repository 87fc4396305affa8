from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Identity, Index, LargeBinary, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from goatedvips.kit.postgres import Base


class User(Base):
    """An account's face: what others may see of it. May be linked to one player.

    What only its owner and staff may see is in `user_accounts`, what nobody may see in `user_credentials`:
    row security hides rows, not columns (docs/adr/0020). The seed's columns of the feed (`goated_id`,
    `total_wager`, …) live with the player, so that a player can never occupy a username.
    """

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(r"profile_color ~ '^#[0-9A-Fa-f]{6}$'", name="profile_color_is_rgb"),
        CheckConstraint("role IN ('user', 'support', 'admin')", name="role"),
        CheckConstraint("status IN ('active', 'banned', 'erased')", name="status"),
        CheckConstraint("privacy IN ('public', 'masked', 'hidden')", name="privacy"),
        CheckConstraint("status <> 'erased' OR player_id IS NULL AND bio IS NULL", name="erased_is_empty"),
        Index("ix_users_role", "role", postgresql_where=text("role <> 'user'")),
    )

    id: Mapped[int] = mapped_column(server_default=text("nextval('person_ids')"), primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    # A column, not an index of an expression: under row security only an index of what no function computes
    # is used, unless that function is declared to tell nothing of what it is given.
    username_lower: Mapped[str] = mapped_column(Computed("lower(username)", persisted=True), unique=True)
    username_skeleton: Mapped[str] = mapped_column(unique=True)
    """The same for names that look alike."""
    bio: Mapped[str | None]
    profile_color: Mapped[str] = mapped_column(server_default="#D7FF00")
    privacy: Mapped[str] = mapped_column(server_default="public")
    role: Mapped[str] = mapped_column(server_default="user")
    is_admin: Mapped[bool] = mapped_column(Computed("role = 'admin'", persisted=True))
    status: Mapped[str] = mapped_column(server_default="active")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_updated: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")
    player_id: Mapped[int | None] = mapped_column(ForeignKey("players.id"), unique=True)


class UserAccount(Base):
    """What concerns only an account's owner, and staff."""

    __tablename__ = "user_accounts"
    __table_args__ = (
        Index(
            "uq_user_accounts_verified_email",
            "email_lower",
            unique=True,
            postgresql_where=text("email_verified"),
        ),
        Index("ix_user_accounts_email_lower", "email_lower"),
        CheckConstraint("NOT email_verified OR email IS NOT NULL", name="verified_email_is_there"),
        CheckConstraint("(banned_at IS NULL) = (banned_by IS NULL)", name="banned_by_somebody"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    email: Mapped[str | None]
    """Several may claim one address; only one can verify it (docs/adr/0021)."""
    email_lower: Mapped[str | None] = mapped_column(Computed("lower(email)", persisted=True))
    email_verified: Mapped[bool] = mapped_column(server_default=text("false"))
    last_login: Mapped[datetime | None]
    age_confirmed_at: Mapped[datetime | None]
    """When he said that he is of age; his birth date is not kept."""
    banned_at: Mapped[datetime | None]
    banned_by: Mapped[str | None]
    ban_reason: Mapped[str | None]


class UserCredential(Base):
    """What proves who somebody is. Read by nobody but the verbs that check it."""

    __tablename__ = "user_credentials"
    __table_args__ = (
        CheckConstraint(
            "totp_confirmed_at IS NULL OR totp_secret IS NOT NULL", name="confirmed_totp_is_there"
        ),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    password: Mapped[str | None]
    """A bcrypt hash; null if a new one must be chosen by mail."""
    password_changed_at: Mapped[datetime | None]
    truncates: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether the hash is an imported one, which covers 72 bytes at most."""
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Encrypted with the installation's key."""
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]
    """The last time step whose code was taken: a code counts once."""


class RecoveryCode(Base):
    """Stands in once for a lost authenticator."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    code_sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class UserName(Base):
    """A name that somebody had before; seen by him and by administrators."""

    __tablename__ = "user_names"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    changed_at: Mapped[datetime] = mapped_column(primary_key=True)
    username: Mapped[str]


class UserSession(Base):
    """A browser that is signed in; its token is known only to it."""

    __tablename__ = "user_sessions"
    __table_args__ = (
        CheckConstraint("octet_length(token_sha256) = 32", name="token_sha256_length"),
        Index("ix_user_sessions_user_id", "user_id"),
        Index("ix_user_sessions_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    token_sha256: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime]
    authenticated_at: Mapped[datetime]
    """When he last proved who he is."""
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    """The latest end, however much it is used."""
    address: Mapped[str | None]
    user_agent: Mapped[str | None]


class UserDevice(Base):
    """A browser that has signed in before, so that nobody else's failures lock it out (docs/adr/0022)."""

    __tablename__ = "user_devices"
    __table_args__ = (
        CheckConstraint("octet_length(token_sha256) = 32", name="token_sha256_length"),
        Index("ix_user_devices_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    token_sha256: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    last_used_at: Mapped[datetime]


class UserToken(Base):
    """What a mail holds so that whoever clicks it proves that the address is his; counts once."""

    __tablename__ = "user_tokens"
    __table_args__ = (
        CheckConstraint("octet_length(sha256) = 32", name="sha256_length"),
        CheckConstraint("purpose IN ('verify_email', 'reset_password')", name="purpose"),
        Index("ix_user_tokens_user_id", "user_id"),
    )

    sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    purpose: Mapped[str]
    email: Mapped[str]
    """To which it went."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Attempt(Base):
    """A try at something that strangers may try only so often. Kept for a day."""

    __tablename__ = "login_attempts"
    __table_args__ = (
        Index("ix_login_attempts_subject", "kind", "subject_sha256", "at"),
        Index("ix_login_attempts_address", "kind", "address", "at"),
        Index("ix_login_attempts_at", "at"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    kind: Mapped[str]
    subject_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    """What was tried: a login name, an address. Hashed, since people type passwords into the wrong field."""
    device_id: Mapped[int | None]
    address: Mapped[str | None]
    at: Mapped[datetime]


class ApiKey(Base):
    """A program that acts for somebody, within scopes and until a day."""

    __tablename__ = "api_keys"
    __table_args__ = (
        CheckConstraint("octet_length(token_sha256) = 32", name="token_sha256_length"),
        Index("ix_api_keys_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str]
    hint: Mapped[str]
    """The first characters, to tell keys apart."""
    token_sha256: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class IdempotencyKey(Base):
    """The first answer to a request that must not be done twice; kept for 24 hours."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (
        CheckConstraint("octet_length(request_sha256) = 32", name="request_sha256_length"),
        Index("ix_idempotency_keys_created_at", "created_at"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    """Of method, path and body."""
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any] | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class SelfExclusion(Base):
    """Somebody who keeps himself out, until a day or for good. Append-only: it cannot be undone early."""

    __tablename__ = "self_exclusions"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until > created_at", name="ends_after_it_begins"),
        Index("ix_self_exclusions_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    until: Mapped[datetime | None]
    """Null for good."""
