"""The server's port on the loopback: kept, and changed only when a stranger has it."""

import secrets
import socket

from goatedvips.kit.embedded_postgres.errors import EmbeddedPostgresError
from goatedvips.kit.embedded_postgres.folder import Folder, write

HOST = "127.0.0.1"
# Below the ports that systems hand out to outgoing connections, or one of those could sit on ours
# while the server is down.
FIRST, LAST = 20_000, 32_000


def kept_port(folder: Folder) -> int | None:
    """Return the port the server was last told to use."""
    try:
        return int(folder.port.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def free_port(folder: Folder) -> int:
    """Return the kept port if it is free, else another, which is then kept."""
    port = kept_port(folder)
    if port is not None and _is_free(port):
        return port
    for _ in range(100):
        port = FIRST + secrets.randbelow(LAST - FIRST)
        if _is_free(port):
            write(folder.port, f"{port}\n")
            return port
    raise EmbeddedPostgresError(f"No free port was found on {HOST}; is the loopback network up?")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As PostgreSQL does it: connections of the last server that linger do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
