from collections.abc import Sequence
from datetime import datetime

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.ledger.errors import AlreadyPosted
from goatedvips.ledger.transfer import Transfer

# The given order decides the numbers, so that no account is drawn on before it was filled.
POST = text("""
    INSERT INTO ledger_transfers (key, debit, credit, amount, at)
    SELECT new.key, new.debit, new.credit, new.amount, :at
      FROM unnest(CAST(:keys AS text[]), CAST(:debits AS text[]), CAST(:credits AS text[]),
                  CAST(:amounts AS bigint[])) WITH ORDINALITY AS new(key, debit, credit, amount, place)
     ORDER BY new.place
""")

BALANCES = text("""
    SELECT account, CAST(sum(amount) AS bigint) AS balance FROM ledger_postings
     WHERE account = ANY(CAST(:accounts AS text[])) GROUP BY account
""")


class Ledger:
    """The ledger's rows. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def post(self, transfers: Sequence[Transfer], *, at: datetime) -> None:
        """Add the transfers in their order, in one statement; raise `AlreadyPosted` for a known key."""
        try:
            await self._connection.execute(
                POST,
                {
                    "at": at,
                    "keys": [transfer.key for transfer in transfers],
                    "debits": [transfer.debit for transfer in transfers],
                    "credits": [transfer.credit for transfer in transfers],
                    "amounts": [transfer.amount for transfer in transfers],
                },
            )
        except IntegrityError as error:
            if not isinstance(error.orig, psycopg.errors.UniqueViolation):
                raise
            raise AlreadyPosted(_key_of(error.orig)) from None

    async def balances(self, accounts: Sequence[str]) -> dict[str, int]:
        """Return what is in each of these accounts that was ever posted to."""
        rows = await self._connection.execute(BALANCES, {"accounts": list(accounts)})
        return {row.account: row.balance for row in rows}


def _key_of(error: psycopg.errors.UniqueViolation) -> str:
    """Return the key that PostgreSQL names, as in `Key (key)=(award:12:paid) already exists.`."""
    return (error.diag.message_detail or "").partition("=(")[2].partition(")")[0]
