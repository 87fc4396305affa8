"""Holds the main pages against Lighthouse's bars, on its mobile profile: `python -m tests.web.lighthouse`.

A phone on slow 4G is simulated from what the browser did (Lighthouse's default). A page that misses a bar is
looked at twice more and judged by the median: a busy machine makes a fast page look slow, never a slow one
fast.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from goatedvips.kit.embedded_postgres import embedded_postgres
from goatedvips.kit.migrations import migrate
from tests.web.conftest import BROWSERS, System, moving_system

ROOT = Path(__file__).parents[2]
LEAST = {"performance": 0.90, "accessibility": 0.95, "best-practices": 0.95, "seo": 0.95}
"""Scores, of 1."""
MOST = {"largest-contentful-paint": 2500.0, "cumulative-layout-shift": 0.1}
"""Milliseconds, and a share of the window: what web.dev calls good."""
RUNS = 3

Seen = dict[str, float]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="lighthouse-") as folder, running(Path(folder)) as system:
        race = system.get("/api/wager-races/current")["id"]
        missed = [path for path in ("/", f"/races/{race}", "/leaderboard") if not holds(system.url, path)]
    if missed:
        sys.stderr.write(f"Lighthouse: below a bar: {', '.join(missed)}\n")
    return len(missed)


@contextmanager
def running(folder: Path) -> Iterator[System]:
    """A system with a race that has moved, in a folder of its own."""
    with embedded_postgres(folder / "database") as server:
        migrate(server.dsn)
        with moving_system(server.dsn, folder / "home") as system:
            yield system


def holds(url: str, path: str) -> bool:
    seen = [look(f"{url}{path}")]
    if misses(seen[0]):
        seen += [look(f"{url}{path}") for _ in range(RUNS - 1)]
    middle = {name: statistics.median(each[name] for each in seen) for name in seen[0]}
    figures = "  ".join(f"{name} {value:,.3g}" for name, value in middle.items())
    below = misses(middle)
    sys.stdout.write(f"{path:14} {figures}{f'  BELOW: {below}' if below else ''}\n")
    return not below


def misses(seen: Seen) -> list[str]:
    return [name for name, least in LEAST.items() if seen[name] < least] + [
        name for name, most in MOST.items() if seen[name] > most
    ]


def look(url: str) -> Seen:
    """Return the scores and the two figures of one page.

    The browser loses a trace now and then, and Lighthouse asks to be run again; raises `CalledProcessError`
    if it asks a third time.
    """
    for _ in range(RUNS - 1):
        with suppress(subprocess.CalledProcessError):
            return _look(url)
    return _look(url)


def _look(url: str) -> Seen:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    npm = [sys.executable, "build_site.py", "npm", "--prefix", "lighthouse", "exec", "--offline", "--"]
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        flags = [f"--only-categories={','.join(LEAST)}", "--chrome-flags=--headless=new --no-sandbox"]
        subprocess.run(
            [*npm, "lighthouse", url, "--quiet", "--output=json", f"--output-path={file.name}", *flags],
            cwd=ROOT,
            env=os.environ | ({"CHROME_PATH": browser} if browser else {}),
            check=True,
            stdout=subprocess.DEVNULL,
        )
        report: dict[str, Any] = json.load(file)
    scores = {name: report["categories"][name]["score"] for name in LEAST}
    return scores | {name: report["audits"][name]["numericValue"] for name in MOST}


if __name__ == "__main__":
    sys.exit(main())
