"""Which passwords are taken. Computes only.

Length and a list of what others chose, no rules of composition (NIST SP 800-63B-4, 3.1.1; ASVS 5.0, 6.2).
"""

import unicodedata

from zxcvbn.frequency_lists import FREQUENCY_LISTS

LEAST, MOST = 8, 128
"""Characters."""
LEAST_OF_STAFF = 15
"""Of an administrator whose password is all that guards him (NIST SP 800-63B-4 for a single factor)."""

_SITE = ("goatedvips", "goated")
_COMMON = frozenset(FREQUENCY_LISTS["passwords"])
"""The 30,000 most common of leaked ones; some 11,600 of them are long enough to be tried here."""
_PADDING = "0123456789!?.,-_*#$@ "
_FEW = 4
"""Characters: a name with so few more around it is the name."""


def normalized(password: str) -> str:
    """Return a password the same however a keyboard composed its characters."""
    return unicodedata.normalize("NFKC", password)


def check(password: str, *, least: int = LEAST, about: tuple[str, ...] = ()) -> None:
    """Raise `ValueError` with a sentence for a password that is not taken.

    `about` are words that anybody can guess of him, like his name and the first part of his address.
    """
    if not least <= len(password) <= MOST:
        raise ValueError(f"must have {least} to {MOST} characters")
    plain = normalized(password).casefold()
    if plain in _COMMON or plain.strip(_PADDING) in _COMMON or len(set(plain)) == 1:
        raise ValueError("is one that many others chose; take one that nobody else has")
    if any(_is_about(plain, word) for word in (*about, *_SITE)):
        raise ValueError("is too much like your name, your address or the name of this site")


def _is_about(plain: str, word: str) -> bool:
    word = word.casefold()
    return len(word) >= _FEW and word in plain and len(plain) - len(word) <= _FEW
