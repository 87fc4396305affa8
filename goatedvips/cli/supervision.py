"""How the processes that `up` starts end with it."""

import os
import signal
import sys
import threading

SUPERVISED = "GOATEDVIPS_SUPERVISED"
"""Set by `up` for its children, whose standard input is a pipe that closes when `up` dies."""


def is_supervised() -> bool:
    """Tell whether `up` started this process, and speaks for it."""
    return bool(os.environ.get(SUPERVISED))


def follow_supervisor() -> None:
    """End when `up` does, however it does: `kill -9` must leave no process behind that holds the port."""
    if not is_supervised():
        return

    def watch() -> None:
        sys.stdin.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="supervisor").start()
