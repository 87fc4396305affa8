"""Whatever can be asked is answered as docs/openapi.json says: examples, coverage, fuzzing and flows.

Quick by default. `make contract` (`GOATEDVIPS_CONTRACT=thorough`) asks everything of everybody, for long.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.api.conftest import Site, serving, serving_feed, until_ready
from tests.api.winners import post, settled_race
from tests.databases import database
from tests.people import add_person

ROOT = Path(__file__).parents[2]
CONFIG = Path(__file__).with_name("schemathesis.toml")
CONTRACT = ROOT / "docs" / "openapi.json"
ADMINISTRATION = "^/api/admin/"
THOROUGH = os.environ.get("GOATEDVIPS_CONTRACT") == "thorough"


@dataclass(frozen=True)
class Asking:
    """Who asks how much of what."""

    role: str
    carries: str
    examples: int
    """Of each operation and phase; coverage has as many as it needs."""
    only: tuple[str, ...] = ()


QUICK = [
    # Who may not administrate is turned away by tests/api/test_permissions.py.
    Asking("user", "session", 2, ("--exclude-path-regex", ADMINISTRATION)),
    Asking("admin", "session", 2, ("--include-path-regex", ADMINISTRATION)),
]
EVERYTHING = [
    Asking(role, carries, 60 if carries == "session" else 20)
    for role in ("user", "admin")
    for carries in ("session", "key")
]


@pytest.fixture
def site(cluster: str, template: str) -> Iterator[Site]:
    """A site with people, a race that goes on, one that was settled, and a series."""
    with (
        database("contract", cluster, template) as dsn,
        serving_feed() as feed,
        serving(dsn, feed, goatedvips_link_by_wager=True) as site,
    ):
        until_ready(site)
        site.pull()
        settled_race(site)
        site.race()
        post(site, "race-series", {"name": "Daily", "type": "daily", "prizePool": "50.00"})
        add_person(site.dsn, "somebody_else")
        yield site


@pytest.mark.parametrize(
    "asking", EVERYTHING if THOROUGH else QUICK, ids=lambda it: f"{it.role}-{it.carries}"
)
def test_the_contract_holds(site: Site, asking: Asking, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    command = [
        *(str(Path(sys.executable).with_name("schemathesis")), "--no-color", "--config-file", str(CONFIG)),
        *("run", str(CONTRACT), "--url", site.url, "--report-json-path", str(report)),
        *("--max-examples", str(asking.examples), *asking.only),
    ]
    told = {
        "PYTHONPATH": str(ROOT),
        "SCHEMATHESIS_HOOKS": "tests.contract.callers",
        "CONTRACT_DSN": site.dsn,
        "CONTRACT_ROLE": asking.role,
        "CONTRACT_CARRIES": asking.carries,
    }

    # Beside the repository: it leaves a folder where it runs.
    run = subprocess.run(
        command, cwd=tmp_path, env=os.environ | told, capture_output=True, text=True, check=False
    )

    # For `pytest -rP`, and for whoever wants to know why it failed.
    sys.stdout.write(run.stdout + run.stderr)
    assert run.returncode == 0
    found = json.loads(report.read_text("utf-8"))
    assert found["complete"]
    assert (found["failures"], found["errors"]) == ([], [])
    assert found["operations"]["tested"] == found["operations"]["selected"] > 0
    assert {name: phase["status"] for name, phase in found["phases"].items()} == dict.fromkeys(
        ("examples", "coverage", "fuzzing", "stateful"), "success"
    )
