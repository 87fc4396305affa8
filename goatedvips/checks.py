"""Whether a configuration can run, and whether real money may depend on it. Every finding is a sentence."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from sqlalchemy.engine import make_url

from goatedvips.kit.errors import BadInput, FieldError
from goatedvips.kit.postgres import sqlalchemy_url
from goatedvips.mail.transport import smtp_of
from goatedvips.pages.folder import Folder
from goatedvips.races.rules.calendar import is_zone
from goatedvips.settings import MIN_PASSWORD_COST, MIN_SECRET_KEY, Settings

Severity = Literal["error", "warning"]
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_POOLS = ("monthly", "weekly", "daily")

_MEGABYTE = 1024**2
_LITTLE_ROOM = 2048 * _MEGABYTE
"""A month of reports of a few thousand players, with room to spare."""
_NO_ROOM = 128 * _MEGABYTE
"""PostgreSQL writes its journal in files of 16 MB, several of them, before it stores anything."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a setting: errors keep the program from starting, warnings do not."""

    severity: Severity
    setting: str
    text: str


def findings(settings: Settings) -> list[Finding]:
    """Return everything that is wrong or doubtful, errors first. Touches no network."""
    found = [
        *(*_feed(settings), *_database(settings), *_web(settings)),
        *(*_accounts(settings), *_races(settings)),
    ]
    return sorted(found, key=lambda finding: finding.severity != "error")


def refuse_errors(settings: Settings) -> None:
    """Raise `BadInput` with every error of the configuration."""
    errors = [
        FieldError(found.setting, found.text) for found in findings(settings) if found.severity == "error"
    ]
    if errors:
        raise BadInput(errors)


def room(free: int) -> Iterator[Finding]:
    """Yield what is to be said of a disk with so many bytes left for the embedded database."""
    if free < _LITTLE_ROOM:
        text = f"has only {free // _MEGABYTE:,} MB free"
        if free < _NO_ROOM:
            yield Finding("error", "GOATEDVIPS_HOME", f"{text}; reports cannot be stored, make room")
        else:
            yield Finding("warning", "GOATEDVIPS_HOME", text)


def _feed(settings: Settings) -> Iterator[Finding]:
    url = settings.goated_api_url
    if url is None:
        if settings.production:
            yield Finding(
                "error",
                "GOATED_API_URL",
                "must be set in production: prizes are not paid on simulated wagers",
            )
        return
    parts = _address(url)
    if parts is None or parts.scheme not in {"http", "https"}:
        yield Finding("error", "GOATED_API_URL", "expected an address like https://apis.goated.com/user")
    elif settings.production and parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        yield Finding(
            "error", "GOATED_API_URL", "must be https in production: anybody on the way could change wagers"
        )
    if not settings.goated_referral_code:
        yield Finding(
            "error", "GOATED_REFERRAL_CODE", "must be set: the feed is asked for the players of one code"
        )
    if settings.database_url is None and (settings.goatedvips_home / "simulator.json").exists():
        yield Finding(
            "error" if settings.production else "warning",
            "GOATEDVIPS_HOME",
            "holds the players of a simulated feed; give the real one an empty folder",
        )
    if settings.goatedvips_sync_interval < 60 and settings.production:  # noqa: PLR2004 - a minute
        yield Finding(
            "warning",
            "GOATEDVIPS_SYNC_INTERVAL",
            "is below a minute; the feed takes 8 to 15 seconds an answer",
        )


def _database(settings: Settings) -> Iterator[Finding]:
    for name, secret in (
        ("DATABASE_URL", settings.database_url),
        ("OWNER_DATABASE_URL", settings.owner_database_url),
        ("READ_DATABASE_URL", settings.read_database_url),
    ):
        if secret is None:
            continue
        try:
            url = make_url(sqlalchemy_url(secret.get_secret_value()))
        except BadInput as error:
            yield Finding("error", name, error.errors[0].message)
            continue
        remote = url.host is not None and url.host not in _LOOPBACK and not url.host.startswith("/")
        if settings.production and remote and not url.password and "sslcert" not in url.query:
            yield Finding(
                "error", name, f"has no password for {url.host}; a database that asks none is open to all"
            )
    if settings.read_database_url and not settings.database_url:
        yield Finding("error", "READ_DATABASE_URL", "is a replica of DATABASE_URL, which is not set")
    if settings.owner_database_url and not settings.database_url:
        yield Finding("error", "OWNER_DATABASE_URL", "migrates DATABASE_URL, which is not set")


