"""Compare a board in memory with asking PostgreSQL who stands where.

    python benchmarks/boards.py --players 1000000 --rounds 9 [--dsn postgresql://…]

Everybody's place in one window, as arrays and as a table with the best index for the question. Both
must give the same answer before either is timed; then rounds alternate. Prints medians with the fastest
and slowest round, and their ratio. Without `--dsn` it starts a server of its own and removes it again; with
one it only makes temporary tables. `SELECT 1` shows what asking at all costs.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psycopg
from numpy.typing import NDArray

from goatedvips.kit.embedded_postgres import embedded_postgres
from goatedvips.leaderboards.board import Board

Numbers = NDArray[np.int64]
PAGE = 50

TABLE = "CREATE TEMP TABLE wagered (id bigint PRIMARY KEY, amount bigint, reached bigint)"
FILL = "COPY wagered FROM STDIN (FORMAT binary)"
INDEX = "CREATE INDEX ON wagered (amount DESC, reached, id)"
PLACE_BY_COUNT = """
    SELECT count(*) + 1 FROM wagered AS other, wagered AS mine
     WHERE mine.id = %s
       AND other.amount >= mine.amount
       AND (other.amount > mine.amount OR (other.reached, other.id) < (mine.reached, mine.id))"""
PLACE_BY_WINDOW = """
    SELECT place FROM (SELECT id, row_number() OVER (ORDER BY amount DESC, reached, id) AS place
                         FROM wagered) AS placed
     WHERE id = %s"""
PAGE_BY_OFFSET = "SELECT id FROM wagered ORDER BY amount DESC, reached, id OFFSET %s LIMIT %s"
STORE_PLACES = """
    CREATE TEMP TABLE placed AS
    SELECT id, row_number() OVER (ORDER BY amount DESC, reached, id) AS place FROM wagered"""


@dataclass(frozen=True)
class Players:
    """Parallel arrays, as the keeper holds them."""

    amounts: Numbers
    reached: Numbers
    ids: Numbers

    @classmethod
    def made_up(cls, count: int, chance: np.random.Generator) -> "Players":
        """Make players of whom few wagered a lot and most little, but everybody something."""
        return cls(
            (1 + chance.pareto(1.2, count) * 1e10).astype(np.int64).clip(1, 2**62),
            chance.integers(1, 5000, count),
            np.arange(1, count + 1, dtype=np.int64) * 3,
        )

    def with_changes(self, slots: Numbers, chance: np.random.Generator) -> "Players":
        """Let some wager more."""
        amounts, reached = self.amounts.copy(), self.reached.copy()
        amounts[slots] += chance.integers(1, 10**10, len(slots))
        reached[slots] = 5000
        return Players(amounts, reached, self.ids)

    def board(self) -> Board:
        """Sort everybody."""
        return Board.build(self.amounts, self.reached, self.ids)


@dataclass(frozen=True)
class Question:
    """Two ways to the same answer; the board's is too fast for the clock, so it is asked `times` in a row."""

    name: str
    board: Callable[[], object]
    against: str
    other: Callable[[], object]
    times: int = 1


class Table:
    """The same players in PostgreSQL."""

    def __init__(self, connection: psycopg.Connection, players: Players) -> None:
        self.connection = connection
        connection.execute(TABLE)
        with connection.cursor().copy(FILL) as copy:
            copy.set_types(["int8", "int8", "int8"])
            columns = (players.ids.tolist(), players.amounts.tolist(), players.reached.tolist())
            for row in zip(*columns, strict=True):
                copy.write_row(row)
        connection.execute(INDEX)
        connection.execute("VACUUM ANALYZE wagered")

    def one(self, query: str, *values: int) -> int:
        """Return the single number that a query answers with."""
        row = self.connection.execute(query, values, prepare=True).fetchone()
        assert row is not None
        return int(row[0])

    def page(self, offset: int) -> list[int]:
        """Return the ids on a page."""
        rows = self.connection.execute(PAGE_BY_OFFSET, (offset, PAGE), prepare=True).fetchall()
        return [row[0] for row in rows]

    def store_places(self) -> None:
        """Keep everybody's number, as a site would that ranks in SQL."""
        self.connection.execute(STORE_PLACES)
        self.connection.execute("DROP TABLE placed")


