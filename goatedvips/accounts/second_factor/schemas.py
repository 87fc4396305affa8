from typing import Annotated

from pydantic import Field

from goatedvips.accounts.schemas import Code
from goatedvips.kit.schemas import Schema, Submission


class CodeGiven(Submission):
    """A code of the authenticator, or a recovery code."""

    code: Code


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
