"""A process that records: so many transactions, of which some are rolled back; or one that never ends.

`recorder.py DSN NAME TRANSACTIONS` prints how many entries it committed. With 0 transactions it
records, says so, and waits inside its transaction for somebody to kill it.
"""

import asyncio
import random
import sys
from datetime import UTC, datetime

from goatedvips.audit.service import Act, record
from goatedvips.kit.postgres import create_engine


async def work(dsn: str, name: str, transactions: int) -> int:
    engine, chance, committed = create_engine(dsn), random.Random(name), 0
    for number in range(transactions):
        acts = [Act("test.done", f"{name}:{number}", {"act": act}) for act in range(chance.randint(1, 3))]
        async with engine.connect() as connection:
            await record(connection, acts, actor=name, at=datetime.now(UTC))
            if chance.random() < 0.3:
                await connection.rollback()
            else:
                await connection.commit()
                committed += len(acts)
    await engine.dispose()
    return committed


async def hang(dsn: str, name: str) -> None:
    async with create_engine(dsn).connect() as connection:
        await record(connection, [Act("test.lost", name, {})], actor=name, at=datetime.now(UTC))
        say("recorded")
        await asyncio.Event().wait()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _, address, own_name, many = sys.argv
    if many == "0":
        asyncio.run(hang(address, own_name))
    else:
        say(str(asyncio.run(work(address, own_name, int(many)))))
