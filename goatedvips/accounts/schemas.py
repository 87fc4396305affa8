import unicodedata
from typing import Annotated, Literal

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from goatedvips.accounts import names
from goatedvips.accounts.passwords.policy import MOST
from goatedvips.accounts.roles import Permission, Role
from goatedvips.kit.schemas import Day, Instant, Line, Schema, Submission, TypedSubmission


def _email(text: str) -> str:
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        raise ValueError("is no mail address like name@example.com") from None


Username = Annotated[str, Field(max_length=256, examples=["ada_the_first"]), AfterValidator(names.normalized)]
EmailText = Annotated[str, Field(max_length=254, examples=["ada@example.com"]), AfterValidator(_email)]
Typed = Annotated[SecretStr, Field(min_length=1, max_length=4 * MOST)]
"""A password as it was typed; whether it is a good one is said by whoever knows whose it is."""


_LONGEST_BIO, _MOST_LINES = 500, 10


def _as_typed(text: object) -> object:
    return "".join(text.split()) if isinstance(text, str) else text


Code = Annotated[
    str,
    BeforeValidator(_as_typed),
    Field(min_length=6, max_length=40, pattern=r"^[0-9A-Za-z-]+$", examples=["123456"]),
]
"""Six digits of an authenticator, or a recovery code."""
Token = Annotated[str, Field(min_length=20, max_length=200, pattern=r"^[A-Za-z0-9_-]+$")]


class Login(TypedSubmission):
    """Who somebody says that he is, by name or mail address; with a code if he has a second factor."""

    login: Annotated[Line, Field(min_length=1, max_length=254)]
    password: Typed
    totp: Code | None = None


class AccountView(Schema):
    """All that somebody sees of his own account."""

    id: int
    username: str
    email: str | None
    email_verified: bool
    role: Role
    is_admin: bool
    permissions: list[Permission]
    bio: str | None
    profile_color: str
    privacy: str
    created_at: Instant
    last_login: Instant | None
    age_confirmed: bool
    self_excluded: bool
    self_excluded_until: Annotated[
        Instant | None, Field(description="Null while `selfExcluded` is true: for good")
    ]
    totp_enabled: bool
    recovery_codes_left: int
    goated_id: str | None
    goated_username: str | None
    goated_account_linked: bool
    version: int


class SessionView(Schema):
    """A browser that is signed in."""

    id: int
    created_at: Instant
    last_seen_at: Instant
    expires_at: Instant
    address: str | None
    user_agent: str | None
    is_this: bool


class SessionList(Schema):
    """One's own sessions, the last used first."""

    data: list[SessionView]


class Me(Schema):
    """Who is signed in, and the token that his browser sends with every write."""

    user: AccountView
    csrf_token: Annotated[str | None, Field(description="To be sent as X-CSRF-Token; null for a key")]


def _bio(text: str) -> str:
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    if any(unicodedata.category(letter)[0] == "C" and letter not in "\n\u200d" for letter in text):
        raise ValueError("holds a character that cannot be seen")
    if len(text) > _LONGEST_BIO or text.count("\n") >= _MOST_LINES:
        raise ValueError(f"may have {_LONGEST_BIO} characters in {_MOST_LINES} lines")
    return text


Bio = Annotated[str, Field(max_length=4 * _LONGEST_BIO), AfterValidator(_bio)]
Color = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$", examples=["#D7FF00"]), AfterValidator(str.upper)]


class ProfileUpdate(Submission):
    """What others see of somebody; what is not given stays. A bio of null is none."""

    username: Annotated[Username, Field(default="")]
    bio: Bio | None = None
    profile_color: Annotated[Color, Field(default="")]


class Privacy(Submission):
    """What others see: everything, a masked name, or nothing."""

    privacy: Literal["public", "masked", "hidden"]


class AgeConfirmation(Submission):
    """The day somebody was born; it is compared with today and not kept."""

    birth_date: Day
