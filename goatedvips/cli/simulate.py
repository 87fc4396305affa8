"""`goatedvips simulate`: a feed of our own."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from goatedvips.cli.output import console
from goatedvips.cli.supervision import follow_supervisor, is_supervised
from goatedvips.simulator import serve


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(simulate)


def simulate(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 8100,
    players: Annotated[
        int | None, typer.Option(help="How many players the story begins with [2218].")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed tells the same story.")] = None,
    speed: Annotated[float | None, typer.Option(help="Story seconds a second.")] = None,
    trap: Annotated[
        list[str] | None, typer.Option(help="A trap to switch on, `name[=value][*times]`; may be repeated.")
    ] = None,
    origin: Annotated[datetime | None, typer.Option(help="When the story begins.")] = None,
    state_file: Annotated[Path | None, typer.Option(help="Remembers the story over restarts.")] = None,
    token: Annotated[
        str | None, typer.Option(envvar="GOATED_API_TOKEN", help="Bearer token that callers must send.")
    ] = None,
) -> None:
    """Serve a simulated feed, with every trap of the real one to switch on (PATCH /control)."""
    follow_supervisor()
    serve.simulate(
        host=host,
        port=port,
        players=players,
        seed=seed,
        speed=speed,
        traps=trap or (),
        origin=origin,
        state_file=state_file,
        token=token,
        ready=_say_nothing if is_supervised() else _say,
    )


def _say(url: str) -> None:
    console.print(f"The simulated feed is on {url} (GOATED_API_URL).", highlight=False)


def _say_nothing(_url: str) -> None:
    """Leave it to `up`."""
