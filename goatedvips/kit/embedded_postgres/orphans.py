"""What a killed server leaves behind: processes that finish a query for nobody."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from goatedvips.kit.embedded_postgres.folder import Folder

PROCESSES = Path("/proc")
# Idle processes notice within milliseconds that their server died; only a busy one takes longer.
GRACE = 3.0


class Grace:
    """Patience with the processes of a server whose first process is dead."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._orphaned_since: float | None = None

    def end_orphans(self) -> None:
        """Kill what outlived its server for too long; a restart must not wait for a long query.

        They can harm nothing: after its first process died, all of a server is replayed from the WAL.
        Where the system does not show its processes (/proc), they are waited for.
        """
        pids = of_server(self._folder.data)
        if not pids or first_process(self._folder.data) is not None:
            self._orphaned_since = None
            return
        now = time.monotonic()
        self._orphaned_since = self._orphaned_since or now
        if now > self._orphaned_since + GRACE:
            for pid in pids:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)


def of_server(data: Path) -> set[int]:
    """Find processes by their working folder, which is the cluster for each of a server's processes."""
    found = set()
    for process in PROCESSES.glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").readlink() == data and is_postgres(int(process.name)):
                found.add(int(process.name))
    return found


def first_process(data: Path) -> int | None:
    """Return the server's first process if it lives, by what the folder and the system show."""
    try:
        pid = int((data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if pid in of_server(data) else None


def is_postgres(pid: int) -> bool:
    """Tell whether a process is one of PostgreSQL's; where that cannot be seen it is believed."""
    if not PROCESSES.exists():
        return True
    try:
        return (PROCESSES / str(pid) / "comm").read_text(encoding="utf-8").strip() == "postgres"
    except OSError:
        return False
