"""How much faster is it to read only the rows that changed than to decode the whole report?

    python benchmarks/decode.py --players 1000000 --rounds 5

Prints, for one made-up report and the next one with a share of the rows
changed, the median of alternating rounds for three ways to find the changes:
`read_report` with the rows in place, with the rows shuffled, and the standard
library's `json` with a comparison of dictionaries; then the peak memory each
takes on top of the two bodies, in a process of its own.
"""

import argparse
import gc
import json
import multiprocessing
import random
import resource
import statistics
import string
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

from goatedvips.upstream.wire import read_report

ALPHABET = string.ascii_letters + string.digits
Row = tuple[str, str, str]
Way = Callable[[], int]


def players(count: int, chance: random.Random) -> list[Row]:
    """Make rows as the feed has them: nine in ten never wagered."""
    return [
        (
            "".join(chance.choices(ALPHABET, k=20)),
            "".join(chance.choices(ALPHABET, k=chance.randint(5, 16))),
            '"today":0,"this_week":0,"this_month":0,"all_time":0' if chance.random() < 0.9 else wagered(chance),
        )
        for _ in range(count)
    ]


def wagered(chance: random.Random) -> str:
    day, week, month, ever = sorted(chance.uniform(0, 100_000) for _ in range(4))
    return f'"today":{day},"this_week":{week},"this_month":{month},"all_time":{ever}'


def body(rows: list[Row]) -> bytes:
    listed = ",".join(f'{{"uid":"{uid}","name":"{name}","wagered":{{{amounts}}}}}' for uid, name, amounts in rows)
    return f'{{"success":true,"data":[{listed}],"today":0,"this_week":0}}'.encode()


def ways(count: int, share: float) -> dict[str, Way]:
    chance = random.Random(7)
    rows = players(count, chance)
    before = body(rows)
    for at in chance.sample(range(count), int(count * share)):
        rows[at] = (*rows[at][:2], wagered(chance))
    after = body(rows)
    chance.shuffle(rows)
    shuffled = body(rows)
    snapshot = read_report(before).snapshot
    held = {row["uid"]: row for row in json.loads(before)["data"]}
    return {
        "in place": lambda: len(read_report(after, snapshot).new),
        "shuffled": lambda: len(read_report(shuffled, snapshot).new),
        "json": lambda: sum(held.get(row["uid"]) != row for row in json.loads(after)["data"]),
    }


def compare_times(count: int, share: float, *, rounds: int) -> None:
    taken: dict[str, list[float]] = {}
    candidates = ways(count, share)
    gc.collect()
    gc.freeze()  # what is held between reports is not what is measured
    for _ in range(rounds):
        for name, way in candidates.items():
            started = time.perf_counter()
            way()
            taken.setdefault(name, []).append(time.perf_counter() - started)
    median = {name: statistics.median(seconds) for name, seconds in taken.items()}
    for name, seconds in median.items():
        print(f"{name:10} {seconds * 1000:10.1f} ms   {median['json'] / seconds:6.1f} x json")


def xpeak(name: str, count: int, share: float) -> int:
    """Return the mebibytes that reading two reports in turn takes on top of their bodies."""
    chance = random.Random(7)
    rows = players(count, chance)
    before = body(rows)
    for at in chance.sample(range(count), int(count * share)):
        rows[at] = (*rows[at][:2], wagered(chance))
    if name == "shuffled":
        chance.shuffle(rows)
    after = body(rows)
    del rows
    gc.collect()
    start = memory_now()
    if name == "json":
        held = {row["uid"]: row for row in json.loads(before)["data"]}
        _changed = [row for row in json.loads(after)["data"] if held.get(row["uid"]) != row]
    else:
        snapshot = read_report(before).snapshot
        forget_peak()
        _report = read_report(after, snapshot)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss if name == "json" else peak_now()) // 1024 - start // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--players", type=int, default=20_000)
    parser.add_argument("--changed", type=float, default=0.02, help="share of rows that change")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    compare_times(options.players, options.changed, rounds=options.rounds)


if __name__ == "__main__":
    main()
