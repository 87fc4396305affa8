"""`goatedvips openapi`: the API's description, without a database or a server."""

import json
import sys

import typer
from pydantic import SecretStr

from goatedvips.app import create_app
from goatedvips.settings import Settings

_SETTINGS = Settings(goatedvips_secret_key=SecretStr("of no installation"))


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(openapi)


def openapi() -> None:
    """Print the description of the API (OpenAPI 3.1)."""
    sys.stdout.write(document())


def document() -> str:
    """Return the description as `docs/openapi.json` holds it; no setting changes it."""
    # The engine connects only when it is used.
    described = create_app(_SETTINGS, "postgresql://nowhere").openapi()
    return json.dumps(described, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
