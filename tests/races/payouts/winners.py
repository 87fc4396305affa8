"""Settled races with awards to approve and pay, and how their books are looked at."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from goatedvips.audit import service as audit
from goatedvips.ledger import service as ledger
from goatedvips.races.payouts.service import Outcome, approve, pay, unrecorded
from goatedvips.races.settlement import books
from goatedvips.races.settlement.service import settle_due
from tests.pipeline import Pipeline, row


async def settled_race(pipeline: Pipeline, *, winners: int = 3, **rules: object) -> list[int]:
    """Let a race of a day pass and settle it; return its awards, of ten dollars each unless told otherwise.

    One player more than there are winners takes part; his place pays nothing.
    """
    totals = {uid: amounts[3] for uid, amounts in (await pipeline.amounts()).items()}
    uids = [f"p{place:03}" for place in range(1, winners + 2)]
    totals |= {uid: Decimal(100) for uid in uids if uid not in totals}
    same = {"prize_pool": str(10 * winners), "prizes": [{"from": 1, "to": winners, "amount": "10"}]}
    await pipeline.pull(*_rows(totals))
    race = await pipeline.race(**same | rules)
    await pipeline.pull(*_rows(totals))
    totals |= {uid: totals[uid] + 10 * (len(uids) - behind) for behind, uid in enumerate(uids)}
    await pipeline.pull(*_rows(totals), hours=23)
    await pipeline.pull(hours=1)
    assert await settle_due(pipeline.engine, pipeline.clock) == [race]
    return [
        award
        for (award,) in await pipeline.fetch(
            "SELECT id FROM race_awards WHERE race_id = :race ORDER BY id", race=race
        )
    ]


def _rows(totals: Mapping[str, Decimal]) -> list[str]:
    return [row(uid, str(total)) for uid, total in sorted(totals.items())]


async def approved(pipeline: Pipeline, ids: Collection[int], actor: str = "cli:ann") -> Outcome:
    """Approve awards in a transaction of its own."""
    async with pipeline.engine.begin() as connection:
        return await approve(connection, ids, actor=actor, now=pipeline.clock())


async def payed(
    pipeline: Pipeline, references: Mapping[int, str], actor: str = "cli:bob", *, four_eyes: bool = False
) -> Outcome:
    """Pay awards in a transaction of its own."""
    async with pipeline.engine.begin() as connection:
        return await pay(connection, references, actor=actor, now=pipeline.clock(), four_eyes=four_eyes)


async def statuses(pipeline: Pipeline) -> dict[int, str]:
    """Return the status of every award."""
    rows = await pipeline.fetch("SELECT id, status FROM race_awards")
    return {award: status for award, status in rows}  # noqa: C416 - a row is a tuple of any length to mypy


async def findings(pipeline: Pipeline) -> list[str]:
    """Return what does not hold of the ledger, the awards and the audit log."""
    async with pipeline.engine.connect() as connection:
        return [
            *await ledger.verify(connection),
            *await books.verify(connection),
            *(await audit.verify(connection)).findings,
            *await unrecorded(connection),
        ]
