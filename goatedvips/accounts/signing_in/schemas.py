from goatedvips.accounts.schemas import EmailText, Token, Typed, Username
from goatedvips.kit.schemas import Day, Schema, TypedSubmission


class Registration(TypedSubmission):
    """A new account. Whoever gives his birth date confirms his age at once; the date itself is not kept."""

    username: Username
    email: EmailText
    password: Typed
    birth_date: Day | None = None


class PasswordChange(TypedSubmission):
    """The old password and a new one."""

    password: Typed
    new_password: Typed


class PasswordReset(TypedSubmission):
    """What the mail held, and a new password."""

    token: Token
    password: Typed


class MailedToken(TypedSubmission):
    """What the mail held."""

    token: Token


class ForgottenPassword(TypedSubmission):
    """Where the mail is to go, if an account has this address."""

    email: EmailText


class Sent(Schema):
    """The same whether a mail went out or not: who has an account here is nobody's business."""

    detail: str
