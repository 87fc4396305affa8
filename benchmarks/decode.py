"""Measure how much faster it is to read only the rows that changed than to decode all of them.

    python benchmarks/decode.py --players 1000000 --rounds 5

Makes up a report and the one after it, in which a share of the rows changed,
and prints the median of alternating rounds for three ways to find the changes:
`read_report` with the rows in place, with the rows shuffled, and the standard
library's `json` with a comparison of dictionaries. Then the peak memory of
each on top of both bodies, what is held between reports included, as a process
of its own sees it (on Linux).
"""

import argparse
import gc
import json
import multiprocessing
import random
import re
import statistics
import string
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from goatedvips.upstream.wire import read_report

ALPHABET = string.ascii_letters + string.digits
SEED = 7
IDLE = 0.9
Row = tuple[str, str, str]


def wagered(chance: random.Random) -> str:
    day, week, month, ever = sorted(chance.uniform(0, 100_000) for _ in range(4))
    return f'"today":{day},"this_week":{week},"this_month":{month},"all_time":{ever}'


def players(count: int, chance: random.Random) -> list[Row]:
    """Make rows as the feed has them: most never wagered."""
    nothing = '"today":0,"this_week":0,"this_month":0,"all_time":0'
    return [
        (
            "".join(chance.choices(ALPHABET, k=20)),
            "".join(chance.choices(ALPHABET, k=chance.randint(5, 16))),
            nothing if chance.random() < IDLE else wagered(chance),
        )
        for _ in range(count)
    ]


def body(rows: list[Row]) -> bytes:
    listed = ",".join(
        f'{{"uid":"{uid}","name":"{name}","wagered":{{{amounts}}}}}' for uid, name, amounts in rows
    )
    return f'{{"success":true,"data":[{listed}],"today":0,"this_week":0}}'.encode()


def bodies(count: int, share: float) -> tuple[bytes, bytes, bytes]:
    """Return a report, the next one, and the next one in another order."""
    chance = random.Random(SEED)
    rows = players(count, chance)
    before = body(rows)
    for at in chance.sample(range(count), int(count * share)):
        rows[at] = (*rows[at][:2], wagered(chance))
    after = body(rows)
    chance.shuffle(rows)
    return before, after, body(rows)


def reader(before: bytes) -> Callable[[bytes], int]:
    snapshot = read_report(before).snapshot
    return lambda after: len(read_report(after, snapshot).new)


def json_reader(before: bytes) -> Callable[[bytes], int]:
    held = {row["uid"]: row for row in json.loads(before)["data"]}
    return lambda after: sum(held.get(row["uid"]) != row for row in json.loads(after)["data"])


def compare_times(count: int, share: float, rounds: int) -> None:
    before, after, shuffled = bodies(count, share)
    ours, theirs = reader(before), json_reader(before)
    ways = {"json": (theirs, after), "in place": (ours, after), "shuffled": (ours, shuffled)}
    gc.collect()
    gc.freeze()  # what is held between reports is not what is measured
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (read, report) in ways.items():
            started = time.perf_counter()
            assert read(report) == int(count * share)
            taken[name].append(time.perf_counter() - started)
    slowest = statistics.median(taken["json"])
    print(f"{count:,} players, {len(after) / 1e6:.1f} MB, {share:.0%} changed, median of {rounds}")
    for name, seconds in taken.items():
        median = statistics.median(seconds)
        print(f"  {name:10} {median * 1000:9.1f} ms  {slowest / median:5.1f} x as fast as json")


def compare_memory(count: int, share: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("before", "in place", "shuffled")]
        for path, report in zip(paths, bodies(count, share), strict=True):
            path.write_bytes(report)
        peaks = {}
        for name in ("json", "in place", "shuffled"):
            after = Path(folder, "in place" if name == "json" else name)
            # A process each, for memory once used is seldom given back.
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                peaks[name] = pool.apply(peak, (name, paths[0], after))
            print(f"  {name:10} {peaks[name]:9.1f} MB  {peaks[name] / peaks['json']:5.2f} of json's peak")


def peak(name: str, before: Path, after: Path) -> float:
    """Return the megabytes that holding one report and reading the next takes beyond both bodies."""
    held, report = before.read_bytes(), after.read_bytes()
    start = memory("VmRSS")
    read = (json_reader if name == "json" else reader)(held)
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak of the very first report
    read(report)
    return memory("VmHWM") - start


def memory(field: str) -> float:
    found = re.search(rf"{field}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) / 1000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--players", type=int, default=20_000)
    parser.add_argument("--changed", type=float, default=0.02, help="share of rows that change")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="little data: that it runs, not how fast")
    options = parser.parse_args()
    if options.quick:
        options.players, options.rounds = 2_000, 2
    compare_times(options.players, options.changed, options.rounds)
    if Path("/proc/self/clear_refs").exists():
        compare_memory(options.players, options.changed)


if __name__ == "__main__":
    main()
