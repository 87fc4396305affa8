"""`goatedvips up`: everything at once, whatever is killed, and nothing left behind."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.cli.conftest import end_all, environment, processes_of

WITHIN = 60.0
ANYBODY = "nobody"
WITH_OURS = {"PYTHONPATH": os.pathsep.join(each for each in sys.path if each), "PYTHONDONTWRITEBYTECODE": "1"}


def until(holds: Callable[[], object], why: Callable[[], object] | str) -> None:
    give_up = time.monotonic() + WITHIN
    while not holds():
        assert time.monotonic() < give_up, why() if callable(why) else why
        time.sleep(0.05)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@dataclass
class Up:
    """A running `goatedvips up`."""

    home: Path
    port: int = field(default_factory=free_port)
    user: str | None = None
    python: str = sys.executable
    lines: list[str] = field(default_factory=list)

    def start(self) -> "Up":
        self.run("up", "--port", str(self.port), "--sync-interval", "1")
        until(lambda: self.says("GoatedVIPs is on") or self.process.poll() is not None, lambda: self.lines)
        assert self.process.poll() is None, self.lines
        return self

    def run(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [self.python, "-m", "goatedvips", *arguments],
            env=environment(GOATEDVIPS_HOME=str(self.home), **WITH_OURS),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            user=self.user,
            cwd="/",
        )
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as said:
            self.lines.extend(iter(said.readline, ""))

    def says(self, text: str) -> bool:
        return any(text in line for line in self.lines)

    def get(self, path: str) -> Any:  # noqa: ANN401 - whatever JSON can say
        with suppress(httpx2.TransportError):
            answer = httpx2.get(f"http://127.0.0.1:{self.port}{path}", timeout=5, trust_env=False)
            return answer.json() if answer.status_code == 200 else None
        return None

    def version(self) -> int:
        tiers = self.get("/api/tiers")
        return tiers["version"] if tiers else -1

    def until_synced(self) -> None:
        """Wait for one more report to be shown."""
        before = self.version()
        until(lambda: self.version() > max(before, 0), lambda: f"no report came: {self.lines[-20:]}")

    def part(self, name: str) -> int:
        """The process of a part: a child of ours whose command says its name."""
        for process, command in processes_of(self.home).items():
            if f"goatedvips {name} " in command or f"/bin/{name} -D" in command:
                return process
        return 0

    def kill(self, name: str) -> None:
        """Kill a part the hard way, and wait for another to take its place."""
        victim = self.part(name)
        assert victim, name
        os.kill(victim, signal.SIGKILL)
        until(
            lambda: self.part(name) not in {0, victim},
            lambda: f"{name} did not come back: {self.lines[-20:]}",
        )

    def stop(self, number: int) -> float:
        """Signal it and return how many seconds it took to end."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(WITHIN)
        self.reader.join(WITHIN)
        return time.monotonic() - began

    def until_gone(self) -> None:
        """Wait until no process and no port of it is left."""
        until(lambda: not self._left(), lambda: f"left behind: {self._left()}; {self.lines[-20:]}")

    def _left(self) -> dict[int, str]:
        with socket.socket() as probe:
            open_port = probe.connect_ex(("127.0.0.1", self.port)) == 0
        return processes_of(self.home) | ({self.port: "is open"} if open_port else {})


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    running = Up(tmp_path / "home")
    yield running
    end_all(running.home)


def test_up_survives_its_parts_and_ends_with_all_of_them(up: Up) -> None:
    up.start()
    up.until_synced()

    assert up.get("/api/health")["status"] == "ok"
    assert up.get("/api/wager-races/current")["status"] == "live"
    for part in ("work", "serve", "postgres"):
        up.kill(part)
    until(lambda: up.get("/api/health"), "the site did not come back")
    up.until_synced()
    players = up.get("/api/leaderboard")["metadata"]["totalUsers"]

    assert up.stop(signal.SIGTERM) < 20
    assert up.process.returncode == 0, up.lines
    up.until_gone()

    again = Up(up.home).start()
    assert again.get("/api/leaderboard")["metadata"]["totalUsers"] >= players
    again.stop(signal.SIGKILL)
    again.until_gone()

    last = Up(up.home).start()
    assert last.get("/api/leaderboard")["metadata"]["totalUsers"] >= players
    last.until_synced()
    assert last.stop(signal.SIGINT) < 20
    last.until_gone()


@pytest.fixture
def for_anybody() -> Iterator[Path]:
    """A folder that belongs to an ordinary user, where he can reach it."""
    folder = Path(tempfile.mkdtemp(prefix="goatedvips-up-"))
    shutil.chown(folder, ANYBODY)
    yield folder
    end_all(folder)
    shutil.rmtree(folder)


def python_for_anybody() -> str | None:
    """A Python of our version that an ordinary user may run: root's own may be in root's home."""
    version = f"python3.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        with suppress(OSError, subprocess.CalledProcessError):
            program = [python, "-c", "import goatedvips.cli.up"]
            subprocess.run(program, env=environment(**WITH_OURS), user=ANYBODY, check=True, cwd="/")
            return python
    return None


@pytest.mark.skipif(os.geteuid() != 0, reason="whoever is no root says it with all other tests")
def test_an_ordinary_user_can_run_it(for_anybody: Path) -> None:
    python = python_for_anybody()
    assert python, "no Python here that an ordinary user may run"
    up = Up(for_anybody / "home", user=ANYBODY, python=python).start()
    owner = Path(f"/proc/{up.part('serve')}").stat().st_uid

    assert owner == pwd.getpwnam(ANYBODY).pw_uid
    assert up.stop(signal.SIGTERM) < 20
    up.until_gone()


def test_a_site_alone_takes_its_database_with_it(home: Path) -> None:
    up = Up(home)
    up.run("serve", "--port", str(up.port))
    until(lambda: up.get("/api/tiers"), lambda: up.lines)

    assert up.stop(signal.SIGTERM) < 20
    up.until_gone()


def test_an_interrupted_start_leaves_nothing(up: Up) -> None:
    up.run("up", "--port", str(up.port))
    until(lambda: up.says("database"), "it said nothing")

    assert up.stop(signal.SIGINT) < 20
    assert up.process.returncode == 0, up.lines
    up.until_gone()
