"""What an administrator and a worker do with series."""

from typing import Any

from goatedvips.audit.service import verify
from goatedvips.races.engine import tick
from goatedvips.races.series import service
from goatedvips.races.series.schemas import SeriesCreate, SeriesEdit
from tests.pipeline import Pipeline


async def create(pipeline: Pipeline, **fields: Any) -> int:  # noqa: ANN401 - the fields of the model
    wanted = {"name": "Daily", "type": "daily", "prize_pool": "20"} | fields
    async with pipeline.engine.begin() as connection:
        return await service.create_series(
            connection, SeriesCreate.model_validate(wanted), actor="cli:ann", now=pipeline.clock()
        )


async def edit(
    pipeline: Pipeline,
    series: int,
    if_version: int | None = None,
    **fields: Any,  # noqa: ANN401 - the fields of the model
) -> list[int]:
    async with pipeline.engine.begin() as connection:
        return await service.edit_series(
            connection,
            series,
            SeriesEdit.model_validate(fields),
            actor="cli:bob",
            now=pipeline.clock(),
            if_version=if_version,
        )


async def turn(pipeline: Pipeline, series: int, *, on: bool) -> None:
    verb = service.enable_series if on else service.disable_series
    async with pipeline.engine.begin() as connection:
        await verb(connection, series, actor="cli:bob", now=pipeline.clock())


async def ticked(pipeline: Pipeline) -> None:
    async with pipeline.engine.begin() as connection:
        await tick(connection, pipeline.clock())


async def windows(pipeline: Pipeline) -> list[tuple[Any, ...]]:
    return await pipeline.fetch(
        "SELECT status, start_date, end_date FROM wager_races WHERE series_id IS NOT NULL ORDER BY start_date"
    )


async def acts(pipeline: Pipeline, action: str) -> list[tuple[Any, ...]]:
    async with pipeline.engine.connect() as connection:
        assert (await verify(connection)).findings == []
    return await pipeline.fetch(
        "SELECT actor, subject, details FROM audit_log WHERE action = :action ORDER BY id", action=action
    )
