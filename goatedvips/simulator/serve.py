"""The simulator as a process: a real socket, and a state file that a restart goes on from."""

import socket
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import uvicorn

from goatedvips.simulator.feed import create_feed
from goatedvips.simulator.simulation import Wish
from goatedvips.simulator.traps import spell_traps


def _say(url: str) -> None:
    # At once, for whoever started us with a pipe and waits for this line.
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()


def simulate(  # noqa: PLR0913 - the flags of `goatedvips simulate`, one by one
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    players: int | None = None,
    seed: int | None = None,
    speed: float | None = None,
    traps: Sequence[str] = (),
    origin: datetime | None = None,
    state_file: Path | None = None,
    token: str | None = None,
    ready: Callable[[str], None] = _say,
) -> None:
    """Serve a feed until interrupted; `ready` is told its base URL once the port is bound.

    Traps are spelled `name[=value][*times]`. Port 0 takes a free one. Raises
    `BadInput` for a flag that cannot be, and `AnotherStory` where a flag
    contradicts the state file.
    """
    wish = Wish(seed=seed, players=players, origin=origin, speed=speed, traps=spell_traps(traps))
    app = create_feed(wish, state_file=state_file, token=token)
    # The first page of a million players takes some seconds to write: before anybody asks.
    app.state.simulation.report({})
    with _bound(host, port) as listener:
        ready(base_url(host, listener.getsockname()[1]))
        # A trapped caller may hang for ever; that must not keep us from stopping.
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
        uvicorn.Server(config).run(sockets=[listener])


def base_url(host: str, port: int) -> str:
    """Return what `GOATED_API_URL` has to be for a feed at this address."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/user"


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)
