"""The command line."""

import sys

from goatedvips.cli import database, doctor, processes, races, simulate, status, sync, up
from goatedvips.cli.output import app, report
from goatedvips.kit.errors import GoatedError

for commands in (up, processes, sync, database, simulate, doctor, status, races):
    commands.register(app)


def main() -> None:
    """Run the command line; what went wrong is a sentence and exit code 1."""
    try:
        app()
    except GoatedError as error:
        report(error)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


__all__ = ["app", "main"]
