"""A running system and a browser that looks at it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from psycopg import sql

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_STARTS_WITHIN = 60.0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


class System:
    """A feed, a database and the site, with reports that arrive when the test says so.

    The feed is simulated unless one is named.
    """

    def __init__(self, dsn: str, home: Path, *, feed: str | None = None) -> None:
        self._home = home
        self.dsn = dsn
        self._feed_port, self._port = _free_port(), _free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._environment = os.environ | {
            "GOATEDVIPS_HOME": str(home),
            "DATABASE_URL": dsn,
            "GOATED_API_URL": feed or f"http://127.0.0.1:{self._feed_port}/user",
            "GOATED_REFERRAL_CODE": "test",
            "GOATEDVIPS_LOG_LEVEL": "warning",
        }
        self._feed: subprocess.Popen[bytes] | None = None
        if feed is None:
            self._feed = self._run(
                "simulate", "--port", str(self._feed_port), "--players", "400", "--speed", "0"
            )
        self._site: subprocess.Popen[bytes] | None = None

    def _run(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "goatedvips", *arguments], env=self._environment)

    def start_site(self) -> None:
        """Start the site and wait until it can serve."""
        self._site = self._run("serve", "--port", str(self._port))
        _await(f"{self.url}/readyz")

    def stop_site(self) -> None:
        """Kill the site, as a crash would."""
        assert self._site is not None
        self._site.send_signal(signal.SIGKILL)
        self._site.wait()

    def program(self, *arguments: str, given: str = "", code: int = 0) -> str:
        """Run a command of the program over this system's database; return what it says."""
        said = subprocess.run(
            [sys.executable, "-m", "goatedvips", *arguments],
            env=self._environment,
            input=given.encode(),
            stdout=subprocess.PIPE,
            check=False,
        )
        assert said.returncode == code, said.stdout
        return said.stdout.decode()

    def command(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        """The same for an answer in JSON."""
        answer: dict[str, Any] = json.loads(self.program(*arguments, "--json", code=code))
        return answer

    def _control(self, change: dict[str, object]) -> None:
        control = f"http://127.0.0.1:{self._feed_port}/control"
        _await(control)
        body = json.dumps(change).encode()
        urllib.request.urlopen(
            urllib.request.Request(control, body, {"Content-Type": "application/json"}, method="PATCH")
        ).close()

    def switch(self, **traps: object) -> None:
        """Turn traps of the simulated feed on, or off with False."""
        self._control({"traps": traps})

    def report(self, minutes: int = 60, *, code: int = 0) -> dict[str, Any]:
        """Let story time pass and take the next report over; return how the run ended.

        `code` is what `goatedvips sync` is to exit with: 2 for a report that is quarantined.
        """
        if self._feed is not None:
            self._control({"advanceSeconds": minutes * 60} if minutes else {})
        return self.command("sync", code=code)

    def get(self, path: str) -> Any:  # noqa: ANN401 - whatever JSON says
        """Return what the API says."""
        with urllib.request.urlopen(f"{self.url}{path}", timeout=10) as answer:  # noqa: S310 - our own site
            return json.load(answer)

    def close(self) -> None:
        """Stop everything."""
        for process in (self._site, self._feed):
            if process is not None and process.poll() is None:
                process.terminate()
        for process in (self._site, self._feed):
            if process is not None:
                process.wait(20)


def _await(url: str) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < deadline:
        with suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(url, timeout=5):  # noqa: S310
            return
        time.sleep(0.1)
    raise TimeoutError(f"{url} did not answer")


@pytest.fixture(scope="module")
def system(cluster: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system with two reports taken over, so that a race has moved."""
    with database(cluster, template) as dsn:
        running = System(dsn, tmp_path_factory.mktemp("system"))
        try:
            running.report(0)
            running.report(24 * 60)
            running.start_site()
            yield running
        finally:
            running.close()


@contextmanager
def database(cluster: str, template: str) -> Iterator[str]:
    """Make a migrated database that nobody else of this process or another one uses."""
    name = f"web_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    try:
        yield f"{cluster.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(cluster, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


# Not for the session: Playwright keeps an event loop running, beside which no asynchronous test can run.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's Chromium; without one the journeys are skipped, unless this must not be."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        missing = f"none of {', '.join(BROWSERS)} is installed"
        if os.environ.get("GOATEDVIPS_REQUIRE_BROWSER"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        # Root in a container has no user namespaces for the sandbox; the pages are our own.
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about: errors on its console, which is where a broken CSP shows."""
    return []


@pytest.fixture
def page(browser: Browser, system: System, complaints: list[str]) -> Iterator[Page]:
    """A fresh visitor's tab, 1280 pixels wide."""
    context = browser.new_context(
        base_url=system.url, viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    context.set_default_timeout(15_000)
    tab = context.new_page()
    tab.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    yield tab
    context.close()
