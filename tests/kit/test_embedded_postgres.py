# Longer than other files: making the database that these tests copy takes longer than most of them.
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from goatedvips.kit.embedded_postgres import EmbeddedPostgresError, embedded_postgres, folder
from goatedvips.kit.embedded_postgres.account import Account
from goatedvips.kit.embedded_postgres.folder import ROOM_TO_BEGIN, Folder
from goatedvips.kit.embedded_postgres.locks import claim, release
from goatedvips.kit.embedded_postgres.programs import find_programs

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
NOBODY = 65534
# A process that uses the database until its input ends.
USER = """
import sys
from pathlib import Path
from goatedvips.kit.embedded_postgres import embedded_postgres

with embedded_postgres(Path(sys.argv[1])) as running:
    print(running.dsn, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a home whose database holds one player, once; the tests work on copies of it."""
    home = tmp_path_factory.mktemp("made") / "home"
    with embedded_postgres(home) as running:
        ask(running.dsn, "CREATE TABLE players AS SELECT 'Ada' AS name")
    (home / "postgres" / "port").unlink()
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "home"
    shutil.copytree(made, home)
    yield home
    # A test that failed half way leaves no server behind.
    left = claim(home / "postgres/server.lock")
    if left is None:
        with embedded_postgres(home):
            pass
    else:
        release(left)


def ask(dsn: str, query: str) -> object:
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def players(dsn: str) -> object:
    return ask(dsn, "SELECT name FROM players")


def postmaster(home: Path) -> int:
    return int((home / "postgres/data/postmaster.pid").read_text().split("\n", 1)[0])


def serves(dsn: str) -> bool:
    with suppress(psycopg.OperationalError):
        return ask(dsn, "SELECT 1") == 1
    return False


def until(happened: Callable[[], object]) -> None:
    give_up = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < give_up
        time.sleep(0.005)


