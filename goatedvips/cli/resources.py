"""What commands need to run: settings and a database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr

from goatedvips.checks import refuse_errors
from goatedvips.kit.embedded_postgres import EmbeddedPostgres, embedded_postgres
from goatedvips.kit.errors import GoatedError
from goatedvips.kit.key_file import kept_key
from goatedvips.kit.logging import configure_logging
from goatedvips.kit.migrations import migrate
from goatedvips.kit.postgres import passes_row_security_by
from goatedvips.settings import Settings, load_settings

Home = Annotated[
    Path | None, typer.Option("--home", help="Where data live [GOATEDVIPS_HOME].", show_default=False)
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option("--database-url", help="PostgreSQL to use [DATABASE_URL]; else the embedded one."),
]


def silent(_text: str) -> None:
    """Tell nobody."""


def settings_of(**flags: object) -> Settings:
    """Return the settings, with errors of the configuration refused and logs set up."""
    settings = load_settings(**flags)
    refuse_errors(settings)
    configure_logging(as_json=settings.production, level=settings.goatedvips_log_level)
    return settings


def with_secret_key(settings: Settings) -> Settings:
    """Return the settings with a key that encrypts: the one that is set, or one that the home keeps."""
    if settings.goatedvips_secret_key is not None:
        return settings
    key = kept_key(settings.goatedvips_home / "secret.key")
    return settings.model_copy(update={"goatedvips_secret_key": SecretStr(key)})


def require_feed(settings: Settings) -> None:
    """Raise `NoFeed` if there is none to ask."""
    if settings.simulated:
        raise NoFeed


class NoFeed(GoatedError):
    """Nobody said where the feed is."""

    code = "no_feed"

    def __init__(self) -> None:
        super().__init__(
            "GOATED_API_URL is not set, so there is no feed to ask."
            " Set it and GOATED_REFERRAL_CODE, or use `goatedvips up`, which simulates one."
        )


class UnguardedRole(GoatedError):
    """The role that serves is one that no row security holds back."""

    code = "unguarded_role"

    def __init__(self) -> None:
        super().__init__(
            "The role of DATABASE_URL is a superuser or has BYPASSRLS: row security means nothing to it."
            " Make one that only serves, and give the other as OWNER_DATABASE_URL (docs/configuration.md)."
        )


@dataclass(frozen=True, slots=True)
class Addresses:
    """Of the database: as its owner, who migrates, and as the role that serves. They may be one."""

    owner: str
    app: str


@contextmanager
def database(
    settings: Settings, *, tell: Callable[[str], None] = silent
) -> Iterator[tuple[Addresses, EmbeddedPostgres | None]]:
    """Yield the addresses of the database, and the embedded server if it is that."""
    if settings.database_url is not None:
        app = settings.database_url.get_secret_value()
        owner = settings.owner_database_url
        yield Addresses(app if owner is None else owner.get_secret_value(), app), None
        return
    with embedded_postgres(settings.goatedvips_home, on_progress=tell) as server:
        yield Addresses(server.dsn, server.app_dsn), server


@contextmanager
def migrated_database(settings: Settings) -> Iterator[str]:
    """Yield the address of the database for the role that serves, with its schema brought up to date."""
    with database(settings) as (addresses, _):
        migrate(addresses.owner)
        if settings.production and passes_row_security_by(addresses.app):
            raise UnguardedRole
        yield addresses.app
