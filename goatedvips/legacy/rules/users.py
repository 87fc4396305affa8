"""What is kept of a user of the first system, and what is said of the rest."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from goatedvips.accounts.roles import Role
from goatedvips.accounts.schemas import Bio, Color, EmailText
from goatedvips.legacy.rules import values
from goatedvips.legacy.rules.findings import Finding, Left, Refused, quoted, refusal
from goatedvips.legacy.rules.usernames import Naming, naming

DEFAULT_COLOR = "#D7FF00"
"""The seed's."""

# Canonical, since the library refuses any other salt. A cost above 15 takes many seconds to compare.
_BCRYPT = re.compile(
    r"\$2[aby]\$(0[4-9]|1[0-5])\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]", re.ASCII
)
_WAGERS = ("total_wager", "daily_wager", "weekly_wager", "monthly_wager")
_BIO_CHARACTERS, _BIO_LINES = 500, 10

_EMAIL: TypeAdapter[str] = TypeAdapter(EmailText)
_BIO: TypeAdapter[str] = TypeAdapter(Bio)
_COLOR: TypeAdapter[str] = TypeAdapter(Color)


@dataclass(frozen=True, slots=True)
class LegacyUser:
    """A row of `users`, as it is read: times as text, and of a password only what may be a bcrypt hash."""

    id: int
    username: str
    email: str | None
    owns_email: bool
    """Whether no other row there has more right to the address."""
    email_verified: bool
    has_password: bool
    bcrypt: str | None
    bio: str | None
    profile_color: str | None
    created_at: str | None
    last_login: str | None
    last_updated: str | None
    is_admin: bool
    goated_id: str | None
    goated_account_linked: bool
    total_wager: str | None
    daily_wager: str | None
    weekly_wager: str | None
    monthly_wager: str | None


@dataclass(frozen=True, slots=True)
class Terms:
    """How rows are read."""

    now: datetime
    zone: ZoneInfo
    """Whose clock the first system wrote down."""
    admins: bool = False
    """Whether who was an administrator there is one here."""


@dataclass(frozen=True, slots=True)
class PlayerHere:
    """A player whom the feed has named."""

    id: int
    user_id: int | None
    """Who is linked to him."""
    all_time: int
    """Units of 10⁻⁸ dollars."""
    is_barred: bool = False
    """Whether he was erased, or banned with an account that he had."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is here already."""

    addresses: Collection[str] = frozenset()
    """Mail addresses, in lower case, that somebody has shown to be his."""
    players: Mapping[str, PlayerHere] = field(default_factory=dict)
    """By uid."""


@dataclass(frozen=True, slots=True)
class Account:
    """What is kept of a user."""

    id: int
    """The number there."""
    naming: Naming
    email: str | None
    email_verified: bool
    password: str | None
    bio: str | None
    profile_color: str
    role: Role
    created_at: datetime
    last_login: datetime | None
    last_updated: datetime | None
    player_id: int | None
    findings: tuple[Finding, ...]

    @property
    def needs_reset(self) -> bool:
        """Whether a password must be chosen by mail before anybody can sign in."""
        return self.password is None


@lru_cache(maxsize=4_000)
def address(written: str) -> str | None:
    """Return a mail address as it is kept here; None for what is none. Asked twice of each row of a batch."""
    try:
        return _EMAIL.validate_python(written)
    except ValidationError:
        return None


def map_user(user: LegacyUser, known: Known, terms: Terms) -> Account | Left | Refused:
    """Say what is kept of a row: nothing of a player, nor of an account that nobody could sign in to."""
    findings = _Findings()
    _compare_wagers(user, known, findings)
    if not user.email and not user.has_password:
        return Left(tuple(findings))
    email = _email(user, known, findings)
    password = _password(user, findings)
    if email is None and password is None:
        findings.lost("password", "unreachable", "nobody could ever sign in: no address, and no password")
        return Refused(tuple(findings))
    role = _role(user, terms, findings, has_address=email is not None)
    created_at = _instant(user, "created_at", terms, findings)
    if created_at is None:
        findings.mended("created_at", "no_time", "when the account was made is not known; now stands for it")
    player_id, about_link = link_of(user, known, role)
    return Account(
        id=user.id,
        naming=naming(user.username, user.id),
        email=email,
        email_verified=email is not None and user.email_verified,
        # How long an administrator's old password is nobody can tell.
        password=None if role is Role.ADMIN else password,
        bio=_bio(user, findings),
        profile_color=_color(user, findings),
        role=role,
        created_at=created_at or terms.now,
        last_login=_instant(user, "last_login", terms, findings),
        last_updated=_instant(user, "last_updated", terms, findings),
        player_id=player_id,
        findings=(*findings, *about_link),
    )


