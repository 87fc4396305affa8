"""The database that comes with the program, shared by all processes of one home."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from goatedvips.kit.database_roles import APP, OWNER, READER
from goatedvips.kit.embedded_postgres import cluster, orphans, server
from goatedvips.kit.embedded_postgres.account import Account, server_account
from goatedvips.kit.embedded_postgres.errors import EmbeddedPostgresError
from goatedvips.kit.embedded_postgres.folder import SUPERUSER, Folder, free_space, open_folder, require_room
from goatedvips.kit.embedded_postgres.locks import LOOK_AGAIN, claim, release, share, turn
from goatedvips.kit.embedded_postgres.ports import HOST, kept_port
from goatedvips.kit.embedded_postgres.programs import find_programs

# How long a server that lives may fail to answer before a person must look.
ANSWER_PATIENCE = 120.0


class EmbeddedPostgres:
    """A running server that we use; made by `embedded_postgres`."""

    def __init__(
        self,
        folder: Folder,
        account: Account,
        *,
        on_progress: Callable[[str], None],
        free: Callable[[Path], int],
    ) -> None:
        self._folder = folder
        self._account = account
        self._on_progress = on_progress
        self._free = free

    @property
    def dsn(self) -> str:
        """Address of the database `goatedvips`, as its owner; it stays the same over restarts.

        Only when another program took our port while the server was down is there a new port in it.
        """
        return self._address(OWNER, server.NAME)

    @property
    def app_dsn(self) -> str:
        """Address of the same database as the role that serves, under row security."""
        return self._address(APP, server.NAME)

    @property
    def reader_dsn(self) -> str:
        """Address of the same database as the role that only looks."""
        return self._address(READER, server.NAME)

    @property
    def superuser_dsn(self) -> str:
        """Address of the database `goatedvips` for what only a superuser may do, such as base backups."""
        return self._address(SUPERUSER, server.NAME)

    def ensure_alive(self) -> bool:
        """Start the server again if it died; tell whether this call had to."""
        if server.answers(self._folder):
            return False
        with _in_words(self._folder), turn(self._folder.lock("turn"), self._on_progress):
            return self._have_server()

    def _address(self, role: str, database: str) -> str:
        password = self._folder.password(role)
        return f"postgresql://{role}:{password}@{HOST}:{kept_port(self._folder)}/{database}"

    def _have_server(self) -> bool:
        """Share the server that is there or start one, in our turn; tell whether it was started."""
        folder = self._folder
        held = self._share_or_claim()
        if held is None:
            return False
        try:
            major = cluster.major_of(folder)
            if major is None:
                require_room(folder.path, free=self._free)
            programs = find_programs(folder, self._account, major=major)
            cluster.prepare(folder, self._account, programs, held=held, on_progress=self._on_progress)
            server.start(folder, self._account, programs, held=held, on_progress=self._on_progress)
        finally:
            os.close(held)  # not released: the server holds it on
        server.have_roles(folder)
        return True

    def _share_or_claim(self) -> int | None:
        """Return the server's lock once no server lives, or None once one answers."""
        grace = orphans.Grace(self._folder)
        give_up = time.monotonic() + ANSWER_PATIENCE
        while time.monotonic() < give_up:
            held = claim(self._folder.lock("server"))
            if held is not None:
                return held
            if server.answers(self._folder):
                return None
            grace.end_orphans()
            time.sleep(LOOK_AGAIN)
        raise EmbeddedPostgresError(
            f"The database in {self._folder.path} lives but has not answered for "
            f"{ANSWER_PATIENCE:.0f} seconds; see {self._folder.log}."
        )


def _silently(_: str) -> None:
    """Tell nobody."""


@contextmanager
def embedded_postgres(
    home: Path,
    *,
    on_progress: Callable[[str], None] = _silently,
    account: Account | None = None,
    free: Callable[[Path], int] = free_space,
) -> Iterator[EmbeddedPostgres]:
    """Use the database of this home: the first to come starts it, the last to leave stops it.

    Takes seconds the first time (0.1 s later on), and blocks: call it before the event loop runs.
    """
    account = account or server_account()
    folder = open_folder(home, account)
    running = EmbeddedPostgres(folder, account, on_progress=on_progress, free=free)
    with _in_words(folder), turn(folder.lock("turn"), on_progress):
        using = share(folder.lock("users"))
        try:
            running._have_server()  # noqa: SLF001  # a class and its factory
        except BaseException:
            _leave(folder, using)
            raise
    try:
        yield running
    finally:
        with _in_words(folder), turn(folder.lock("turn"), on_progress):
            _leave(folder, using)


def _leave(folder: Folder, using: int) -> None:
    """Let go of the server, and stop it if nobody else uses it; in our turn."""
    release(using)
    last = claim(folder.lock("users"))
    if last is not None:
        try:
            server.stop(folder)
        finally:
            release(last)


@contextmanager
def _in_words(folder: Folder) -> Iterator[None]:
    try:
        yield
    except (OSError, psycopg.Error) as cannot:
        raise EmbeddedPostgresError(f"The database in {folder.path} cannot be used: {cannot}.") from cannot
