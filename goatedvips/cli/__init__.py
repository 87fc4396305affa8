"""The command line."""

import signal
import sys
from types import FrameType

from goatedvips.cli.commands import app
from goatedvips.cli.output import report
from goatedvips.kit.errors import GoatedError


def main() -> None:
    """Run the command line; what went wrong is a sentence and exit code 1."""
    signal.signal(signal.SIGTERM, _end)
    try:
        app()
    except GoatedError as error:
        report(error)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _end(number: int, _frame: FrameType | None) -> None:
    # The default would end us at once, and leave a database running that we were the last to use.
    raise SystemExit(128 + number)


__all__ = ["app", "main"]
