"""The command line."""

import sys

from goatedvips.cli.commands import app
from goatedvips.cli.output import report
from goatedvips.kit.errors import GoatedError


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
