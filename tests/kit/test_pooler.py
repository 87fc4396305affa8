"""The program behind a pooler that gives each transaction whatever connection is free."""

import asyncio
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from goatedvips.kit.acting import acting
from goatedvips.kit.postgres import create_engine
from tests.api.browser import browsing
from tests.api.conftest import serving, serving_feed, until_ready
from tests.people import add_person
from tests.roles import app_dsn

_CONNECTIONS = 2
"""Of the pool: fewer than ask, so that everybody gets what another has just let go."""
_WITHIN = 20.0
_MINE = text("SELECT user_id FROM user_accounts ORDER BY user_id")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def pooled(dsn: str, tmp_path: Path) -> Iterator[str]:
    """The database's address for the role that serves, through PgBouncer."""
    program = shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")
    if program is None:
        missing = "pgbouncer is not installed"
        if os.environ.get("GOATEDVIPS_REQUIRE_POOLER"):
            pytest.fail(missing)
        pytest.skip(missing)
    url, port = make_url(app_dsn(dsn)), _free_port()
    settings = tmp_path / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n* = host={url.host} port={url.port} user={url.username} password={url.password}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\n"
        f"pool_mode = transaction\ndefault_pool_size = {_CONNECTIONS}\nunix_socket_dir =\n"
    )
    command = [program, str(settings)]
    if os.geteuid() == 0:
        # It refuses to run as root.
        nobody = pwd.getpwnam("nobody")
        os.chown(settings, nobody.pw_uid, nobody.pw_gid)
        for folder in (tmp_path, *tmp_path.parents):
            if folder.owner() == "root" and folder != Path("/"):
                folder.chmod(folder.stat().st_mode | 0o001)
        command = [program, "-u", "nobody", str(settings)]
    with (tmp_path / "pgbouncer.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    address = url.set(port=port).render_as_string(hide_password=False)
    try:
        _await(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(_WITHIN)


def _await(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _WITHIN
    while True:
        try:
            with closing(psycopg.connect(address)):
                return
        except psycopg.OperationalError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)


async def test_for_whom_a_transaction_acts_never_reaches_another(dsn: str, pooled: str) -> None:
    people = [add_person(dsn, f"person_{number}").id for number in range(6)]
    engine = create_engine(pooled, pool_size=12)

    async def look(person: int | None) -> bool:
        if person is None:
            async with engine.begin() as connection:
                return (await connection.execute(_MINE)).scalars().all() == []
        async with acting(engine, "user", person) as connection:
            return (await connection.execute(_MINE)).scalars().all() == [person]

    try:
        looks = [look(person) for _ in range(40) for person in (*people, None)]
        assert all(await asyncio.gather(*looks))
    finally:
        await engine.dispose()


def test_the_site_runs_behind_it(dsn: str, pooled: str) -> None:
    with serving_feed() as feed, serving(dsn, feed, through=pooled) as site, browsing(site) as browser:
        until_ready(site)
        site.pull()

        assert browser.register("behind_the_pool").status_code == 201
        assert browser.ask("PATCH", "/api/users/me", {"bio": "Hello"}).json()["bio"] == "Hello"
        assert browser.me()["username"] == "behind_the_pool"
        assert len(site.json("/api/leaderboard")["data"]) == 7
