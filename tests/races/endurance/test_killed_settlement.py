"""A race is settled once, whoever is killed at whatever point of it."""

import asyncio
import os
import random
import re
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from goatedvips.kit.embedded_postgres import EmbeddedPostgres, embedded_postgres, orphans
from goatedvips.kit.migrations import migrate
from tests.races.endurance.arena import Settler, arena_over
from tests.races.endurance.extent import DATABASE_KILLS, EVERY_KIND, KILLS, SEED

_OVERSHOOT = 1.15
"""Some kills are to come after the commit."""
_NEXT_LIFE = timedelta(seconds=1)


@dataclass
class Toll:
    """How many kills fell when, and what the killed had last told the database."""

    kills: Counter[str] = field(default_factory=Counter)
    struck: Counter[str] = field(default_factory=Counter)

    def take(self, settler: Settler | None, *, committed: bool) -> None:
        """Count a kill; whoever had just ended his turn is no settler any more."""
        self.kills["after the commit" if committed else "before the commit"] += 1
        # Cursors have names of their own.
        statement = re.sub(r'"c_\w+"', "cursor", settler.statement if settler else "nothing any more")
        self.struck[statement[:70]] += 1

    def tell(self, what: str) -> None:
        """Say it to whoever runs this to measure it, and see that both kinds are there."""
        lines = [f"{self.kills.total()} {what}, seed {SEED}: {dict(self.kills)}"]
        lines += [f"{times:5} {statement}" for statement, times in self.struck.most_common()]
        sys.stdout.write("\n".join(lines) + "\n")
        assert self.kills.total() < EVERY_KIND or len(self.kills) == 2, self.kills


async def test_a_race_whose_settler_is_killed_is_settled_once(dsn: str, tmp_path: Path) -> None:
    chance, toll = random.Random(SEED), Toll()
    async with arena_over(dsn, tmp_path) as arena:
        duration = await arena.duration()
        for number in range(KILLS):
            race = await arena.lap(number)
            victim = (await arena.settler()).number
            await asyncio.sleep(chance.uniform(0, _OVERSHOOT * duration))
            present = await arena.present_settler()
            arena.workers.kill(victim)
            arena.workers.hire()

            winner = arena.workers.wrote(await arena.settled(race))
            toll.take(present, committed=winner == victim)
            await arena.assert_settled_once(race)

    toll.tell(f"settlers killed in settlements of {duration:.2f} s")


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    """A server that keeps what was committed, as in production, and that nobody else uses."""
    with embedded_postgres(tmp_path / "home") as server:
        migrate(server.dsn)
        yield server


def kill_server(home: Path) -> None:
    """Kill all processes of a server the hard way."""
    for process in sorted(orphans.of_server(home / "postgres/data")):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


async def test_a_race_whose_database_is_killed_is_settled_once(
    own_server: EmbeddedPostgres, tmp_path: Path
) -> None:
    chance, toll = random.Random(SEED), Toll()
    async with arena_over(own_server.dsn, tmp_path, serving=own_server.app_dsn) as arena:
        duration = await arena.duration()
        for number in range(DATABASE_KILLS):
            race = await arena.lap(number)
            await arena.settler()
            await asyncio.sleep(chance.uniform(0, _OVERSHOOT * duration))
            present = await arena.present_settler()
            async with arena.looking_away(_NEXT_LIFE):
                kill_server(tmp_path / "home")
                assert await asyncio.to_thread(own_server.ensure_alive), "it was dead and is started again"

            again = arena.workers.clock() <= await arena.settled(race)
            toll.take(present, committed=not again)
            await arena.assert_settled_once(race)

    toll.tell(f"servers killed in settlements of {duration:.2f} s")