@contextmanager
def another_process(home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with subprocess.Popen(
        [sys.executable, "-c", USER, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()


def test_a_new_home_gets_a_database_that_is_safe_and_closed(tmp_path: Path) -> None:
    told: list[str] = []
    with embedded_postgres(tmp_path / "deep" / "home", on_progress=told.append) as running:
        settings = {
            name: ask(running.dsn, f"SELECT current_setting('{name}')")
            for name in (
                "fsync",
                "data_checksums",
                "jit",
                "listen_addresses",
                "server_encoding",
                "is_superuser",
            )
        }
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(running.dsn, password="wrong")
    modes = {
        stat.S_IMODE(path.stat().st_mode)
        for path in (tmp_path / "deep" / "home", *(tmp_path / "deep/home/postgres").glob("*.password"))
    }

    assert settings == {
        "fsync": "on",
        "data_checksums": "on",
        "jit": "off",
        "listen_addresses": "127.0.0.1",
        "server_encoding": "UTF8",
        "is_superuser": "off",
    }
    assert modes == {0o700, 0o600}
    assert told == ["Creating the database (once, a few seconds)", "Starting the database"]


def test_the_owner_may_do_what_migrations_and_tests_need(home: Path) -> None:
    with embedded_postgres(home) as running:
        for query in (
            "CREATE EXTENSION pg_trgm",
            "CREATE EXTENSION citext",
            "CREATE ROLE app NOLOGIN",
            "GRANT app TO CURRENT_USER",
            "SET ROLE app",
            "CREATE DATABASE spare",
        ):
            ask(running.dsn, query)

        assert ask(running.superuser_dsn, "SELECT current_setting('is_superuser')") == "on"


def test_after_a_restart_the_address_and_the_data_are_the_same(home: Path) -> None:
    with embedded_postgres(home) as running:
        before = running.dsn
    assert not serves(before)
    with embedded_postgres(home) as running:
        assert running.dsn == before
        assert players(before) == "Ada"


def test_processes_share_one_server_and_the_last_to_leave_stops_it(home: Path) -> None:
    with another_process(home) as (first, dsn):
        with embedded_postgres(home) as running:
            assert running.dsn == dsn
            first.communicate()
            assert first.returncode == 0
            assert serves(dsn)
        assert not serves(dsn)
        assert not (home / "postgres/data/postmaster.pid").exists()


def test_many_that_start_at_once_start_one_server(home: Path) -> None:
    def use(_: int) -> tuple[str, object]:
        with embedded_postgres(home) as running:
            return running.dsn, ask(running.dsn, "SELECT 1")

    with embedded_postgres(home) as running, ThreadPoolExecutor(8) as pool:
        assert set(pool.map(use, range(16))) == {(running.dsn, 1)}
    assert not serves(running.dsn)


def test_a_killed_server_is_started_again_with_what_was_committed(home: Path) -> None:
    with embedded_postgres(home) as running:
        assert not running.ensure_alive()
        before = running.dsn
        ask(before, "UPDATE players SET name = 'Grace'")
        os.kill(postmaster(home), signal.SIGKILL)

        assert running.ensure_alive()
        assert not running.ensure_alive()
        assert running.dsn == before
        assert players(before) == "Grace"


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="needs /proc")
def test_a_query_that_outlives_its_server_does_not_hold_up_the_next(home: Path) -> None:
    with embedded_postgres(home) as running, closing(psycopg.connect(running.dsn)) as busy:
        busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 1000000000000)")
        until(
            lambda: ask(running.dsn, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%1000000000%'")
        )
        os.kill(postmaster(home), signal.SIGKILL)

        assert running.ensure_alive()
        assert players(running.dsn) == "Ada"


def test_a_server_whose_users_were_killed_is_found_again_and_stopped_by_the_next(home: Path) -> None:
    with another_process(home) as (user, dsn):
        user.kill()
        user.wait()
        orphan = postmaster(home)
        with embedded_postgres(home) as running:
            assert running.dsn == dsn
            assert postmaster(home) == orphan
        assert not serves(dsn)


def test_a_ctrl_c_in_the_terminal_does_not_reach_the_server(home: Path) -> None:
    with embedded_postgres(home):
        pid = postmaster(home)

        assert os.getsid(pid) == pid != os.getsid(0)


def test_a_pid_file_that_names_a_living_stranger_is_no_server(home: Path) -> None:
    data = home / "postgres/data"
    (home / "postgres/port").write_text("nonsense")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        (data / "postmaster.pid").write_text(
            f"{stranger.pid}\n{data}\n{int(time.time())}\n5432\n\n\n\nready\n"
        )

        with embedded_postgres(home) as running:
            assert players(running.dsn) == "Ada"


def test_killed_while_the_database_is_made_leaves_nothing_half_made(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with another_process_starting(home) as process:
        until(lambda: list(home.glob("postgres/initdb-*/data/PG_VERSION")))
        process.kill()
        process.wait()
        assert not (home / "postgres/data").exists()
    with embedded_postgres(home) as running:
        assert serves(running.dsn)
    assert not list(home.glob("postgres/initdb-*"))


@contextmanager
def another_process_starting(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", USER, str(home)], stdin=subprocess.PIPE) as process:
        yield process


def test_a_copied_home_is_a_database_of_its_own(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    with embedded_postgres(home) as original:
        shutil.copytree(home, copy)
        before = original.dsn
        os.kill(postmaster(home), signal.SIGKILL)
        # The same passwords, and now the same port.
        with embedded_postgres(copy) as copied:
            assert copied.dsn == before

            assert original.ensure_alive()
            assert original.dsn != before
            ask(copied.dsn, "UPDATE players SET name = 'Grace'")
            assert players(original.dsn) == "Ada"


def test_a_port_taken_by_a_stranger_is_left_to_him(home: Path) -> None:
    with embedded_postgres(home) as running:
        before = running.dsn
    port = int(psycopg.conninfo.conninfo_to_dict(before)["port"] or 0)
    with socket.create_server(("127.0.0.1", port)), embedded_postgres(home) as running:
        assert running.dsn != before
        assert players(running.dsn) == "Ada"


def test_a_home_that_everybody_may_write_to_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)

    with (
        pytest.raises(EmbeddedPostgresError, match=r"Everybody may write to .* run `chmod o-w"),
        embedded_postgres(tmp_path),
    ):
        pass


@as_root
def test_a_home_of_somebody_else_is_refused(tmp_path: Path) -> None:
    os.chown(tmp_path, 12345, 12345)

    with pytest.raises(EmbeddedPostgresError, match="belongs to user 12345"), embedded_postgres(tmp_path):
        pass


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").touch()

    with (
        pytest.raises(EmbeddedPostgresError, match="Set GOATEDVIPS_HOME"),
        embedded_postgres(tmp_path / "home"),
    ):
        pass


@pytest.mark.parametrize("short", [1, ROOM_TO_BEGIN])
def test_too_small_a_disk_is_refused_before_anything_is_made(tmp_path: Path, short: int) -> None:
    with (
        pytest.raises(EmbeddedPostgresError, match="a new database needs 300 MB"),
        embedded_postgres(tmp_path, free=lambda _: ROOM_TO_BEGIN - short),
    ):
        pass
    assert not list(tmp_path.glob("postgres/*data*"))


@as_root
def test_a_disk_that_fills_up_is_named_in_the_servers_own_words(tmp_path: Path) -> None:
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=20m,mode=700", "tmpfs", tmp_path], check=False
    ).returncode:
        pytest.skip("mounting is not permitted here")
    try:
        with (
            pytest.raises(EmbeddedPostgresError, match="No space left on device"),
            embedded_postgres(tmp_path, free=lambda _: ROOM_TO_BEGIN),
        ):
            pass
        assert not list(tmp_path.glob("postgres/*data*"))
    finally:
        subprocess.run(["umount", tmp_path], check=True)


def test_a_server_that_does_not_start_says_why(home: Path) -> None:
    settings = home / "postgres/data/postgresql.conf"
    settings.write_text(settings.read_text() + "shared_buffers = much\n")
    with (
        pytest.raises(EmbeddedPostgresError, match='invalid value for parameter "shared_buffers"'),
        embedded_postgres(home),
    ):
        pass
    settings.write_text(settings.read_text().replace("much", "64MB"))

    with embedded_postgres(home) as running:
        assert ask(running.dsn, "SHOW shared_buffers") == "64MB"


@pytest.fixture
def open_place() -> Iterator[Path]:
    """Give a folder anybody may pass through, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o711)
        yield Path(place)


@as_root
def test_root_without_user_namespaces_runs_the_server_as_nobody_and_may_change_back(open_place: Path) -> None:
    home = open_place / "home"
    with embedded_postgres(home, account=Account(uid=NOBODY, gid=NOBODY)) as running:
        ask(running.dsn, "CREATE TABLE players AS SELECT 'Ada' AS name")
        assert Path(f"/proc/{postmaster(home)}").stat().st_uid == NOBODY
        assert not home.stat().st_mode & stat.S_IRWXO
        assert not (home / "postgres").is_symlink()
    with embedded_postgres(home) as running:
        assert players(running.dsn) == "Ada"


@as_root
def test_a_home_the_server_cannot_enter_leads_to_a_place_it_can(
    tmp_path: Path, open_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "REACHABLE", open_place / "reachable")
    tmp_path.chmod(0o700)
    home = tmp_path / "home"
    for _ in range(2):
        with embedded_postgres(home, account=Account(uid=NOBODY, gid=NOBODY)) as running:
            assert serves(running.dsn)
            assert (home / "postgres").resolve().parent == open_place / "reachable"
    shutil.rmtree(open_place / "reachable")

    with pytest.raises(EmbeddedPostgresError, match="which is gone"), embedded_postgres(home):
        pass


@as_root
def test_an_ordinary_user_needs_no_privilege() -> None:
    with tempfile.TemporaryDirectory() as place:
        os.chown(place, NOBODY, NOBODY)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
                with embedded_postgres(Path(place) / "home") as running:
                    code = 0 if serves(running.dsn) else 1
            finally:
                os._exit(code)  # a fork of pytest must not go on as pytest
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0


def test_programs_without_their_x_bit_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = find_programs(Folder(tmp_path), Account(), major=None).bin
    shutil.copytree(here.parents[1], tmp_path / "site/embedded_postgres")
    shutil.copytree(here.parents[2] / "embedded_postgres.libs", tmp_path / "site/embedded_postgres.libs")
    for program in (tmp_path / "site/embedded_postgres/pginstall/bin").iterdir():
        program.chmod(0o644)
    monkeypatch.syspath_prepend(tmp_path / "site")

    found = find_programs(Folder(tmp_path), Account(), major=None)

    assert found.bin.parents[2].name.startswith("programs-")
    assert found.major == 18


def test_data_of_a_version_that_is_not_here_are_left_alone(home: Path) -> None:
    (home / "postgres/data/PG_VERSION").write_text("99\n")

    with pytest.raises(EmbeddedPostgresError, match="PostgreSQL 99, which wrote"), embedded_postgres(home):
        pass
