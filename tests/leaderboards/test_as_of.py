"""A board as of a moment is the board that was shown then."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from goatedvips.kit.errors import BadInput, NotReady
from goatedvips.kit.etag import Ready
from goatedvips.kit.windows import PERIODS
from goatedvips.leaderboards import service
from goatedvips.leaderboards.boards import Boards
from goatedvips.leaderboards.errors import NothingKnownYet
from goatedvips.leaderboards.past import PastBoards
from goatedvips.leaderboards.rebuilding import Rebuilding
from goatedvips.leaderboards.schemas import LeaderboardQuery
from tests.pipeline import NOON, Pipeline, row

QUERIES = [
    {"period": str(period), "page": page, "limit": 4, "search": search}
    for period in PERIODS
    for page in (1, 2)
    for search in (None, "nn", "u3")
]


def past(pipeline: Pipeline) -> PastBoards:
    return PastBoards(pipeline.boards, pipeline.engine, pipeline.clock)


async def shown(
    pipeline: Pipeline, query: dict[str, Any], *, boards: Boards, moment: datetime | None = None
) -> Ready:
    asked = LeaderboardQuery.model_validate(query | {"asOf": moment})
    if asked.search is None:
        return service.page(boards, asked)
    return await service.search(boards, asked, pipeline.engine)


class Crowd:
    """Players who wager, fall, rename themselves, vanish, return, and are joined by others."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.amounts: dict[str, list[Decimal]] = {}
        self.names: dict[str, str] = {}

    def rows(self) -> list[str]:
        for _ in range(self.random.randint(0, 2)):
            uid = f"u{len(self.amounts)}"
            self.amounts[uid] = [Decimal(self.random.randint(0, 3))] * 4
            self.names[uid] = f"Anna {uid}"
        for uid, amounts in self.amounts.items():
            if self.random.random() < 0.4:
                self.amounts[uid] = [amount + self.random.choice([0, 1, 1, 2]) for amount in amounts]
            elif self.random.random() < 0.1:
                self.amounts[uid] = [Decimal(0), Decimal(0), amounts[2], max(amounts[3] - 1, Decimal(0))]
            if self.random.random() < 0.1:
                self.names[uid] = self.random.choice(["Anna", "Hannes", "Bob", "u3"]) + f" of {uid}"
        return [
            row(
                uid,
                str(each[3]),
                name=self.names[uid],
                today=str(each[0]),
                this_week=str(each[1]),
                this_month=str(each[2]),
            )
            for uid, each in self.amounts.items()
            if self.random.random() < 0.95
        ] or [row("u", "1")]


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_page_is_byte_for_byte_what_it_was(pipeline: Pipeline, seed: int) -> None:
    crowd = Crowd(seed)
    recorded: list[tuple[datetime, Boards, list[Ready]]] = []
    for _ in range(14):
        await pipeline.pull(*crowd.rows(), days=crowd.random.choice([0, 0, 9]), minutes=5)
        await pipeline.refresh()
        boards = pipeline.boards.boards
        pages = [await shown(pipeline, query, boards=boards) for query in QUERIES]
        recorded.append((pipeline.clock(), boards, pages))

    again = past(pipeline)
    for moment, then, pages in recorded:
        boards = await again.at(moment)

        rebuilt = [await shown(pipeline, query, boards=boards, moment=moment) for query in QUERIES]
        assert [(page.body, page.etag) for page in pages] == [(page.body, page.etag) for page in rebuilt]
        for period in PERIODS:
            assert then.reached[period].tolist() == boards.reached[period].tolist()
    # Between two reports, the older one is what was known.
    for (_, then, _), (later, _, _) in pairwise(recorded):
        assert (await again.at(later - timedelta(milliseconds=1))).number == then.number


