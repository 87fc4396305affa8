"""Money that moves once for each cause, between accounts that sum to zero."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.ledger.errors import AlreadyPosted
from goatedvips.ledger.repository import Ledger
from goatedvips.ledger.transfer import Transfer

__all__ = ["AlreadyPosted", "Transfer", "balances", "post"]


async def post(connection: AsyncConnection, transfers: Sequence[Transfer], *, at: datetime) -> None:
    """Move money, all of it or none; raise `AlreadyPosted` if one of the causes has moved it before.

    After that the transaction can only be rolled back.
    """
    if transfers:
        await Ledger(connection).post(transfers, at=at)


async def balances(connection: AsyncConnection, accounts: Sequence[str]) -> dict[str, int]:
    """Return the cents in each account; 0 for one that nothing was posted to."""
    return dict.fromkeys(accounts, 0) | await Ledger(connection).balances(accounts)
