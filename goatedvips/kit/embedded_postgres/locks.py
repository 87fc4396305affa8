"""File locks that the kernel lets go of whenever a process ends, however it ends.

turn     one at a time: who starts, stops or mends the server
users    shared by everybody who uses the server; whoever can have it alone is the last
server   held by the server's own processes, through a descriptor they inherit: as long as it
         cannot be had, some process of the server (or of initdb) is alive. Unlike a pid in a
         file it is never stale and never means somebody else
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from goatedvips.kit.embedded_postgres.errors import EmbeddedPostgresError

# A cold start takes seconds, a crash recovery of a full WAL a minute or two.
TURN_PATIENCE = 300.0
LOOK_AGAIN = 0.02


@contextmanager
def turn(path: Path, on_progress: Callable[[str], None]) -> Iterator[None]:
    """Be the only one who starts, stops or mends the server."""
    descriptor = open_lock(path)
    try:
        if not _try(descriptor, fcntl.LOCK_EX):
            on_progress("Waiting for another process that is starting or stopping the database")
            give_up = time.monotonic() + TURN_PATIENCE
            while not _try(descriptor, fcntl.LOCK_EX):
                if time.monotonic() > give_up:
                    raise EmbeddedPostgresError(
                        f"Another process has been starting or stopping the database for "
                        f"{TURN_PATIENCE:.0f} seconds; it holds {path}."
                    )
                time.sleep(LOOK_AGAIN)
        yield
    finally:
        release(descriptor)


def share(path: Path) -> int:
    """Join those who hold the lock; only to be called in one's turn."""
    descriptor = open_lock(path)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def claim(path: Path) -> int | None:
    """Take the lock alone if nobody else holds it; only to be called in one's turn."""
    descriptor = open_lock(path)
    if _try(descriptor, fcntl.LOCK_EX):
        return descriptor
    os.close(descriptor)
    return None


def release(descriptor: int) -> None:
    """Let go, also on behalf of forked children that still have the descriptor."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    os.close(descriptor)


def open_lock(path: Path) -> int:
    """Open a lock file, which is never removed: two files of one name would be two locks."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _try(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
