"""The simulator as a real process on a real socket, slow, killed and started again."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import httpx2
import pytest

from goatedvips.kit.errors import BadInput
from goatedvips.simulator.feed import create_feed
from goatedvips.simulator.memory import UnreadableStateFile, recall
from goatedvips.simulator.serve import base_url
from goatedvips.simulator.simulation import AnotherStory, Simulation, Wish
from goatedvips.simulator.traps import spell_traps


class Hands(Protocol):
    def __call__(self) -> datetime: ...
    def move(self, **span: float) -> None: ...


PROGRAM = """
import json, pathlib, sys
from goatedvips.simulator.serve import simulate
flags = json.loads(sys.argv[1])
if "state_file" in flags:
    flags["state_file"] = pathlib.Path(flags["state_file"])
simulate(**flags)
"""


@contextmanager
def running(flags: str = "{}", *, heard: bool = False) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    program = [sys.executable, "-c", PROGRAM, flags]
    with subprocess.Popen(
        program, stdout=subprocess.PIPE, stderr=subprocess.PIPE if heard else None, text=True
    ) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip(), process
        finally:
            process.kill()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running('{"players": 200, "seed": 3}') as (url, _process):
        yield url


def ask(url: str, *, timeout: float = 5.0) -> httpx2.Response:
    return httpx2.get(f"{url}/affiliate/referral-leaderboard/CODE", timeout=timeout)


def switch(url: str, **traps: object) -> dict[str, Any]:
    answer = httpx2.patch(url.removesuffix("/user") + "/control", json={"traps": traps}, timeout=5)
    state: dict[str, Any] = answer.raise_for_status().json()
    return state


def test_port_0_is_a_port_that_answers(url: str) -> None:
    assert ask(url).json()["success"] is True
    assert base_url("::1", 80) == "http://[::1]:80/user"


def test_a_slow_answer_comes_late_and_whole(url: str) -> None:
    switch(url, slow={"value": 0.4, "times": 1})
    started = time.monotonic()

    assert len(ask(url).json()["data"]) >= 200
    assert time.monotonic() - started >= 0.4


def test_a_dripping_answer_comes_in_pieces_and_whole(url: str) -> None:
    switch(url, drip={"value": 0.6, "times": 1})
    body, arrivals = b"", []
    with httpx2.stream("GET", f"{url}/affiliate/referral-leaderboard/CODE", timeout=5) as answer:
        for piece in answer.iter_raw():
            body += piece
            arrivals.append(time.monotonic())

    assert len(body) == int(answer.headers["Content-Length"])
    assert len(arrivals) > 2
    assert arrivals[-1] - arrivals[0] >= 0.3


def test_a_timeout_never_answers_and_holds_up_nobody_else(url: str) -> None:
    switch(url, timeout={"times": 1})

    with pytest.raises(httpx2.ReadTimeout):
        ask(url, timeout=0.4)
    assert ask(url).status_code == 200


def test_who_gives_up_waiting_is_no_error_of_the_feeds() -> None:
    with running('{"players": 20, "traps": ["timeout*1"]}', heard=True) as (url, process):
        with pytest.raises(httpx2.ReadTimeout):
            ask(url, timeout=0.3)
        ask(url)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=5)

    assert errors == ""


def test_a_hanging_caller_does_not_keep_the_process_from_stopping() -> None:
    with running('{"players": 20, "traps": ["timeout"]}') as (url, process):
        with pytest.raises(httpx2.ReadTimeout):
            ask(url, timeout=0.3)
        process.send_signal(signal.SIGTERM)

        process.wait(timeout=5)


def test_a_killed_process_goes_on_with_the_same_story(tmp_path: Path) -> None:
    flags = f'{{"players": 300, "state_file": "{tmp_path}/feed.json", "speed": 600}}'
    with running(flags) as (url, _process):
        switch(url, frozen_month=True)
        before = {row["uid"]: row["wagered"] for row in ask(url).json()["data"]}
    with running(f'{{"state_file": "{tmp_path}/feed.json"}}') as (url, _process):
        state = switch(url)
        after = {row["uid"]: row["wagered"] for row in ask(url).json()["data"]}

    assert (state["players"], state["speed"], list(state["traps"])) == (300, 600, ["frozen_month"])
    assert before.keys() <= after.keys()
    for uid, wagered in before.items():
        assert wagered["all_time"] <= after[uid]["all_time"]
        assert wagered["this_month"] == after[uid]["this_month"]


def body_of(simulation: Simulation) -> bytes:
    return simulation.report(simulation.traps.spring())


def test_a_restart_after_changes_of_speed_tells_what_an_unbroken_run_tells(
    hands: Hands, tmp_path: Path
) -> None:
    path = tmp_path / "state.json"
    unbroken = Simulation(Wish(seed=9, players=150, speed=60), clock=hands, state_file=path)
    for speed in (1, 600, 7):
        hands.move(minutes=10)
        unbroken.change(speed=speed)
    hands.move(minutes=10)

    assert body_of(unbroken) == body_of(Simulation(Wish(), clock=hands, state_file=path))


def test_the_same_origin_tells_the_same_story_without_a_file(hands: Hands) -> None:
    wish = Wish(seed=9, players=150, speed=60, origin=hands())
    first = Simulation(wish, clock=hands)
    hands.move(hours=3)

    assert body_of(first) == body_of(Simulation(wish, clock=hands))


@pytest.mark.parametrize(
    "wish",
    [Wish(seed=2), Wish(players=11), Wish(origin=datetime(2025, 1, 1, tzinfo=UTC)), Wish(week_starts=6)],
)
def test_flags_that_contradict_the_file_are_refused(wish: Wish, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    Simulation(Wish(seed=1, players=10), state_file=path)
    before = path.read_bytes()

    with pytest.raises(AnotherStory, match=str(path)):
        Simulation(wish, state_file=path)
    assert before == path.read_bytes()


def test_traps_asked_for_at_a_restart_join_those_remembered(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    Simulation(Wish(players=10, traps=spell_traps(["html"])), state_file=path)
    Simulation(Wish(traps=spell_traps(["slow=2"])), state_file=path)
    remembered = recall(path)

    assert remembered
    assert list(remembered.traps) == ["html", "slow"]


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff"])
def test_a_file_that_is_not_ours_is_named_and_left_alone(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(content)

    with pytest.raises(UnreadableStateFile, match=str(path)):
        create_feed(state_file=path)
    assert content == path.read_bytes()


def test_an_origin_too_far_back_is_refused_and_not_replayed(hands: Hands) -> None:
    with pytest.raises(BadInput, match="story days back"):
        Simulation(Wish(origin=hands() - timedelta(days=400), speed=60), clock=hands)
