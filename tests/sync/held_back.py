"""Reports that were not believed, and what somebody decides about them."""

from typing import Any

from goatedvips.sync.outcome import Outcome
from goatedvips.sync.quarantine import service
from goatedvips.sync.quarantine.schemas import QuarantinedRun
from goatedvips.sync.requests.schemas import SyncRequestView
from goatedvips.sync.requests.service import request_view
from tests.pipeline import Pipeline, row

WHY = "They left for another site."
TEN = [row(f"p{number}", "10") for number in range(10)]
FOUR = [row("p0", "11"), *TEN[1:4]]


async def quarantined(pipeline: Pipeline) -> int:
    """Take a report of ten players over and quarantine one of four; return its run."""
    await pipeline.pull(*TEN)
    outcome = await pipeline.pull(*FOUR)
    assert outcome.status == "quarantined"
    return outcome.run_id


async def asked(pipeline: Pipeline, run_id: int, actor: str = "user:7") -> int:
    async with pipeline.engine.begin() as connection:
        return await service.request_apply(connection, run_id, reason=WHY, actor=actor, now=pipeline.clock())


async def discarded(pipeline: Pipeline, run_id: int) -> None:
    async with pipeline.engine.begin() as connection:
        await service.discard(connection, run_id, reason=WHY, actor="user:8", now=pipeline.clock())


async def applied(pipeline: Pipeline) -> Outcome:
    outcome = await pipeline.sync.apply_reviewed()
    assert outcome is not None
    return outcome


async def run(pipeline: Pipeline, run_id: int) -> QuarantinedRun:
    async with pipeline.engine.connect() as connection:
        return await service.run_view(connection, run_id)


async def request(pipeline: Pipeline, request_id: int) -> SyncRequestView:
    async with pipeline.engine.connect() as connection:
        return await request_view(connection, request_id)


async def runs(pipeline: Pipeline) -> list[tuple[Any, ...]]:
    return await pipeline.fetch("SELECT sync_type, status FROM sync_logs ORDER BY id")