def _web(settings: Settings) -> Iterator[Finding]:
    if "*" in settings.goatedvips_cors_origins:
        yield Finding(
            "error", "GOATEDVIPS_CORS_ORIGINS", "name the sites that may read; * lets every page in"
        )
    for proxy in settings.goatedvips_trusted_proxies:
        if not _is_network(proxy):
            yield Finding(
                "error",
                "GOATEDVIPS_TRUSTED_PROXIES",
                f"{proxy} is no address or network like 10.0.0.0/8; who is trusted can pass for anybody",
            )
    for complaint in Folder(settings.goatedvips_pages).complaints():
        yield Finding("error", "GOATEDVIPS_PAGES", f"does not hold what it should: {complaint}")
    if settings.production:
        if settings.goatedvips_pages is None:
            yield Finding(
                "warning",
                "GOATEDVIPS_PAGES",
                "is not set: terms, privacy and help lines are those that ship, and nobody named himself",
            )
        public = _address(settings.goatedvips_public_url or "")
        if public is None or public.scheme != "https":
            yield Finding(
                "error",
                "GOATEDVIPS_PUBLIC_URL",
                "must be the site's https address in production, like https://vips.example",
            )
        if settings.goatedvips_rate_limit == 0:
            yield Finding(
                "warning", "GOATEDVIPS_RATE_LIMIT", "is 0, so that one address may ask without limit"
            )
    elif settings.goatedvips_host not in _LOOPBACK:
        yield Finding(
            "warning",
            "GOATEDVIPS_HOST",
            "opens a development installation to the network; GOATEDVIPS_ENV is not production",
        )


def _accounts(settings: Settings) -> Iterator[Finding]:
    if settings.goatedvips_secret_key is not None:
        if any(len(key) < MIN_SECRET_KEY for key in settings.secret_keys):
            yield Finding("error", "GOATEDVIPS_SECRET_KEY", f"is shorter than {MIN_SECRET_KEY} characters")
    elif settings.production and settings.database_url is not None:
        yield Finding(
            "error",
            "GOATEDVIPS_SECRET_KEY",
            "must be set in production: no other machine could read what this one encrypts",
        )
    if settings.production and settings.goatedvips_password_cost < MIN_PASSWORD_COST:
        yield Finding(
            "error",
            "GOATEDVIPS_PASSWORD_COST",
            f"must be {MIN_PASSWORD_COST} or more in production: stolen hashes are guessed too fast",
        )
    if settings.smtp_url is None:
        if settings.production:
            yield Finding(
                "error", "SMTP_URL", "must be set in production: nobody could verify his address or reset"
            )
        return
    try:
        smtp = smtp_of(settings.smtp_url.get_secret_value())
    except BadInput as error:
        yield Finding("error", "SMTP_URL", error.errors[0].message)
        return
    if settings.production and not smtp.encrypted and smtp.host not in _LOOPBACK:
        yield Finding("error", "SMTP_URL", "sends mails in the clear; leave ?tls=off out")


def _address(url: str) -> SplitResult | None:
    """Return the parts of an address that names a host, or None."""
    try:
        parts = urlsplit(url)
        named = parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if named else None


def _is_network(text: str) -> bool:
    try:
        return ip_network(text).prefixlen > 0
    except ValueError:
        return False


def _races(settings: Settings) -> Iterator[Finding]:
    if not is_zone(settings.goatedvips_timezone):
        yield Finding("error", "GOATEDVIPS_TIMEZONE", "expected an IANA zone like Europe/Berlin")
    for kind in _POOLS:
        name = f"goatedvips_{kind}_prize_pool"
        if settings.production and name not in settings.model_fields_set:
            yield Finding(
                "error",
                name.upper(),
                "must be set in production, 0 for no such series: the pool is what you will owe",
            )
