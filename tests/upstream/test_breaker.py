from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goatedvips.upstream.breaker import CircuitBreaker, Phase
from goatedvips.upstream.errors import CircuitOpen

START = datetime(2026, 1, 1, tzinfo=UTC)
REST = timedelta(minutes=10)


class Watch:
    """A clock that tests turn."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def opened(watch: Watch) -> CircuitBreaker:
    breaker = CircuitBreaker(watch, threshold=2, rest=REST)
    breaker.failed()
    breaker.failed()
    return breaker


def test_it_opens_at_the_threshold_and_says_until_when() -> None:
    breaker = opened(Watch())

    with pytest.raises(CircuitOpen, match=r"until 2026-01-01T00:10:00\.000Z") as open_:
        breaker.admit()

    assert open_.value.retry_at == START + REST
    assert breaker.phase is Phase.OPEN
    assert breaker.resting_until == START + REST


def test_a_success_between_failures_keeps_it_closed() -> None:
    breaker = CircuitBreaker(Watch(), threshold=2, rest=REST)
    for _ in range(5):
        breaker.failed()
        breaker.succeeded()

    breaker.admit()
    assert breaker.phase is Phase.CLOSED


def test_after_the_rest_one_trial_is_let_through_at_a_time() -> None:
    watch = Watch()
    breaker = opened(watch)
    watch.now += REST

    assert breaker.phase is Phase.HALF_OPEN
    breaker.admit()
    with pytest.raises(CircuitOpen):
        breaker.admit()


def test_a_trial_that_fails_opens_it_again_at_once_and_one_that_succeeds_closes_it() -> None:
    watch = Watch()
    breaker = opened(watch)
    watch.now += REST
    breaker.admit()
    breaker.failed()
    with pytest.raises(CircuitOpen):
        breaker.admit()

    watch.now += REST
    breaker.admit()
    breaker.succeeded()

    breaker.admit()
    assert breaker.phase is Phase.CLOSED


def test_a_trial_that_was_given_up_leaves_room_for_the_next() -> None:
    watch = Watch()
    breaker = opened(watch)
    watch.now += REST
    breaker.admit()

    breaker.abandoned()

    breaker.admit()


@given(st.lists(st.sampled_from(["ask", "succeed", "fail", "give up", "wait a little", "rest"])))
def test_whatever_happens_it_lets_someone_through_again_after_a_rest(events: list[str]) -> None:
    watch = Watch()
    breaker = CircuitBreaker(watch, threshold=2, rest=REST)
    in_a_row = 0
    for event in events:
        if event == "ask" and breaker.phase is not Phase.OPEN:
            breaker.admit()
        elif event == "succeed":
            breaker.succeeded()
            in_a_row = 0
        elif event == "fail":
            breaker.failed()
            in_a_row += 1
        elif event == "give up":
            breaker.abandoned()
        else:
            watch.now += REST if event == "rest" else timedelta(seconds=1)
        assert (breaker.phase is Phase.CLOSED) == (in_a_row < 2)

    watch.now += REST
    breaker.admit()
