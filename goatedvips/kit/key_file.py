"""A key that a machine makes for itself and keeps."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from goatedvips.kit.errors import BadInput

_BYTES = 32


def kept_key(path: Path) -> str:
    """Return the key in a file that only its owner reads; it is made when it is first asked for.

    Raises `BadInput` if the file can be neither read nor made.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise BadInput.field("GOATEDVIPS_SECRET_KEY", f"is not set, and {path}: {error.strerror}") from None


def _make(path: Path) -> None:
    # Whole before it has its name: another process may ask at this moment, or make one as well.
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="ascii") as file:  # noqa: PTH123 - Path opens no descriptor
        file.write(secrets.token_urlsafe(_BYTES))
    try:
        with suppress(FileExistsError):
            path.hardlink_to(fresh)
    finally:
        fresh.unlink()
