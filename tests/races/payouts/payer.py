"""A process that pays: `payer.py DSN SIZE` pays what is approved, so many awards in one transaction.

It says after each how many it has paid, until none is left.
"""

import asyncio
import sys
from datetime import UTC, datetime

from sqlalchemy import text

from goatedvips.kit.postgres import create_engine
from goatedvips.races.payouts.service import pay

SOME = text("SELECT id FROM race_awards WHERE status = 'approved' ORDER BY id LIMIT :size")


async def work(dsn: str, size: int) -> None:
    engine, now, done = create_engine(dsn, application_name="payer"), datetime.now(UTC), 0
    while True:
        async with engine.begin() as connection:
            awards = list((await connection.execute(SOME, {"size": size})).scalars())
            references = {award: f"W-{(award - 1) // size}" for award in awards}
            await pay(connection, references, actor="cli:payer", now=now, four_eyes=False)
        if not awards:
            break
        done += len(awards)
        sys.stdout.write(f"{done}\n")
        sys.stdout.flush()
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], int(sys.argv[2])))
