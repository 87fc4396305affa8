"""Names for people whose own are none here, or are another's: the same ones whenever it is asked."""

import unicodedata
from dataclasses import dataclass

from goatedvips.accounts import names

_JOINTS = "_-."


@dataclass(frozen=True, slots=True)
class Naming:
    """How somebody may be called who had a name and a number there."""

    written: str
    number: int
    kept: str | None
    """The name as it is kept here, if it can be."""
    why: str | None
    """Why that is not what was written, if so."""

    @property
    def choices(self) -> tuple[str, ...]:
        """Names to try, the best first.

        A mended one ends with the number, so that it takes the name of nobody who comes later.
        """
        mended = (self.kept, _mended(self.written, self.number), f"user_{self.number}")
        return tuple(name for name in mended if name is not None)

    def choice(self, attempt: int) -> str | None:
        """Return the name to try next; None when there is none left."""
        if attempt == 0 and self.kept is not None:
            return self.kept
        choices = self.choices
        return choices[attempt] if attempt < len(choices) else None


def naming(written: str, number: int) -> Naming:
    """Return how somebody may be called who had this name and number there."""
    try:
        kept = names.normalized(written)
    except ValueError as error:
        return Naming(written, number, None, str(error))
    if names.is_reserved(kept):
        return Naming(written, number, None, "is reserved")
    return Naming(
        written, number, kept, None if kept == written else "was written in another form of its letters"
    )


def _mended(written: str, number: int) -> str | None:
    # An address is nobody's business: what stands before the @ will do.
    plain = unicodedata.normalize("NFKC", written).partition("@")[0]
    words = "".join(letter if unicodedata.category(letter)[0] in "LN" else " " for letter in plain).split()
    suffix = f"_{number}"
    base = "_".join(words)[: names.LONGEST - len(suffix)].rstrip(_JOINTS)
    try:
        name = names.normalized(f"{base}{suffix}")
    except ValueError:
        return None
    # What is reserved would look like the site's own even with a number behind it.
    return None if names.is_reserved(base) else name
