"""Pages of boards, as they are sent."""

import json
from typing import Any

import pytest

from goatedvips.kit.etag import Ready
from goatedvips.leaderboards import service
from goatedvips.leaderboards.people import slot_of
from goatedvips.leaderboards.schemas import AroundQuery, LeaderboardQuery
from goatedvips.players.errors import PersonNotFound
from tests.pipeline import Pipeline, row


def said(ready: Ready) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ready.body)
    return found


def names(ready: Ready) -> list[str]:
    return [each["name"] for each in said(ready)["data"]]


async def seven(pipeline: Pipeline) -> None:
    await pipeline.pull(
        row("u1", "1.10", name="Anna", today="0.00000001"),
        row("u2", "70", name="ANNABEL"),
        row("u3", "30", name="b_nna"),
        row("u4", "40", name="50%off"),
        row("u5", "50", name="back\\slash"),
        row("u6", "60", name="Zoë"),
        row("u7", name="annette"),
    )
    await pipeline.refresh()


async def test_a_page_is_encoded_once_for_each_version(pipeline: Pipeline) -> None:
    await seven(pipeline)
    query = LeaderboardQuery(limit=2)
    boards = pipeline.boards.boards
    first = service.page(boards, query)
    await pipeline.pull()
    await pipeline.refresh()
    later = service.page(pipeline.boards.boards, query)

    assert service.page(boards, query) is first
    assert later.etag != first.etag
    assert names(first) == ["ANNABEL", "Zoë"]
    assert said(first)["pagination"] == {"total": 7, "page": 1, "limit": 2, "pages": 4}
    tags = {
        service.page(boards, LeaderboardQuery.model_validate(other)).etag
        for other in ({"limit": 2}, {"limit": 3}, {"limit": 2, "page": 2}, {"limit": 2, "period": "today"})
    }
    assert len(tags) == 4


async def test_only_so_many_pages_are_kept(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_READY", 3)
    await seven(pipeline)
    boards = pipeline.boards.boards

    for number in range(1, 9):
        service.page(boards, LeaderboardQuery(page=number))

    assert len(boards.ready) <= 3


async def test_amounts_are_exact_and_zeros_have_no_rank(pipeline: Pipeline) -> None:
    await seven(pipeline)

    page = said(service.page(pipeline.boards.boards, LeaderboardQuery()))

    by_name = {each["name"]: each for each in page["data"]}
    assert by_name["Anna"]["wagered"] == {
        "today": 0.00000001,
        "this_week": 0,
        "this_month": 0,
        "all_time": 1.1,
    }
    assert (by_name["Anna"]["rank"], by_name["annette"]["rank"]) == (6, None)
    assert (page["metadata"]["totalUsers"], page["metadata"]["rankedUsers"]) == (7, 6)
    assert b'"today":0.00000001' in service.page(pipeline.boards.boards, LeaderboardQuery()).body


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ann", ["ANNABEL", "Anna", "annette"]),
        ("NNA", ["ANNABEL", "b_nna", "Anna"]),
        ("_nna", ["b_nna"]),
        ("0%o", ["50%off"]),
        ("k\\s", ["back\\slash"]),
        ("ZOË", ["Zoë"]),
        ("u6", ["Zoë"]),
        ("%%", []),
        ("' OR 1=1 --", []),
    ],
)
async def test_search_takes_what_is_typed_as_text_and_keeps_the_boards_order(
    pipeline: Pipeline, text: str, found: list[str]
) -> None:
    await seven(pipeline)

    ready = await service.search(pipeline.boards.boards, LeaderboardQuery(search=text), pipeline.engine)

    assert names(ready) == found
    assert said(ready)["pagination"]["total"] == len(found)


async def test_search_is_paged_and_keeps_the_ranks_of_the_whole_board(pipeline: Pipeline) -> None:
    await seven(pipeline)
    query = LeaderboardQuery(search="ann", limit=1, page=2)

    ready = await service.search(pipeline.boards.boards, query, pipeline.engine)

    assert [(each["name"], each["rank"]) for each in said(ready)["data"]] == [("Anna", 6)]
    assert "search=ann" in ready.headers["Link"]


async def test_search_leaves_out_who_came_with_a_run_that_is_not_here_yet(pipeline: Pipeline) -> None:
    await seven(pipeline)
    await pipeline.pull(*(row(f"u{number}", "1", name=f"ann-{number}") for number in range(1, 12)))

    ready = await service.search(pipeline.boards.boards, LeaderboardQuery(search="ann-1"), pipeline.engine)

    # Anna goes by ann-1 already, which these boards do not know either.
    assert names(ready) == ["Anna"]


async def test_neighbours_of_a_person(pipeline: Pipeline) -> None:
    await seven(pipeline)
    boards = pipeline.boards.boards

    ready = service.around(boards, slot_of(boards, "u5"), "u5", AroundQuery(radius=1))

    assert names(ready) == ["Zoë", "back\\slash", "50%off"]
    with pytest.raises(PersonNotFound):
        service.around(boards, slot_of(boards, "u99"), "u99", AroundQuery())
