"""The program as people run it: real processes, with an environment of their own."""

import io
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
import structlog
from psycopg import sql

from goatedvips.cli import main
from tests.api.conftest import Feed, serving_feed

PROGRAM = [sys.executable, "-m", "goatedvips"]
WITHIN = 60.0


@dataclass(frozen=True)
class Said:
    """What a finished command left."""

    code: int
    out: str
    err: str

    def json(self) -> Any:  # noqa: ANN401 - whatever JSON can say
        assert self.out.count("\n") == 1, self
        return json.loads(self.out)


def environment(**settings: str) -> dict[str, str]:
    """The environment without any setting of ours but these."""
    ours = ("GOATED", "DATABASE_URL", "READ_DATABASE_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"NO_COLOR": "1", "COLUMNS": "200"} | settings


@dataclass(frozen=True)
class Program:
    """`goatedvips` with settings."""

    settings: dict[str, str]

    def __call__(self, *arguments: str, **settings: str) -> Said:
        """Run in this process: starting one costs more than most commands."""
        root, out, err, code = logging.getLogger(), io.StringIO(), io.StringIO(), 0
        handlers, level, at_end = root.handlers[:], root.level, signal.getsignal(signal.SIGTERM)
        with (
            patch.dict(os.environ, environment(**self.settings | settings), clear=True),
            patch.object(sys, "argv", ["goatedvips", *arguments]),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            try:
                main()
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else 0
            finally:
                root.handlers[:] = handlers
                root.setLevel(level)
                structlog.reset_defaults()
                signal.signal(signal.SIGTERM, at_end)
        return Said(code, out.getvalue(), err.getvalue())

    def process(self, *arguments: str, **settings: str) -> Said:
        """Run as people do."""
        done = subprocess.run(
            [*PROGRAM, *arguments],
            env=environment(**self.settings | settings),
            capture_output=True,
            text=True,
            timeout=WITHIN,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def feed() -> Iterator[Feed]:
    with serving_feed() as feed:
        yield feed


@pytest.fixture
def goatedvips(dsn: str, feed: Feed, home: Path) -> Program:
    """The program over a database of its own and a feed that answers."""
    return Program(
        {
            "DATABASE_URL": dsn,
            "GOATEDVIPS_HOME": str(home),
            "GOATED_API_URL": feed.url,
            "GOATED_REFERRAL_CODE": "CODE",
        }
    )


@pytest.fixture(scope="module")
def kept(cluster: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The program over a database that the tests of a module share, with one report in it."""
    name = f"cli_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_{time.monotonic_ns()}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    with serving_feed() as feed:
        program = Program(
            {
                "DATABASE_URL": f"{cluster.rpartition('/')[0]}/{name}",
                "GOATEDVIPS_HOME": str(tmp_path_factory.mktemp("home")),
                "GOATED_API_URL": feed.url,
                "GOATED_REFERRAL_CODE": "CODE",
            }
        )
        assert program.process("sync", "--json").code == 0
        yield program
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def processes_of(home: Path) -> dict[int, str]:
    """Every living process whose arguments or environment name this home, with its command."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        with suppress(OSError):
            command = (folder / "cmdline").read_bytes()
            # A zombie has neither.
            if str(home).encode() in command + (folder / "environ").read_bytes():
                found[int(folder.name)] = command.replace(b"\0", b" ").decode(errors="replace")
    return found


def end_all(home: Path) -> None:
    """Leave nothing behind after a test that failed half way."""
    for process in processes_of(home):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
