"""How the processes that `up` starts end with it."""

import os
import signal
import sys
import threading

SUPERVISED = "GOATEDVIPS_SUPERVISED"
"""Set by `up` for its children, whose standard input is a pipe that closes when `up` dies."""


def follow_supervisor() -> None:
    """End when `up` does, however it does: `kill -9` must leave no process behind that holds the port."""
    if not os.environ.get(SUPERVISED):
        return

    def watch() -> None:
        sys.stdin.read()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="supervisor").start()
