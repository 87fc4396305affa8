"""The accounts of the ledger, and which causes move money between which of them. Pure."""

import re

OPERATOR = "operator"
"""Where prize pools come from; the only account that may be below zero."""


def pool(race_id: int) -> str:
    """Return the account of a race's pool: empty but while the race is being settled."""
    return f"race:{race_id}:pool"


def forfeited(race_id: int) -> str:
    """Return the account of what a race's rejected winners lost."""
    return f"race:{race_id}:forfeited"


def owed(award_id: int) -> str:
    """Return the account of what an award owes."""
    return f"award:{award_id}:owed"


def paid(award_id: int) -> str:
    """Return the account of what was paid of an award."""
    return f"award:{award_id}:paid"


_ID = "([1-9][0-9]*)"
_ANY = "[1-9][0-9]*"

# A cause's key, and the two accounts between which it moves money; `{}` is the key's first number.
_FLOWS = (
    (rf"race:{_ID}:1:pool", "operator", "race:{}:pool"),
    (rf"race:{_ID}:{_ANY}:returned", "race:{}:pool", "operator"),
    (rf"award:{_ID}:owed", f"race:{_ANY}:pool", "award:{}:owed"),
    (rf"award:{_ID}:paid", "award:{}:owed", "award:{}:paid"),
    (rf"award:{_ID}:forfeited", "award:{}:owed", f"race:{_ANY}:forfeited"),
    (rf"award:{_ID}:reversed", "award:{}:owed", f"race:{_ANY}:pool"),
)


def flows(key: str, debit: str, credit: str) -> bool:
    """Tell whether a cause of this key moves money from the one account to the other."""
    for cause, source, target in _FLOWS:
        if named := re.fullmatch(cause, key):
            number = named[1]
            return bool(
                re.fullmatch(source.replace("{}", number), debit)
                and re.fullmatch(target.replace("{}", number), credit)
            )
    return False
