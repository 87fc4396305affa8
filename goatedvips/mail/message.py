"""A mail as it travels: plain text, which every program shows and no filter minds. Computes only."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid


@dataclass(frozen=True, slots=True)
class Letter:
    """What one person is told."""

    to: str
    subject: str
    text: str


def message(letter: Letter, *, sender: str, at: datetime) -> EmailMessage:
    """Return the message (RFC 5322), which no automatic reader answers (RFC 3834)."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = letter.to
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip("<> ") or "localhost")
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text, cte="quoted-printable")
    return mail
