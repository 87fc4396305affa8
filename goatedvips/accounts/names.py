"""What a username may be, and which names look alike. Computes only.

Restrictions after Unicode's UTS #39: NFKC, one script besides the common characters, and a skeleton of
confusable characters under which every name is one of its kind.
"""

import unicodedata
from functools import lru_cache
from itertools import pairwise

from confusable_homoglyphs import categories
from confusable_homoglyphs.confusables import confusables_data

SHORTEST, LONGEST = 3, 32
"""Characters."""

_JOINTS = "_-."
_MARKS = "\u200e\u200f"
"""Unicode's table writes right-to-left characters between these."""
_WRITTEN_TOGETHER = (
    frozenset({"HAN", "HIRAGANA", "KATAKANA"}),
    frozenset({"HAN", "HANGUL"}),
    frozenset({"HAN", "BOPOMOFO"}),
)
"""Scripts of one language (UTS #39, 5.2: highly restrictive)."""
RESERVED = frozenset(
    {
        *(
            "admin",
            "administrator",
            "moderator",
            "mod",
            "staff",
            "support",
            "help",
            "system",
            "root",
            "owner",
        ),
        *("goated", "goatedvips", "goatedcom", "official", "security", "me", "api", "null", "undefined"),
        *("deleted", "deletedplayer", "hiddenplayer", "everyone", "nobody", "anonymous"),
    }
)
"""Names by which somebody could pass for us, as skeletons without joints."""


def normalized(name: str) -> str:
    """Return a username as it is kept; raise `ValueError` with a sentence for what is none."""
    name = unicodedata.normalize("NFKC", name).strip()
    if not SHORTEST <= len(name) <= LONGEST:
        raise ValueError(f"must have {SHORTEST} to {LONGEST} characters")
    if not all(
        letter in _JOINTS or unicodedata.category(letter)[0] in "LN" or _is_mark(letter) for letter in name
    ):
        raise ValueError("may hold letters, digits, and _ - . between them")
    if (
        name[0] in _JOINTS
        or name[-1] in _JOINTS
        or any(a in _JOINTS and b in _JOINTS for a, b in pairwise(name))
    ):
        raise ValueError("may have _ - . only one at a time, between letters or digits")
    if name.isdecimal():
        raise ValueError("must hold a letter: a number names a person by his id")
    if unicodedata.category(name[0]).startswith("M"):
        raise ValueError("must begin with a letter or a digit")
    scripts = _scripts(name)
    if len(scripts) > 1 and not any(scripts <= together for together in _WRITTEN_TOGETHER):
        raise ValueError("must be of one script: letters of several look alike")
    return name


def is_reserved(name: str) -> bool:
    """Say whether a name could pass for the site itself or its staff."""
    return _bare(name) in _RESERVED_LOOKS


def skeleton(name: str) -> str:
    """Return what is the same for all names that look alike (UTS #39, 4), like `paypaI` and `paypal`."""
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name))
    looks = "".join(_prototype(letter) for letter in decomposed)
    return unicodedata.normalize("NFD", looks).casefold()


def masked(name: str) -> str:
    """Return a name of which only the beginning is shown: `So•••`. Its length is not told."""
    return f"{name[: 2 if len(name) > 3 else 1]}•••"  # noqa: PLR2004 - of a shorter one two letters are most


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter) in {"Mn", "Mc"}


def _scripts(name: str) -> set[str]:
    return {_script(letter) for letter in name} - {"COMMON", "INHERITED"}


@lru_cache(maxsize=4_096)
def _script(letter: str) -> str:
    """Return a letter's script; the table is searched anew for each that was not asked for lately."""
    script: str = categories.alias(letter)
    return script


def _prototype(letter: str) -> str:
    """Return what a character looks like: the table gives each its one prototype, and prototypes many."""
    alike = confusables_data.get(letter) or confusables_data.get(f"{_MARKS[0]}{letter}{_MARKS[0]}")
    if alike is None or len(alike) != 1:
        return letter
    other: str = alike[0]["c"].strip(_MARKS)
    back = confusables_data.get(other)
    if back is not None and len(back) == 1 and back[0]["c"].strip(_MARKS) == letter:
        # A pair that names each other: either would do, as long as it is always the same.
        return min(letter, other)
    return other


def _bare(name: str) -> str:
    # Here 1, l and i are one: whoever calls himself Adm1n means it.
    return "".join(letter for letter in skeleton(name) if letter not in _JOINTS).replace("i", "l")


_RESERVED_LOOKS = frozenset(_bare(name) for name in RESERVED)
