"""Races that are over, found by their names and by who won them."""

import json
from datetime import timedelta
from typing import Any

import psycopg

from goatedvips.races.schemas import RaceListQuery
from goatedvips.races.settlement.service import settle_due
from tests.people import add_person
from tests.pipeline import NOON, Pipeline, row


async def listed(pipeline: Pipeline, **wanted: object) -> list[dict[str, Any]]:
    ready = await pipeline.reader.list(RaceListQuery.model_validate(wanted))
    found: list[dict[str, Any]] = json.loads(ready.body)["data"]
    return found


async def two_settled(pipeline: Pipeline) -> tuple[int, int]:
    """Let Ann and Bob win a race together, and Ann alone another one that ends at the same time."""
    end = NOON + timedelta(minutes=10)
    shared = await pipeline.race(name="Spring cup", tie_policy="shared", end_date=end, prize_pool="100")
    alone = await pipeline.race(name="50%_off", end_date=end, prize_pool="100")
    await pipeline.pull(row("u1", "1", name="Ann"), row("u2", "1", name="Bob"), minutes=0)
    await pipeline.pull(row("u1", "8.5", name="Ann"), row("u2", "8.5", name="Bob"), minutes=30)
    await settle_due(pipeline.engine, pipeline.clock)
    await pipeline.refresh()
    return shared, alone


async def test_a_settled_race_says_who_won_it(pipeline: Pipeline) -> None:
    shared, alone = await two_settled(pipeline)
    coming = await pipeline.race(start_date=NOON + timedelta(days=1), end_date=NOON + timedelta(days=2))

    told = {race["id"]: race["winners"] for race in await listed(pipeline)}

    ann = {"goatedId": "u1", "username": "Ann", "wagered": 7.5}
    bob = {"goatedId": "u2", "username": "Bob", "wagered": 7.5}
    assert told == {
        shared: [ann | {"prize": 31.25}, bob | {"prize": 31.25}],
        alone: [ann | {"prize": 42.5}],
        coming: [],
    }


async def test_races_are_found_by_their_name_or_a_winners(pipeline: Pipeline) -> None:
    shared, alone = await two_settled(pipeline)

    async def found(text: str) -> set[int]:
        return {race["id"] for race in await listed(pipeline, search=text)}

    assert await found("SPRING") == {shared}
    assert await found("%_") == {alone}
    assert await found("ann") == {shared, alone}
    assert await found("bob") == {shared}
    assert await found("nobody") == set()
    assert await listed(pipeline, search="ann", type="daily") == []


async def test_who_hides_is_neither_named_nor_found(pipeline: Pipeline, dsn: str) -> None:
    shared, alone = await two_settled(pipeline)
    bob = add_person(dsn, "bob", uid="u2")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("UPDATE users SET privacy = 'hidden' WHERE id = %s", [bob.id])
    await pipeline.refresh()

    told = {race["id"]: race["winners"] for race in await listed(pipeline)}

    assert [winner["username"] for winner in told[shared]] == ["Ann", "Hidden player"]
    assert told[shared][1]["goatedId"].startswith("hidden-")
    assert await listed(pipeline, search="bob") == []
    assert len(told[alone]) == 1
