"""How mails leave: by SMTP, or into a folder where no server is set."""

import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import aiosmtplib
import structlog

from goatedvips.kit.errors import BadInput, GoatedError

log = structlog.get_logger(__name__)

_PORTS = {"smtp": 587, "smtps": 465}
_TIMEOUT = 30.0
"""Seconds; a server that greylists may hold a sender for a while."""
_PERMANENT = 500
"""From here on SMTP's answers will be the same tomorrow."""


class NotDelivered(GoatedError):
    """A mail could not be handed over; `is_final` says that it never will be."""

    code = "mail_not_delivered"

    def __init__(self, detail: str, *, is_final: bool) -> None:
        super().__init__(detail)
        self.is_final = is_final


class Transport(Protocol):
    """Something that takes mails."""

    async def send(self, mail: EmailMessage) -> None:
        """Hand a mail over; raise `NotDelivered`."""
        ...


@dataclass(frozen=True, slots=True)
class Smtp:
    """A server that takes our mails. `encrypted` is False only for one that is asked to do without."""

    host: str
    port: int
    username: str | None
    password: str | None
    implicit_tls: bool
    encrypted: bool

    async def send(self, mail: EmailMessage) -> None:
        """Hand a mail over, encrypted on the way; raise `NotDelivered`."""
        try:
            await aiosmtplib.send(
                mail,
                hostname=self.host,
                port=self.port,
                username=self.username,
                password=self.password,
                use_tls=self.implicit_tls,
                start_tls=self.encrypted and not self.implicit_tls,
                tls_context=ssl.create_default_context() if self.encrypted else None,
                timeout=_TIMEOUT,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            refused = error.recipients[0]
            raise NotDelivered(str(refused), is_final=refused.code >= _PERMANENT) from None
        except aiosmtplib.SMTPAuthenticationError as error:
            # A wrong password of ours is mended, and then the mail goes out.
            raise NotDelivered(str(error), is_final=False) from None
        except aiosmtplib.SMTPResponseException as error:
            raise NotDelivered(str(error), is_final=error.code >= _PERMANENT) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotDelivered(str(error) or type(error).__name__, is_final=False) from None


@dataclass(frozen=True, slots=True)
class MailFolder:
    """Keeps mails as files, for a trial on one's own machine. The log says where, and what a mail holds."""

    path: Path

    async def send(self, mail: EmailMessage) -> None:
        """Write a mail into a file of its own; raise `NotDelivered`."""
        name = "".join(letter for letter in str(mail["Message-ID"]) if letter.isalnum() or letter in ".-_")
        file = self.path / f"{name}.eml"
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.write_bytes(mail.as_bytes())
            file.chmod(0o600)
        except OSError as error:
            raise NotDelivered(f"{file}: {error.strerror}", is_final=False) from None
        # At warning, since a trial shows nothing less, and whoever tries it waits for this line.
        log.warning(
            "mail.written", to=mail["To"], subject=mail["Subject"], file=str(file), text=mail.get_content()
        )


def smtp_of(address: str) -> Smtp:
    """Read `smtp://user:password@host:587` or `smtps://…:465`; raise `BadInput` for anything else.

    `smtp://…?tls=off` sends in the clear: for a server on the same machine.
    """
    parts = _parts(address)
    if parts is None or parts.scheme not in _PORTS or not parts.hostname:
        raise BadInput.field("SMTP_URL", "expected smtp://user:password@host:587 or smtps://…")
    return Smtp(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        implicit_tls=parts.scheme == "smtps",
        encrypted=parts.scheme == "smtps" or parse_qs(parts.query).get("tls") != ["off"],
    )


def _parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        named = parts.port != 0
    except ValueError:
        return None
    return parts if named else None
