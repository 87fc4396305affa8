from typing import Annotated

from pydantic import Field

from goatedvips.accounts.schemas import Code, Typed
from goatedvips.kit.schemas import Schema, Submission, TypedSubmission


class CodeGiven(Submission):
    """A code of the authenticator, or a recovery code."""

    code: Code


class SecondFactorGivenUp(TypedSubmission):
    """A code for the last time; staff give their password too, which must do alone from then on."""

    code: Code
    password: Typed | None = None


class SecondFactorBegun(Schema):
    """What an authenticator needs: as text, as an address, and as a picture of it (SVG)."""

    secret: str
    uri: str
    qr_code: Annotated[str, Field(description="A data URI")]


class SecondFactorConfirmed(Schema):
    """Recovery codes, shown this once, and the token that the browser sends with writes from now on."""

    recovery_codes: list[str]
    csrf_token: str | None


class RecoveryCodeList(Schema):
    """Codes that each stand in once for the authenticator; shown this once."""

    recovery_codes: list[str]
