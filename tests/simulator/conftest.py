"""A clock whose hands a test moves, and feeds that run by it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from goatedvips.simulator.feed import create_feed
from goatedvips.simulator.simulation import Wish

LEADERBOARD = "/user/affiliate/referral-leaderboard/CODE"


class Hands:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2025, 3, 26, 9, 45, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def feed(hands: Hands) -> TestClient:
    return TestClient(create_feed(Wish(seed=5, players=1_000), clock=hands))


@pytest.fixture
def trapped(feed: TestClient) -> Callable[..., TestClient]:
    """Switch traps on: `trapped(slow=8)`."""

    def switch(**traps: object) -> TestClient:
        answer = feed.patch("/control", json={"traps": traps})
        assert answer.status_code == 200, answer.text
        return feed

    return switch
