from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Transfer:
    """Cents to move from the debited account to the credited one; the key names the cause."""

    key: str
    debit: str
    credit: str
    amount: int