def link_of(user: LegacyUser, known: Known, role: Role) -> tuple[int | None, tuple[Finding, ...]]:
    """Return the player who is his, or why nobody is."""
    if user.goated_id is None and not user.goated_account_linked:
        return None, ()
    player = known.players.get(user.goated_id or "")
    if not user.goated_account_linked:
        why = refusal(
            "goated_id", "link_unconfirmed", "was never confirmed there; he can ask for the link here"
        )
    elif role is not Role.USER:
        why = refusal(
            "goated_id", "link_of_staff", "staff takes no place in races, so nobody is linked to it"
        )
    elif player is None:
        why = refusal(
            "goated_id",
            "player_unknown",
            f"the feed has not named {quoted(user.goated_id or '')} here; import again once it has",
        )
    elif player.is_barred:
        why = refusal("goated_id", "player_barred", "the player was erased or banned here")
    elif player.user_id is not None:
        why = refusal("goated_id", "player_taken", f"the player is linked to user {player.user_id} here")
    else:
        return player.id, ()
    return None, (why,)


def named(account: Account, written: str, name: str) -> tuple[Finding, ...]:
    """Return what is said of somebody who is called so here."""
    if name == written:
        return ()
    why = account.naming.why or "is another's here, or looks like it"
    before, at, _ = written.partition("@")
    shown = quoted(f"{before}@…" if at else before)
    return (Finding("username", "renamed", f"{shown} {why}; he is {quoted(name)} now"),)


class _Findings(list[Finding]):
    """What is said of one row."""

    def mended(self, field: str, code: str, text: str) -> None:
        self.append(Finding(field, code, text))

    def lost(self, field: str, code: str, text: str) -> None:
        self.append(refusal(field, code, text))


def _compare_wagers(user: LegacyUser, known: Known, findings: _Findings) -> None:
    """Amounts are the feed's to say: they are read, compared and not kept."""
    player = known.players.get(user.goated_id or "")
    for name in _WAGERS:
        text = getattr(user, name)
        if text is None:
            continue
        try:
            amount = values.units(text)
        except ValueError as error:
            findings.lost(name, "no_amount", str(error))
            continue
        if name == "total_wager" and player is not None and amount > player.all_time:
            findings.lost(name, "above_the_feed", f"{quoted(text)} is more than the feed says, which counts")


def _email(user: LegacyUser, known: Known, findings: _Findings) -> str | None:
    if not user.email:
        return None
    email = address(user.email)
    if email is None:
        findings.lost("email", "no_address", "is no mail address")
    elif not user.owns_email:
        findings.lost("email", "address_twice", "is also another row's, which has more right to it")
    elif email.lower() in known.addresses:
        findings.lost("email", "address_taken", "somebody here has shown that it is his")
    else:
        return email
    return None


def _password(user: LegacyUser, findings: _Findings) -> str | None:
    if user.bcrypt is not None and _BCRYPT.fullmatch(user.bcrypt):
        return user.bcrypt
    if user.has_password:
        findings.lost("password", "no_bcrypt", "is no bcrypt hash that can be kept; a new one must be chosen")
    return None


def _role(user: LegacyUser, terms: Terms, findings: _Findings, *, has_address: bool) -> Role:
    if not user.is_admin:
        return Role.USER
    if not terms.admins:
        findings.lost("is_admin", "no_admin", "is a user here; administrators come only with --admins")
    elif not has_address:
        findings.lost(
            "is_admin", "no_admin", "is a user here: without an address he cannot choose a password"
        )
    else:
        findings.mended("password", "admin_reset", "an administrator chooses a new password, by mail")
        return Role.ADMIN
    return Role.USER


def _bio(user: LegacyUser, findings: _Findings) -> str | None:
    if user.bio is None:
        return None
    try:
        return _BIO.validate_python(user.bio) or None
    except ValidationError:
        findings.mended("bio", "bio", "was too long, or held characters that cannot be seen")
    seen = "".join(
        letter for letter in user.bio if letter == "\n" or unicodedata.category(letter)[0] != "C"
    ).strip()
    lines = unicodedata.normalize("NFC", seen).split("\n")
    return "\n".join(lines[:_BIO_LINES])[:_BIO_CHARACTERS].strip() or None


def _color(user: LegacyUser, findings: _Findings) -> str:
    if user.profile_color is None:
        return DEFAULT_COLOR
    try:
        return _COLOR.validate_python(user.profile_color)
    except ValidationError:
        findings.mended("profile_color", "color", f"{quoted(user.profile_color)} is no colour like #D7FF00")
        return DEFAULT_COLOR


def _instant(user: LegacyUser, name: str, terms: Terms, findings: _Findings) -> datetime | None:
    text = getattr(user, name)
    if text is None:
        return None
    try:
        return values.instant(text, terms.zone, latest=terms.now)
    except ValueError as error:
        findings.mended(name, "time", f"{error}; it is not kept")
        return None