def questions(players: Players, table: Table, *, changed: float) -> Iterator[Question]:
    chance = np.random.default_rng(11)
    board = players.board()
    for depth in (0.01, 0.9):
        offset = int(len(board) * depth)
        slot = int(board.slots(offset, 1)[0])
        player = int(players.ids[slot])
        for way, query in (("count(*)", PLACE_BY_COUNT), ("row_number()", PLACE_BY_WINDOW)):
            yield Question(
                f"place of number {offset + 1:,}",
                lambda slot=slot: board.rank(slot),  # type: ignore[misc]  # mypy cannot infer defaults here
                way,
                lambda query=query, player=player: table.one(query, player),  # type: ignore[misc]  # the same
                times=10_000,
            )
        yield Question(
            f"page of {PAGE} after {offset:,}",
            lambda offset=offset: players.ids[board.slots(offset, PAGE)].tolist(),  # type: ignore[misc]  # the same
            "OFFSET",
            lambda offset=offset: table.page(offset),  # type: ignore[misc]  # the same
            times=1000,
        )
    slots = chance.choice(len(board), int(len(board) * changed), replace=False)
    after = players.with_changes(slots, chance)
    yield Question("everybody's place, anew", players.board, "row_number() into a table", table.store_places)
    yield Question(
        f"everybody's place, {changed:.0%} changed",
        lambda: board.merged(slots, after.amounts, after.reached, after.ids),
        "anew",
        after.board,
    )


def check_answers(question: Question) -> None:
    ours, theirs = question.board(), question.other()
    if isinstance(ours, Board) and isinstance(theirs, Board):
        assert np.array_equal(ours.order, theirs.order), question.name
    elif not isinstance(ours, Board):
        assert ours == theirs, f"{question.name}: {ours} is not {theirs}"


def seconds(ask: Callable[[], object], times: int = 1) -> float:
    started = time.perf_counter()
    for _ in range(times):
        ask()
    return (time.perf_counter() - started) / times


def shown(rounds: list[float]) -> str:
    return f"{human(statistics.median(rounds)):>9} ({human(min(rounds))} to {human(max(rounds))})"


def human(duration: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if duration >= size:
            return f"{duration / size:.3g} {unit}"
    return f"{duration / 1e-6:.3g} µs"


def compare(question: Question, rounds: int) -> None:
    check_answers(question)
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(seconds(question.board, question.times))
        theirs.append(seconds(question.other))
    ratio = statistics.median(theirs) / statistics.median(ours)
    print(
        f"{question.name:34} {shown(ours):38} {question.against:26} {shown(theirs):38} {ratio:10,.1f} x",
        flush=True,
    )


@contextmanager
def connected(dsn: str | None) -> Iterator[psycopg.Connection]:
    if dsn:
        with psycopg.connect(dsn, autocommit=True) as connection:
            yield connection
        return
    with (
        tempfile.TemporaryDirectory(prefix="boards-") as home,
        embedded_postgres(Path(home)) as server,
        connected(server.dsn) as connection,
    ):
        yield connection


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--players", type=int, default=100_000)
    parser.add_argument("--changed", type=float, default=0.02, help="share of players that change")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--dsn", help="a PostgreSQL to use instead of one of our own")
    parser.add_argument("--quick", action="store_true", help="little data: that it runs, not how fast")
    options = parser.parse_args()
    if options.quick:
        options.players, options.rounds = 5_000, 2
    players = Players.made_up(options.players, np.random.default_rng(7))
    with connected(options.dsn) as connection:
        table = Table(connection, players)
        asking = [seconds(lambda: table.one("SELECT 1")) for _ in range(100)]
        print(f"{options.players:,} players, {options.rounds} rounds; SELECT 1 takes {shown(asking).strip()}")
        for question in questions(players, table, changed=options.changed):
            compare(question, options.rounds)


if __name__ == "__main__":
    main()
