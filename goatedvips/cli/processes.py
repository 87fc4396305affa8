"""The parts of `up`, each a process of its own: `serve` and `work`."""

import asyncio
import os
import signal
import socket
import sys
import threading
from typing import Annotated

import typer
import uvicorn

from goatedvips.app import create_app
from goatedvips.cli.resources import DatabaseUrl, Home, migrated_database, settings_of
from goatedvips.kit.errors import GoatedError
from goatedvips.kit.postgres import create_engine
from goatedvips.realtime.server import SERVER_OPTIONS, LiveServer
from goatedvips.settings import Settings
from goatedvips.worker import prepare, work

SUPERVISED = "GOATEDVIPS_SUPERVISED"
"""Set by `up` for its children, whose standard input is a pipe that closes when `up` dies."""

Host = Annotated[str | None, typer.Option("--host", help="Address to listen on [GOATEDVIPS_HOST].")]
Port = Annotated[int | None, typer.Option("--port", help="Port to listen on [GOATEDVIPS_PORT].")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(serve)
    app.command(name="work")(work_command)


def serve(host: Host = None, port: Port = None, home: Home = None, database_url: DatabaseUrl = None) -> None:
    """Serve the site and the API."""
    settings = settings_of(
        goatedvips_host=host, goatedvips_port=port, goatedvips_home=home, database_url=database_url
    )
    follow_supervisor()
    with migrated_database(settings) as dsn:
        serve_until_stopped(settings, dsn)


def serve_until_stopped(settings: Settings, dsn: str) -> None:
    """Serve until a signal comes."""
    application = create_app(settings, dsn)
    config = uvicorn.Config(
        application,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.goatedvips_trusted_proxies),
        forwarded_allow_ips=settings.goatedvips_trusted_proxies,
        timeout_graceful_shutdown=10,
        backlog=8192,
        **SERVER_OPTIONS,
    )
    server = LiveServer(config, before_shutdown=application.state.hub.close)
    with listening(settings.goatedvips_host, settings.goatedvips_port) as listener:
        server.run(sockets=[listener])


def work_command(
    home: Home = None,
    database_url: DatabaseUrl = None,
    sync_interval: Annotated[
        float | None, typer.Option(help="Seconds between reports [GOATEDVIPS_SYNC_INTERVAL].")
    ] = None,
) -> None:
    """Take reports over at their time, and do what races need when it falls due."""
    settings = settings_of(
        goatedvips_home=home, database_url=database_url, goatedvips_sync_interval=sync_interval
    )
    require_feed(settings)
    follow_supervisor()
    with migrated_database(settings) as dsn:
        asyncio.run(_work(settings, dsn))


async def _work(settings: Settings, dsn: str) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    engine = create_engine(dsn)
    await prepare(settings, engine)
    await engine.dispose()
    await work(settings, dsn, stop)


def require_feed(settings: Settings) -> None:
    """Raise `NoFeed` if there is none to ask."""
    if settings.simulated:
        raise NoFeed


class NoFeed(GoatedError):
    """Nobody said where the feed is."""

    code = "no_feed"

    def __init__(self) -> None:
        super().__init__(
            "GOATED_API_URL is not set, so there is no feed to ask."
            " Set it and GOATED_REFERRAL_CODE, or use `goatedvips up`, which simulates one."
        )


class AddressTaken(GoatedError):
    """Something else listens there, or the address is not ours."""

    code = "address_taken"


def listening(host: str, port: int) -> socket.socket:
    """Return a listening socket; raise `AddressTaken` with a sentence."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=8192)
    except OSError as error:
        raise AddressTaken(
            f"Cannot listen on {host}:{port}: {error.strerror}. Choose another --port (GOATEDVIPS_PORT)."
        ) from None


def follow_supervisor() -> None:
    """End when `up` does, however it does: `kill -9` must leave no process behind that holds the port."""
    if not os.environ.get(SUPERVISED):
        return

    def watch() -> None:
        sys.stdin.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="supervisor").start()
