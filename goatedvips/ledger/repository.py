from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.ledger.accounts import OPERATOR
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

COUNT = text("SELECT count(*) FROM ledger_transfers")

SUM = text("SELECT CAST(coalesce(sum(amount), 0) AS bigint) FROM ledger_postings")

WRONG_BALANCES = text("""
    SELECT account, CAST(sum(amount) AS bigint) AS balance FROM ledger_postings
     WHERE account <> :operator GROUP BY account
    HAVING sum(amount) < 0
        OR sum(amount) > 0 AND account LIKE 'race:%' AND split_part(account, ':', 3) = 'pool'
     ORDER BY account
""")

CHUNK = text("""
    SELECT id, key, debit, credit, amount FROM ledger_transfers WHERE id > :after ORDER BY id LIMIT :many
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

    async def count(self) -> int:
        """Return how many transfers there are."""
        return int(await self._connection.scalar(COUNT) or 0)

    async def sum(self) -> int:
        """Return the sum over all accounts."""
        return int(await self._connection.scalar(SUM) or 0)

    async def wrong_balances(self) -> dict[str, int]:
        """Return the accounts below zero, but for the operator's, and the pools that are not empty."""
        rows = await self._connection.execute(WRONG_BALANCES, {"operator": OPERATOR})
        return {row.account: row.balance for row in rows}

    async def chunks(self, many: int) -> AsyncIterator[list[Transfer]]:
        """Yield all transfers in order, so many at a time."""
        after = -(2**63)
        while rows := (await self._connection.execute(CHUNK, {"after": after, "many": many})).all():
            yield [Transfer(row.key, row.debit, row.credit, row.amount) for row in rows]
            after = rows[-1].id


def _key_of(error: psycopg.errors.UniqueViolation) -> str:
    """Return the key that PostgreSQL names, as in `Key (key)=(award:12:paid) already exists.`."""
    return (error.diag.message_detail or "").partition("=(")[2].partition(")")[0]