async def test_the_moment_that_a_page_names_leads_to_that_page(pipeline: Pipeline) -> None:
    pipeline.clock.move(microseconds=123_456)
    await pipeline.pull(row("a", "1"))
    await pipeline.pull(row("a", "2"))
    await pipeline.refresh()
    page = json.loads((await shown(pipeline, {}, boards=pipeline.boards.boards)).body)
    await pipeline.pull(row("a", "3"))
    await pipeline.refresh()

    found = await past(pipeline).at(datetime.fromisoformat(page["metadata"]["asOf"]))

    assert page["metadata"]["version"] == found.number == 2


async def test_links_and_colours_are_the_present_ones(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "1"))
    moment = pipeline.clock()
    await pipeline.pull(row("a", "2"))
    await pipeline.refresh()
    again = past(pipeline)
    before = await again.at(moment)
    await pipeline.execute(
        "INSERT INTO users (username, username_skeleton, profile_color, player_id)"
        " SELECT 'a', 'a', '#123456', id FROM players"
    )
    await pipeline.refresh()
    after = await again.at(moment)

    entry = json.loads(service.page(after, LeaderboardQuery()).body)["data"][0]
    assert (entry["wagered"]["all_time"], entry["profileColor"]) == (1, "#123456")
    assert service.page(before, LeaderboardQuery()).etag != service.page(after, LeaderboardQuery()).etag


async def test_before_the_first_report_there_is_nothing_and_the_future_is_not_told(
    pipeline: Pipeline,
) -> None:
    await pipeline.refresh()
    with pytest.raises(NothingKnownYet, match="No report has come yet"):
        await past(pipeline).at(NOON)
    await pipeline.pull(row("a", "1"))
    await pipeline.refresh()

    with pytest.raises(NothingKnownYet, match="The first report is of 2025-03-26 12:05:00 UTC"):
        await past(pipeline).at(NOON)
    with pytest.raises(BadInput, match="asOf: lies in the future"):
        await past(pipeline).at(pipeline.clock() + timedelta(microseconds=1))
    assert await past(pipeline).at(pipeline.clock()) is pipeline.boards.boards


async def test_the_links_of_a_page_stay_at_its_moment(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "1"), row("b", "2"))
    moment = datetime(2025, 3, 26, 12, 5, 0, 7, tzinfo=UTC)
    await pipeline.refresh()
    ready = await shown(pipeline, {"limit": 1}, boards=pipeline.boards.boards, moment=moment)
    plain = await shown(pipeline, {"limit": 1}, boards=pipeline.boards.boards)

    assert "asOf=2025-03-26T12%3A05%3A00.000007%2B00%3A00&page=2" in ready.headers["Link"]
    assert "asOf" not in plain.headers["Link"]


async def test_one_thing_is_rebuilt_at_a_time_and_only_once() -> None:
    rebuilding: Rebuilding[int, int] = Rebuilding(kept=2, waiting=4)
    at_work: list[int] = []
    made: list[int] = []

    async def make(key: int) -> int:
        at_work.append(key)
        assert at_work == [key]
        await asyncio.sleep(0)
        at_work.remove(key)
        made.append(key)
        return -key

    async def get(key: int) -> int:
        return await rebuilding.get(key, lambda: make(key))

    assert list(await asyncio.gather(get(1), get(2), get(1), get(3))) == [-1, -2, -1, -3]
    assert made == [1, 2, 3]
    # Who was asked for longest ago has gone.
    assert [await get(3), await get(1), await get(2)] == [-3, -1, -2]
    assert made == [1, 2, 3, 2]


async def test_a_crowd_that_wants_the_past_is_sent_away() -> None:
    rebuilding: Rebuilding[int, int] = Rebuilding(kept=2, waiting=2)
    gate = asyncio.Event()

    async def make() -> int:
        await gate.wait()
        return 1

    waiting = [asyncio.create_task(rebuilding.get(key, make)) for key in (1, 2)]
    await asyncio.sleep(0)
    with pytest.raises(NotReady):
        await rebuilding.get(3, make)
    gate.set()

    assert list(await asyncio.gather(*waiting)) == [1, 1]
    assert await rebuilding.get(3, make) == 1
