"""What it costs a cached page of the board that every request is logged.

    python benchmarks/request_log.py --requests 20000 --rounds 9

Two servers over one database, as `goatedvips serve` starts them: one logs every request, the other none. A
few connections ask each for the same page, over and over; rounds of the two alternate. Prints requests a
second by the clock, with PostgreSQL, client and server on one machine, the server's own processor time a
request, and the ratios of the rounds.
"""

import argparse
import logging
import multiprocessing
import random
import selectors
import socket
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from urllib.request import urlopen

import psycopg
import structlog

from goatedvips.cli.serve import server_of
from goatedvips.kit.embedded_postgres import embedded_postgres
from goatedvips.kit.migrations import migrate
from goatedvips.settings import Settings

PLAYERS = """
    INSERT INTO feed_reports (sha256, body, size) VALUES (sha256('one'), 'one', 3);
    INSERT INTO sync_logs
           (sync_type, target_entity, start_time, end_time, status, as_of, report_sha256, metadata)
    VALUES ('scheduled', 'wagers', now(), now(), 'completed', now(), sha256('one'), '{"marks": []}');
    INSERT INTO players (goated_id, goated_username, first_run_id)
    SELECT lpad(n::text, 20, '0'), 'player' || n, 1 FROM generate_series(1, %d) AS n;
    INSERT INTO wager_totals
    SELECT id, 0, 0, 0, 100000000 + (hashint8(id)::bigint + 2147483648) * 40, 1, 1, 1, 1 FROM players;
    ANALYZE
"""
REQUEST = b"GET /api/leaderboard?page=3 HTTP/1.1\r\nHost: bench\r\n\r\n"


@dataclass
class Server:
    """A server, and what was measured of it."""

    name: str
    port: int
    size: int
    """Bytes of one answer."""
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    def metric(self, name: str) -> float:
        """Add up the lines of a metric."""
        with urlopen(f"http://127.0.0.1:{self.port}/metrics") as answer:
            lines = answer.read().decode().splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.split("{")[0].split(" ")[0] == name)

    def round(self, requests: int, connections: int) -> None:
        """Ask so often, and note how fast it went and what each request cost the server."""
        before, began = self.metric("process_cpu_seconds_total"), time.perf_counter()
        # Anew for each round: the server closes what is idle while the other one is asked.
        with ExitStack() as opened, selectors.DefaultSelector() as selector:
            for _ in range(connections):
                connection = socket.create_connection(("127.0.0.1", self.port))
                selector.register(opened.enter_context(connection), selectors.EVENT_READ)
            self._ask(requests, selector)
        self.rates.append(requests / (time.perf_counter() - began))
        self.costs.append((self.metric("process_cpu_seconds_total") - before) / requests * 1e6)

    def _ask(self, requests: int, selector: selectors.BaseSelector) -> None:
        missing = dict.fromkeys(selector.get_map(), self.size)
        for key in selector.get_map().values():
            cast("socket.socket", key.fileobj).sendall(REQUEST)
        sent, answered = len(missing), 0
        while answered < sent:
            for key, _ in selector.select(30):
                connection = cast("socket.socket", key.fileobj)
                received = len(connection.recv(1 << 18))
                assert received, "the server hung up"
                missing[key.fd] -= received
                if missing[key.fd] == 0:
                    answered, missing[key.fd] = answered + 1, self.size
                    if sent < requests:
                        connection.sendall(REQUEST)
                        sent += 1


def serve(listening: socket.socket, dsn: str, logged: str) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    settings = Settings.model_validate(
        {"goatedvips_request_log": logged, "goatedvips_rate_limit": 0, "goatedvips_secret_key": "k" * 40}
    )
    server_of(settings, dsn).run(sockets=[listening])


@contextmanager
def serving(name: str, dsn: str, logged: str) -> Iterator[Server]:
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    port = listening.getsockname()[1]
    process = multiprocessing.get_context("fork").Process(target=serve, args=(listening, dsn, logged))
    process.start()
    try:
        while answer_of(port).split(b" ")[1] != b"200":
            time.sleep(0.05)
        yield Server(name, port, len(answer_of(port)))
    finally:
        process.terminate()
        process.join()


def answer_of(port: int) -> bytes:
    """Return one answer, head and body."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(REQUEST)
        answer = connection.recv(1 << 16)
        head, _, _ = answer.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        while len(answer) < len(head) + 4 + length:
            answer += connection.recv(1 << 16)
    return answer


def compare(dsn: str, requests: int, rounds: int, connections: int) -> None:
    with (
        serving("every request logged", dsn, "all") as logging_,
        serving("none logged", dsn, "off") as silent,
    ):
        contest = [logging_, silent]
        for server in contest:
            server.round(requests, connections)
            server.rates.clear()
            server.costs.clear()
        for _ in range(rounds):
            # Nobody profits from always coming after the other.
            random.shuffle(contest)
            for server in contest:
                server.round(requests, connections)
        print(f"{requests:,} requests a round over {connections} connections, {silent.size:,} bytes each")
        for server in (logging_, silent):
            rates, costs = sorted(server.rates), sorted(server.costs)
            print(
                f"  {server.name:22} {statistics.median(rates):8,.0f} requests/s"
                f" ({rates[0]:,.0f} to {rates[-1]:,.0f})"
                f"   {statistics.median(costs):6.1f} µs of the server each"
                f" ({costs[0]:.1f} to {costs[-1]:.1f})"
            )
        rate = statistics.median(a / b for a, b in zip(logging_.rates, silent.rates, strict=True))
        cost = statistics.median(a / b for a, b in zip(logging_.costs, silent.costs, strict=True))
        print(f"  logged to not, median of the rounds: {rate:.3f} of the requests a second,")
        print(f"  {cost:.3f} times the processor time of the server")
        lost = logging_.metric("goatedvips_request_log_dropped_total")
        print(f"  lost of {(rounds + 1) * requests:,} that were to be logged: {lost:,.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--players", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--quick", action="store_true", help="little data: that it runs, not how fast")
    given = parser.parse_args()
    if given.quick:
        given.players, given.requests, given.rounds = 500, 500, 1
    with tempfile.TemporaryDirectory() as folder, embedded_postgres(Path(folder) / "home") as postgres:
        migrate(postgres.dsn)
        with psycopg.connect(postgres.dsn, autocommit=True) as connection:
            connection.execute((PLAYERS % given.players).encode())
        compare(postgres.app_dsn, given.requests, given.rounds, given.connections)


if __name__ == "__main__":
    main()
