"""The story is the same for everybody, and is alive."""

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goatedvips.simulator.story import ALL_TIME, LATE, THIS_MONTH, THIS_WEEK, TODAY, Plot, Story

DAY = 86_400
WEDNESDAY = datetime(2025, 3, 26, 9, 45, tzinfo=UTC)


def tell(*, seed: int = 7, players: int = 2_218, origin: datetime = WEDNESDAY) -> Story:
    return Story(Plot(seed, players, origin))


def at(story: Story, moment: datetime) -> None:
    story.advance((moment - story.plot.origin).total_seconds())


def everything(story: Story) -> tuple[bytes, list[str], list[str], list[int]]:
    listed = story.listed
    return story.amounts.tobytes(), story.names[:listed], story.uids[:listed], story.order.tolist()


@settings(max_examples=25, deadline=None)
@given(looks=st.lists(st.floats(0, 3 * DAY), max_size=12), seed=st.integers(0, 2**63 - 1))
def test_a_story_is_the_same_however_often_somebody_looks(looks: list[float], seed: int) -> None:
    watched, unwatched = tell(seed=seed, players=300), tell(seed=seed, players=300)
    for look in sorted(looks):
        watched.advance(look)
    watched.advance(3 * DAY)

    unwatched.advance(3 * DAY)

    assert everything(unwatched) == everything(watched)


def test_another_seed_tells_another_story() -> None:
    assert set(tell(seed=1).uids).isdisjoint(tell(seed=2).uids)


def test_a_story_never_goes_back() -> None:
    story = tell(players=50)
    story.advance(DAY)
    before = everything(story)

    story.advance(DAY / 2)

    assert before == everything(story)


def test_all_time_never_falls_and_no_window_falls_but_at_its_reset() -> None:
    story = tell(players=800)
    reset_at = story.plot.reset_at
    for hours in range(1, 24 * 9):
        before = story.amounts.copy()
        last, now = (WEDNESDAY + timedelta(hours=passed) - reset_at for passed in (hours - 1, hours))
        story.advance(hours * 3600)
        fell = np.any(story.amounts[:, : before.shape[1]] < before, axis=1).tolist()

        assert not fell[ALL_TIME]
        assert fell[TODAY] == (last.date() != now.date())
        assert fell[THIS_WEEK] == (last.isocalendar().week != now.isocalendar().week)
        assert fell[THIS_MONTH] == (last.month != now.month)


def test_the_windows_start_over_at_the_hidden_minute() -> None:
    story = tell()
    at(story, datetime(2025, 3, 27, 0, 6, 59, tzinfo=UTC))
    before = np.count_nonzero(story.amounts[TODAY])
    at(story, datetime(2025, 3, 27, 0, 7, 0, tzinfo=UTC))

    assert before > 15
    assert np.count_nonzero(story.amounts[TODAY]) <= 2


def test_the_late_windows_start_over_at_another_hour_and_on_another_weekday() -> None:
    story = tell(players=800, origin=datetime(2025, 3, 26, 9, 7, tzinfo=UTC))
    falls: dict[int, list[datetime]] = {TODAY: [], THIS_WEEK: []}
    for hours in range(1, 24 * 9):
        before = story.amounts.copy()
        story.advance(hours * 3600)
        for window, moments in falls.items():
            if np.any(story.amounts[LATE[window], : before.shape[1]] < before[LATE[window]]):
                moments.append(story.plot.origin + timedelta(hours=hours))

    assert 1 <= story.late_hours <= 8
    assert {story.late_hours} == {moment.hour for moment in falls[TODAY]}
    assert len(falls[TODAY]) == 9
    assert falls[THIS_WEEK]
    assert all(moment.weekday() != 0 for moment in falls[THIS_WEEK])


def test_some_28_players_a_day_come_to_2218() -> None:
    story = tell()

    story.advance(30 * DAY)

    assert story.listed - 2_218 == pytest.approx(30 * 28, rel=0.15)


def test_now_and_then_somebody_changes_his_name_and_rows_change_places() -> None:
    story = tell()
    names, order = list(story.names), story.order.tolist()

    story.advance(7 * DAY)

    renamed = sum(now != before for now, before in zip(story.names, names, strict=False))
    assert 3 <= renamed <= 25
    assert order != [player for player in story.order.tolist() if player < 2_218]


@pytest.mark.parametrize("seed", range(4))
def test_a_dozen_players_change_in_five_minutes(seed: int) -> None:
    story = tell(seed=seed)
    changes = []
    for look in range(1, 200):
        before = story.amounts[ALL_TIME].copy()
        story.advance(look * 300)
        changes.append(np.count_nonzero(story.amounts[ALL_TIME, : len(before)] != before))

    assert np.mean(changes) >= 12
    assert min(changes) >= 6


@pytest.mark.parametrize("seed", range(4))
def test_the_top_of_a_short_race_changes_hands(seed: int) -> None:
    story = tell(seed=seed)
    start = story.amounts[ALL_TIME].copy()
    podiums = []
    for look in range(1, 121):
        story.advance(look * 300)
        wagered = story.amounts[ALL_TIME, : len(start)] - start
        podiums.append(tuple(np.argsort(-wagered)[:3]))

    assert sum(now != before for before, now in pairwise(podiums)) >= 5


def test_thirty_days_of_2218_players_are_told_in_well_under_two_seconds() -> None:
    story = tell()
    started = time.process_time()

    story.advance(30 * DAY)

    assert time.process_time() - started < 2.0
