"""The program and its commands, each loaded only when it is called: a start costs what that command needs."""

from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from goatedvips import __version__
from goatedvips.cli.output import console

ABOUT = "Live leaderboards and wager races with cash prizes, from an affiliate's wager feed."

COMMANDS = {
    "up": "Run everything: database, feed (simulated unless GOATED_API_URL is set), worker and site.",
    "serve": "Serve the site and the API.",
    "work": "Take reports over at their time, and do what races need when it falls due.",
    "sync": "Ask the feed once and apply its report; exits 0 completed, 1 failed, 2 quarantined.",
    "quarantine": "Look at reports that were not believed; apply them after all, or discard them.",
    "migrate": "Bring the database's schema to what this version expects.",
    "simulate": "Serve a simulated feed, with every trap of the real one to switch on (PATCH /control).",
    "doctor": "Look at the configuration, the database and the feed; exits 1 if something must be mended.",
    "status": "Show the newest runs, the races that go on, and what is owed.",
    "race": "Make, edit, clone, cancel and look at races.",
    "award": "Look at what winners are owed, approve or reject it, and say that it was paid.",
    "verify": "Look whether the records hold: results, proofs, ledger, audit log; exits 1 if not.",
    "series": "Make, edit, preview and look at series, the rules that make the next race.",
    "admin": "Make the first administrator, give roles and keys, let back in who is locked out.",
    "import-legacy": "Take over the first system's database; exits 3 if anything was refused.",
    "retention": "Let go what is kept no longer, as a worker does every hour; show what is kept how long.",
    "openapi": "Print the description of the API (OpenAPI 3.1).",
}
"""Each command with its summary; the module of the same name under `goatedvips.cli` registers it.

What is a dash in a command is an underscore in its module.
"""


class Commands(TyperGroup):
    """Lists its commands from the table, and loads the one that is called."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 - handed on to Typer
        super().__init__(**attributes)
        for name, summary in COMMANDS.items():
            self.add_command(TyperCommand(name, callback=None, help=summary))

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:  # noqa: ANN401 - Typer's own types are private
        """Return the command that was called for, loaded."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, None if name is None else load(name), rest


def load(name: str) -> Any:  # noqa: ANN401 - Typer's own types are private
    """Import a command of the table."""
    holder = typer.Typer()
    import_module(f"goatedvips.cli.{name.replace('-', '_')}").register(holder)
    return get_group(holder).commands[name]


app = typer.Typer(
    cls=Commands,
    name="goatedvips",
    help=ABOUT,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _version(*, wanted: bool) -> None:
    if wanted:
        console.print(f"goatedvips {__version__}")
        raise typer.Exit


@app.callback(help=ABOUT)
def root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=lambda wanted: _version(wanted=wanted), is_eager=True)
    ] = False,
) -> None:
    """Take the options that stand before any command."""
