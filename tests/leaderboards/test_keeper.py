"""What a serving process holds, run after run."""

from datetime import timedelta

import pytest

from goatedvips.kit.errors import NotReady
from goatedvips.kit.windows import PERIODS, Period
from goatedvips.leaderboards.keeper import BoardKeeper
from goatedvips.leaderboards.standings import BoardStandings
from tests.pipeline import NOON, Pipeline, row

DOLLAR = 100_000_000


async def test_nothing_is_served_before_the_boards_are_loaded(pipeline: Pipeline) -> None:
    assert not pipeline.boards.loaded
    with pytest.raises(NotReady):
        _ = pipeline.boards.boards

    await pipeline.refresh()

    assert pipeline.boards.loaded
    assert pipeline.boards.boards.number == 0


async def test_several_runs_are_caught_up_with_at_once_as_if_loaded_anew(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "5", today="1"), row("b", "7"), row("idle"))
    await pipeline.refresh()
    await pipeline.pull(row("a", "6", today="1"), row("b", "7", name="Bob"), row("idle"))
    await pipeline.pull(row("new", "9"), row("a", "6", today="0"), row("b", "7", name="Bob"), row("idle"))
    await pipeline.pull(days=30)
    await pipeline.pull(row("new", "9"), row("a", "7"), row("b", "7", name="Bob"), row("idle"))

    await pipeline.refresh()
    caught_up = pipeline.boards.boards
    pipeline.boards = BoardKeeper()
    await pipeline.refresh()
    anew = pipeline.boards.boards

    assert caught_up is not anew
    assert (caught_up.number, caught_up.names, caught_up.uids) == (anew.number, anew.names, anew.uids)
    assert anew.names == ["a", "Bob", "idle", "new"]
    for period in PERIODS:
        assert caught_up.amounts[period].tolist() == anew.amounts[period].tolist()
        assert caught_up.reached[period].tolist() == anew.reached[period].tolist()
        assert caught_up.boards[period].order.tolist() == anew.boards[period].order.tolist()
    assert caught_up.run_ids.tolist() == anew.run_ids.tolist() == [1, 2, 3, 4, 5]
    assert caught_up.run_times.tolist() == anew.run_times.tolist()


async def test_of_equal_amounts_the_one_that_was_reached_first_stands_first(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "1"), row("b", "5"), row("c", "2"))
    await pipeline.pull(row("a", "5"), row("b", "5", today="3"), row("c", "5"))
    await pipeline.refresh()
    boards = pipeline.boards.boards

    # b moved in another window only: his all_time is as old as it was.
    assert [boards.uids[slot] for slot in boards.boards[Period.ALL_TIME].slots(0, 9)] == ["b", "a", "c"]


async def test_a_run_that_changes_nothing_still_makes_the_boards_newer(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "1"), minutes=0)
    await pipeline.refresh()
    first = pipeline.boards.boards
    await pipeline.pull(minutes=5)
    await pipeline.refresh()
    second = pipeline.boards.boards
    await pipeline.refresh()

    assert (first.number, second.number) == (1, 2)
    assert second.version is not None
    assert second.version.as_of == NOON + timedelta(minutes=5)
    assert second.updated_at(0) == NOON
    assert pipeline.boards.boards is second


async def test_runs_that_failed_or_are_quarantined_are_not_on_the_boards(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "1"), row("b", "2"))
    pipeline.feed.body = b""
    await pipeline.pull()
    quarantined = await pipeline.pull(row("a", "3"))
    await pipeline.refresh()

    assert quarantined.status == "quarantined"
    assert pipeline.boards.boards.number == 1


async def test_a_link_between_runs_shows_without_a_new_run(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "1"))
    await pipeline.refresh()
    before = pipeline.boards.boards
    await pipeline.execute(
        "INSERT INTO users (username, username_skeleton, player_id) SELECT 'ann', 'ann', id FROM players"
    )

    await pipeline.refresh()

    boards = pipeline.boards.boards
    assert (boards.number, before.number) == (1, 1)
    assert list(boards.faces.by_player) == boards.ids.tolist()
    assert before.faces.by_player == {}
    assert boards.revision > before.revision


async def test_when_a_player_moved_is_never_after_the_moment_the_boards_are_true_for(
    pipeline: Pipeline,
) -> None:
    await pipeline.pull(row("a", "1"), seconds=1, microseconds=999_600)
    await pipeline.refresh()
    boards = pipeline.boards.boards

    assert boards.version is not None
    assert boards.updated_at(0) <= boards.version.as_of


async def test_standings_are_told_to_those_who_know_no_boards(pipeline: Pipeline) -> None:
    standings = BoardStandings(pipeline.boards)
    await pipeline.refresh()
    assert (standings.of(1), standings.true_for().as_of, standings.true_for().version) == (None, None, 0)
    await pipeline.pull(row("a", "5", this_week="2"), row("b", "7"))
    await pipeline.refresh()

    told = standings.of(1)

    assert told is not None
    assert told.amounts == {"today": 0, "this_week": 2 * DOLLAR, "this_month": 0, "all_time": 5 * DOLLAR}
    assert told.ranks == {"today": None, "this_week": 1, "this_month": None, "all_time": 2}
    assert standings.players_per_tier()[0] == 2
    assert standings.true_for().version == 1
    assert [mark["code"] for mark in standings.true_for().marks] == ["this_week_exceeds_this_month"]
