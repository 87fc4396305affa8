"""One server process: is it there, start it, stop it."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from psycopg import sql

from goatedvips.kit.database_roles import APP, OWNER, READER
from goatedvips.kit.embedded_postgres import orphans
from goatedvips.kit.embedded_postgres.account import Account
from goatedvips.kit.embedded_postgres.cluster import last_lines
from goatedvips.kit.embedded_postgres.errors import EmbeddedPostgresError
from goatedvips.kit.embedded_postgres.folder import MEGABYTE, SUPERUSER, Folder
from goatedvips.kit.embedded_postgres.locks import LOOK_AGAIN, claim
from goatedvips.kit.embedded_postgres.ports import HOST, free_port, kept_port
from goatedvips.kit.embedded_postgres.programs import Programs

NAME = "goatedvips"  # of the database
START_PATIENCE = 600.0  # replaying WAL after a crash, on a slow disk
STOP_PATIENCE = 60.0  # the checkpoint of a fast shutdown, on a slow disk
LARGEST_LOG = 5 * MEGABYTE
PORT_TRIES = 5
TELL_EVERY = 5.0


@contextmanager
def superuser(folder: Folder) -> Iterator[psycopg.Connection]:
    """Connect to our server, and to no other: psycopg.Error when it is not there.

    Both sides prove that they know the password, and the folder tells it from a copied home.
    """
    connection = psycopg.connect(
        host=HOST,
        port=kept_port(folder) or 0,
        user=SUPERUSER,
        password=folder.password(SUPERUSER),
        dbname="postgres",
        connect_timeout=5,
        sslmode="disable",
        gssencmode="disable",
        require_auth="scram-sha-256",
        autocommit=True,
    )
    with connection:
        place = connection.execute("SELECT current_setting('data_directory')").fetchone()
        if place is None or not _same(Path(str(place[0])), folder.data):
            raise psycopg.OperationalError("the server on our port serves another folder")
        yield connection


def answers(folder: Folder) -> bool:
    """Tell by a real connection whether our server serves."""
    if kept_port(folder) is None:
        return False
    try:
        with superuser(folder):
            return True
    except psycopg.Error:
        return False


def start(
    folder: Folder, account: Account, programs: Programs, *, held: int, on_progress: Callable[[str], None]
) -> None:
    """Start the server on the cluster and return when it serves; it inherits the lock `held`."""
    _forget_the_last(folder)
    on_progress("Starting the database")
    for _ in range(PORT_TRIES):
        port = free_port(folder)
        began, process = _launch(folder, account, programs, port=port, held=held)
        if _wait_until_ready(folder, process, on_progress=on_progress):
            return
        said = _said_since(folder, began)
        if "Address already in use" not in said:
            raise EmbeddedPostgresError(
                f"The database did not start. Its last words (more in {folder.log}):\n{last_lines(said)}"
            )
    raise EmbeddedPostgresError(f"The database found no free port on {HOST}.")


def stop(folder: Folder) -> None:
    """Stop the server in order and return when its last process is gone."""
    if gone(folder, patience=LOOK_AGAIN):
        return
    pid = None
    with suppress(psycopg.Error), superuser(folder) as connection:
        # The server itself says its pid, and it lives while the connection does.
        pid = postmaster_pid(connection)
        signal_server(pid, signal.SIGINT)  # fast: clients are sent away, what was committed is on disk
    if pid is None:
        # Too busy or too broken to answer, or dead. What its folder shows is the next best witness.
        pid = orphans.first_process(folder.data)
        if pid is None:
            return
        signal_server(pid, signal.SIGINT)
    if not gone(folder, patience=STOP_PATIENCE):
        signal_server(pid, signal.SIGQUIT)  # at once; the next start replays the WAL
        gone(folder, patience=STOP_PATIENCE)


def signal_server(pid: int, number: signal.Signals) -> None:
    """Send a signal, but never to another program (a home may be shared with a container)."""
    with suppress(ProcessLookupError):
        if orphans.is_postgres(pid):
            os.kill(pid, number)


def gone(folder: Folder, *, patience: float) -> bool:
    """Wait until no process of the server is left."""
    give_up = time.monotonic() + patience
    while time.monotonic() < give_up:
        held = claim(folder.lock("server"))
        if held is not None:
            os.close(held)
            return True
        time.sleep(LOOK_AGAIN)
    return False


def postmaster_pid(connection: psycopg.Connection) -> int:
    """Ask the server for its own process."""
    row = connection.execute("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int").fetchone()
    if row is None:
        raise psycopg.OperationalError("the server did not say its pid")
    return int(row[0])


def have_roles(folder: Folder) -> None:
    """Have the roles and the database of the program; each step may have been done already.

    None is a superuser: what an attacker could make one say must not reach the machine. The owner may make
    roles and databases (for migrations and tests) and read all rows (for backups).
    """
    owner = sql.Identifier(OWNER)
    with superuser(folder) as connection:
        for role, rights in ((OWNER, "CREATEROLE CREATEDB BYPASSRLS"), (APP, ""), (READER, "")):
            verb = "ALTER" if _is_there(connection, "pg_roles", "rolname", role) else "CREATE"
            connection.execute(
                sql.SQL("{} ROLE {} LOGIN {} PASSWORD {}").format(
                    sql.SQL(verb), sql.Identifier(role), sql.SQL(rights), sql.Literal(folder.password(role))
                )
            )
        connection.execute(sql.SQL("GRANT pg_monitor TO {}").format(owner))
        # So that tests and migrations may set their passwords, and try what they can do.
        for role in (APP, READER):
            connection.execute(
                sql.SQL("GRANT {} TO {} WITH ADMIN OPTION").format(sql.Identifier(role), owner)
            )
        if not _is_there(connection, "pg_database", "datname", NAME):
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(NAME), owner))


def _is_there(connection: psycopg.Connection, catalog: str, column: str, name: str) -> bool:
    statement = sql.SQL("SELECT FROM {} WHERE {} = %s").format(
        sql.Identifier(catalog), sql.Identifier(column)
    )
    return connection.execute(statement, [name]).fetchone() is not None


def _launch(
    folder: Folder, account: Account, programs: Programs, *, port: int, held: int
) -> tuple[int, subprocess.Popen[bytes]]:
    if folder.log.exists() and folder.log.stat().st_size > LARGEST_LOG:
        folder.log.replace(folder.log.with_suffix(".log.1"))
    options = {
        "listen_addresses": HOST,
        "port": port,
        "unix_socket_directories": "",
        "logging_collector": "off",
    }
    command: list[str | Path] = [programs.bin / "postgres", "-D", folder.data]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    with folder.log.open("ab") as log:
        folder.log.chmod(0o600)
        began = log.tell()
        process = account.start(command, log=log, keep_open=held)
    # Reaped whenever it ends, also when we have long left and others keep it.
    threading.Thread(target=process.wait, name="embedded-postgres-reaper", daemon=True).start()
    return began, process


def _wait_until_ready(
    folder: Folder, process: subprocess.Popen[bytes], *, on_progress: Callable[[str], None]
) -> bool:
    began = told = time.monotonic()
    ready = False
    try:
        while process.poll() is None and time.monotonic() < began + START_PATIENCE:
            now = time.monotonic()
            if _says_ready(folder, process.pid):
                with superuser(folder):
                    ready = True
                    break
            if now > told + TELL_EVERY:
                told = now
                on_progress("Still starting the database (after a crash it replays what was committed)")
            time.sleep(LOOK_AGAIN)
    finally:
        if not ready:
            process.send_signal(signal.SIGINT)
            process.wait(STOP_PATIENCE)
    return ready


def _forget_the_last(folder: Folder) -> None:
    """Remove the pid file of a server that is gone.

    We hold the lock of the server, so none of ours lives; PostgreSQL itself would believe a pid that
    now belongs to another program. Somebody may have started one by hand: its processes show. Where
    the system does not show them, PostgreSQL has to judge.
    """
    if not orphans.PROCESSES.exists():
        return
    by_hand = orphans.of_server(folder.data)
    if by_hand:
        raise EmbeddedPostgresError(
            f"{folder.data} is already served by a PostgreSQL that was started by hand "
            f"(process {min(by_hand)}): stop that one first."
        )
    (folder.data / "postmaster.pid").unlink(missing_ok=True)


def _says_ready(folder: Folder, pid: int) -> bool:
    # Only spares us knocking at a door that is not open yet; the connection decides.
    try:
        lines = (folder.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"  # noqa: PLR2004  # the file's last line


def _said_since(folder: Folder, began: int) -> str:
    with folder.log.open("rb") as log:
        log.seek(began)
        return log.read().decode("utf-8", errors="replace")


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
