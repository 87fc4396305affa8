"""Everything at once: database, feed, worker and site, watched over and stopped together."""

import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Annotated

import typer

from goatedvips.cli.listening import Host, Port, listening
from goatedvips.cli.output import console, errors
from goatedvips.cli.resources import Addresses, DatabaseUrl, Home, database, settings_of
from goatedvips.cli.supervision import SUPERVISED
from goatedvips.kit.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError
from goatedvips.kit.errors import GoatedError
from goatedvips.kit.migrations import migrate
from goatedvips.settings import Settings, environment_with

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_READY_WITHIN = 120.0
_STOP_WITHIN = 15.0
_LOOK_EVERY = 0.2
_LONGEST_WAIT = 10.0
_STEADY_AFTER = 60.0
"""A process that lived so long died of something new, and is started again at once."""
_SIMULATED = {
    # Often enough to watch.
    "goatedvips_sync_interval": "5",
    # At that pace a month of raw reports would fill the disk: some two hours of them are kept.
    "goatedvips_report_days": "0.1",
    # A line for each of them would bury what matters.
    "goatedvips_log_level": "warning",
}
"""What a trial sets where nobody set anything else."""
_SIMULATED_SPEED = "60"
"""Story minutes a minute: with it a dozen players move with each report."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(up)


class NotStarted(GoatedError):
    """A part did not come up."""

    code = "not_started"


class Stopping(BaseException):
    """A signal asked us to stop."""


@dataclass(slots=True)
class Part:
    """A process that is started again when it ends by itself."""

    name: str
    arguments: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    due_at: float = 0.0

    def start(self) -> None:
        """Start the process, in our group, with a pipe that tells it when we are gone."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "goatedvips", *self.arguments],
            stdin=subprocess.PIPE,
            env=self.environment,
        )

    def look(self) -> str | None:
        """Start the process again if it has ended and its time has come; return what to tell."""
        now = time.monotonic()
        if self.process is not None and (code := self.process.poll()) is not None:
            self.failures = 0 if now - self.started_at > _STEADY_AFTER else self.failures + 1
            wait = min(0.5 * 2**self.failures, _LONGEST_WAIT)
            self.process, self.due_at = None, now + wait
            return f"{self.name} ended with {code}; it is started again in {wait:.0f} s."
        if self.process is None and now >= self.due_at:
            self.start()
        return None

    def ask_to_stop(self) -> None:
        """Ask the process to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def wait(self, deadline: float) -> None:
        """Wait for its end, and end it when the time is over."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass(slots=True)
class Supervisor:
    """Keeps all parts running until a signal comes."""

    server: EmbeddedPostgres | None
    tell: Callable[[str], None]
    parts: list[Part] = field(default_factory=list)

    def add(self, name: str, *arguments: str, environment: dict[str, str]) -> None:
        """Start one more part."""
        part = Part(name, list(arguments), environment | {SUPERVISED: "1"})
        part.start()
        self.parts.append(part)

    def look(self) -> None:
        """Start again whatever has ended."""
        try:
            if self.server is not None and self.server.ensure_alive():
                self.tell("PostgreSQL had ended and is started again.")
        except EmbeddedPostgresError as error:
            self.tell(error.detail)
        for part in self.parts:
            if told := part.look():
                self.tell(told)

    def stop(self) -> None:
        """End all parts, the last one started first."""
        deadline = time.monotonic() + _STOP_WITHIN
        for part in reversed(self.parts):
            part.ask_to_stop()
        for part in reversed(self.parts):
            part.wait(deadline)


def up(
    host: Host = None,
    port: Port = None,
    home: Home = None,
    database_url: DatabaseUrl = None,
    sync_interval: Annotated[
        float | None, typer.Option(help="Seconds between reports [GOATEDVIPS_SYNC_INTERVAL].")
    ] = None,
) -> None:
    """Run everything: database, feed (simulated unless GOATED_API_URL is set), worker and site."""
    settings = settings_of(
        goatedvips_host=host,
        goatedvips_port=port,
        goatedvips_home=home,
        database_url=database_url,
        goatedvips_sync_interval=sync_interval,
    )
    _stop_on_signals()
    try:
        # Said now, not by a child later: the commonest mistake is to start it twice.
        with listening(settings.goatedvips_host, settings.goatedvips_port) as free:
            settings = settings.model_copy(update={"goatedvips_port": free.getsockname()[1]})
        with database(settings, tell=_progress) as (addresses, server):
            _run(settings, addresses, server)
    except Stopping:
        console.print("Stopped.")


