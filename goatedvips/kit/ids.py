"""Ids as people write them."""

_LONGEST = 18
"""Digits that fit a bigint whatever they are."""


def as_id(text: str) -> int | None:
    """Read a number that can be an id; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None
