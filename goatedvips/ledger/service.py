"""Money that moves once for each cause, between accounts that sum to zero."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.money import format_cents
from goatedvips.ledger.accounts import flows
from goatedvips.ledger.errors import AlreadyPosted
from goatedvips.ledger.repository import Ledger
from goatedvips.ledger.transfer import Transfer

__all__ = ["AlreadyPosted", "Transfer", "balances", "count", "post", "verify"]

_CHUNK = 10_000
"""Transfers in memory while the ledger is verified."""


async def post(connection: AsyncConnection, transfers: Sequence[Transfer], *, at: datetime) -> None:
    """Move money, all of it or none; raise `AlreadyPosted` if one of the causes has moved it before.

    After that the transaction can only be rolled back.
    """
    if transfers:
        await Ledger(connection).post(transfers, at=at)


async def balances(connection: AsyncConnection, accounts: Sequence[str]) -> dict[str, int]:
    """Return the cents in each account; 0 for one that nothing was posted to."""
    return dict.fromkeys(accounts, 0) | await Ledger(connection).balances(accounts)


async def count(connection: AsyncConnection) -> int:
    """Return how many transfers there are."""
    return await Ledger(connection).count()


async def verify(connection: AsyncConnection) -> list[str]:
    """Return in sentences what does not hold of the ledger by itself.

    It sums to zero; no account but the operator's is below zero; pools are empty, since a settlement that
    fills one empties it in the same transaction; and each key moves money the way its cause does.
    """
    ledger = Ledger(connection)
    findings = []
    if total := await ledger.sum():
        findings.append(f"The ledger sums to {format_cents(total)} dollars instead of 0.00.")
    for account, balance in (await ledger.wrong_balances()).items():
        what = "is below zero" if balance < 0 else "should be empty"
        findings.append(f"Account {account} holds {format_cents(balance)} dollars: it {what}.")
    async for transfers in ledger.chunks(_CHUNK):
        findings.extend(
            f"Transfer {transfer.key} moves {format_cents(transfer.amount)} dollars from {transfer.debit}"
            f" to {transfer.credit}, which is not what a cause of this name moves."
            for transfer in transfers
            if not flows(transfer.key, transfer.debit, transfer.credit)
        )
    return findings
