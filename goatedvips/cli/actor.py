"""Who gives a command: the name that the audit log keeps."""

from getpass import getuser
from typing import Annotated

import typer

from goatedvips.kit.errors import BadInput

As = Annotated[
    str | None,
    typer.Option("--as", help="Who does this, for the audit log; else the name of the system's account."),
]

_LONGEST = 64


def actor(name: str | None) -> str:
    """Return who acts: the name that was given, or the account's; raise `BadInput` for what is no name."""
    if name is None:
        return f"cli:{_account()}"
    if not name.strip() or len(name) > _LONGEST or not name.isprintable():
        raise BadInput.field("as", f"must be a name of at most {_LONGEST} characters")
    return f"cli:{name.strip()}"


def _account() -> str:
    try:
        return getuser()
    # An account without an entry: a KeyError before Python 3.13, an OSError since.
    except (KeyError, OSError):
        return "unknown"