def _progress(text: str) -> None:
    console.print(f"  {text}", style="dim", markup=False, soft_wrap=True)


def _warning(text: str) -> None:
    errors.print(text, style="yellow", markup=False, soft_wrap=True)


def _run(settings: Settings, addresses: Addresses, server: EmbeddedPostgres | None) -> None:
    began = time.monotonic()
    console.print("PostgreSQL is ready." if server else "PostgreSQL is the one of DATABASE_URL.")
    before, after = migrate(addresses.owner)
    console.print(f"The schema is at {after}." if before == after else f"The schema was brought to {after}.")
    supervisor = Supervisor(server, _warning)
    try:
        _start_parts(settings, supervisor)
        url = _url(settings)
        _await_ready(url, supervisor)
        console.print(
            f"[bold]GoatedVIPs is on {url}[/] after {time.monotonic() - began:.1f} s. Ctrl-C stops it.",
            soft_wrap=True,
        )
        while True:
            time.sleep(_LOOK_EVERY)
            supervisor.look()
    finally:
        console.print("Stopping …")
        supervisor.stop()


def _start_parts(settings: Settings, supervisor: Supervisor) -> None:
    # Each part shares the embedded database by itself: whoever leaves last stops it, even if we are killed.
    known = {"GOATEDVIPS_HOME": str(settings.goatedvips_home)}
    feed: dict[str, str] = {}
    if settings.simulated:
        feed = _simulated_feed(settings, supervisor)
        known |= {
            name.upper(): value for name, value in _SIMULATED.items() if name not in settings.model_fields_set
        }
    supervisor.add("The worker", "work", environment=environment_with(settings, **known, **feed))
    supervisor.add("The site", "serve", environment=environment_with(settings, **known))


def _simulated_feed(settings: Settings, supervisor: Supervisor) -> dict[str, str]:
    token, port = secrets.token_urlsafe(16), str(_free_port())
    supervisor.add(
        "The simulated feed",
        *("simulate", "--port", port, "--speed", _SIMULATED_SPEED),
        *("--state-file", str(settings.goatedvips_home / "simulator.json")),
        environment=environment_with(settings, GOATED_API_TOKEN=token),
    )
    console.print(
        f"The feed is simulated on http://127.0.0.1:{port}; set GOATED_API_URL for the real one.",
        soft_wrap=True,
    )
    return {
        "GOATED_API_URL": f"http://127.0.0.1:{port}/user",
        "GOATED_REFERRAL_CODE": "simulated",
        "GOATED_API_TOKEN": token,
    }


def _await_ready(url: str, supervisor: Supervisor) -> None:
    deadline = time.monotonic() + _READY_WITHIN
    with console.status("Loading the boards …"):
        while time.monotonic() < deadline:
            supervisor.look()
            try:
                with urllib.request.urlopen(f"{url}/readyz", timeout=5):  # noqa: S310 - our own address
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(_LOOK_EVERY)
    raise NotStarted(
        f"The site did not answer on {url} within {_READY_WITHIN:.0f} s; the lines above say why."
    )


def _url(settings: Settings) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.goatedvips_host, settings.goatedvips_host)  # noqa: S104 - read, not bound
    return f"http://{f'[{host}]' if ':' in host and '[' not in host else host}:{settings.goatedvips_port}"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _stop_on_signals() -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        # A second signal must not cut the orderly end short.
        for number in _STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise Stopping

    for number in _STOP_SIGNALS:
        # nohup has us ignore a hang-up; it means it.
        if signal.getsignal(number) is not signal.SIG_IGN or number != signal.SIGHUP:
            signal.signal(number, stop)
