"""What the mails say. Computes only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from goatedvips.mail.message import Letter

VERIFY_WITHIN = timedelta(days=2)
RESET_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a mail is for, and where he finds the site."""

    email: str
    username: str
    site: str


def verify_email(to: Addressee, token: str) -> Letter:
    """Ask whoever reads it to show that the address is his."""
    return _letter(
        to,
        "Confirm your mail address",
        f"Somebody, hopefully you, made the account {to.username} with this address.",
        "Confirm the address within two days:",
        # In the fragment, which browsers send to no server and write into no log.
        f"{to.site}/verify-email#{token}",
        "If it was not you, do nothing: nobody can use your address without this link.",
    )


def already_registered(to: Addressee, owner: str) -> Letter:
    """Tell the owner of an address that it was given for another account."""
    return _letter(
        to,
        "You have an account already",
        f"Somebody made the account {to.username} with this address, but it belongs to your account {owner}.",
        f"If it was you: sign in as {owner}, or choose a new password at {to.site}/forgot-password",
        "If it was not you, do nothing: your account is as it was, and the other cannot use your address.",
    )


def reset_password(to: Addressee, token: str) -> Letter:
    """Let whoever reads it choose a new password."""
    return _letter(
        to,
        "Choose a new password",
        f"Somebody, hopefully you, asked for a new password for the account {to.username}.",
        "Choose one within half an hour:",
        f"{to.site}/reset-password#{token}",
        "If it was not you, do nothing: the password stays as it is.",
    )


_NEWS: Mapping[str, tuple[str, str]] = {
    "mail.password_changed": ("Your password was changed", "The password of your account {} was changed."),
    "mail.second_factor_added": (
        "An authenticator was set up",
        "From now on your account {} asks for a code of your authenticator.",
    ),
    "mail.second_factor_removed": (
        "Your authenticator was removed",
        "Your account {} asks for no code of an authenticator any more.",
    ),
    "mail.name_changed": ("Your name was changed", "Your account is called {} now."),
    "mail.role_changed": ("Your role was changed", "What your account {} may do was changed by the site."),
    "mail.link_approved": ("Your player is linked", "Your account {} is linked to your player now."),
    "mail.link_rejected": (
        "Your player was not linked",
        "The request of your account {} to be linked to a player was not approved; the site says why.",
    ),
}
"""What is only told, and needs nothing of its reader."""


def news(kind: str, to: Addressee) -> Letter | None:
    """Return what is told of an event of this kind; None if nothing is."""
    if kind not in _NEWS:
        return None
    subject, sentence = _NEWS[kind]
    return _letter(
        to,
        subject,
        sentence.format(to.username),
        f"If it was not you, choose a new password at once: {to.site}/forgot-password",
    )


def _letter(to: Addressee, subject: str, *paragraphs: str) -> Letter:
    text = "\n\n".join((f"Hello {to.username},", *paragraphs, f"GoatedVIPs\n{to.site}"))
    return Letter(to.email, subject, f"{text}\n")
