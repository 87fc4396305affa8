"""What is asked of a new password, by whose it is."""

from collections.abc import Mapping
from typing import Any

from goatedvips.accounts.passwords import policy
from goatedvips.accounts.roles import STAFF
from goatedvips.kit.errors import BadInput


def require_good(password: str, whose: Mapping[Any, Any], *, field: str) -> None:
    """Raise `BadInput` at the field unless somebody may have this password.

    `whose` has his name, address, role, and since when he has a second factor. Of staff without one more is
    asked: the password alone guards what they may do.
    """
    alone = whose["role"] in STAFF and whose["totp_confirmed_at"] is None
    about = (whose["username"], (whose["email"] or "").partition("@")[0])
    try:
        policy.check(password, least=policy.LEAST_OF_STAFF if alone else policy.LEAST, about=about)
    except ValueError as error:
        raise BadInput.field(field, str(error)) from None
