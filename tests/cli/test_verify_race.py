"""`goatedvips verify race` and `verify all`: what they print, and how they end."""

import os
import pty
import subprocess
from datetime import timedelta

import psycopg
import pytest

from goatedvips.kit.clock import utc_now
from tests.api.conftest import Feed
from tests.cli.conftest import PROGRAM, WITHIN, Program, environment
from tests.tampering import cluster_home, forging


@pytest.fixture
def settled(goatedvips: Program, feed: Feed) -> Program:
    """The program after race 1 was settled: Ada wagered 30 in it, Bob 10."""
    dsn = goatedvips.settings["DATABASE_URL"]
    now = utc_now()
    times = {"--start": now + timedelta(hours=1), "--end": now + timedelta(hours=2)}
    flags = [word for flag, moment in times.items() for word in (flag, moment.isoformat())]
    assert goatedvips("migrate").code == 0
    assert goatedvips("race", "create", "--name", "A race", "--prize-pool", "100", *flags).code == 0
    assert goatedvips("sync").code == 0
    feed.wager("uidAda00000000000001", "30")
    feed.wager("uidBob00000000000002", "10")
    with psycopg.connect(dsn) as connection:
        # It has not started, and no entry of the audit log holds its terms yet.
        connection.execute(
            "UPDATE wager_races SET start_date = %s, end_date = now() WHERE name = 'A race'",
            [now - timedelta(hours=1)],
        )
    assert goatedvips("sync").code == 0
    return goatedvips


@pytest.fixture
def tampered(settled: Program, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The same, after somebody gave Ada more."""
    with forging(settled.settings["DATABASE_URL"], cluster_home(tmp_path_factory)) as forger:
        forger.execute("UPDATE race_awards SET amount = 9900 WHERE position = 1")
    return settled


SENTENCE = (
    "Version 1: Ada (player {}) is awarded 99.00 dollars for place 1,"
    " but by his standing 42.50 dollars for place 1."
)


def ada(program: Program) -> int:
    with psycopg.connect(program.settings["DATABASE_URL"]) as connection:
        found = connection.execute("SELECT id FROM players WHERE goated_username = 'Ada'").fetchone()
    assert found is not None
    return int(found[0])


def test_a_race_that_holds_is_said_to(settled: Program) -> None:
    spoken, told = settled("verify", "race", "1"), settled("verify", "race", "1", "--json")

    assert (spoken.code, told.code) == (0, 0)
    assert spoken.out == ('Race 1 "A race" has one version of its result, 2 standings.\n✓ All of it holds.\n')
    assert told.json() == {
        "holds": True,
        "raceId": 1,
        "name": "A race",
        "versions": 1,
        "participants": 2,
        "findings": [],
        "notes": [],
    }


def test_a_prize_table_that_was_changed_after_the_start_is_said(settled: Program) -> None:
    with psycopg.connect(settled.settings["DATABASE_URL"]) as connection:
        connection.execute("UPDATE wager_races SET prize_pool = 20000 WHERE id = 1")
    said = settled("verify", "race", "1")

    assert said.code == 1
    assert '✗ Its prizePool is "200.00", but the audit log has it start with "100.00".\n' in said.out


def test_what_differs_is_said_and_ends_with_1(tampered: Program) -> None:
    spoken, told = tampered("verify", "race", "1"), tampered("verify", "race", "1", "--json")
    sentence = SENTENCE.format(ada(tampered))

    assert (spoken.code, told.code) == (1, 1)
    assert spoken.out == (f'Race 1 "A race" has one version of its result, 2 standings.\n✗ {sentence}\n')
    assert told.json()["holds"] is False
    assert told.json()["findings"] == [{"code": "award", "text": sentence}]


@pytest.mark.parametrize(
    ("race", "detail"),
    [("99", "There is no race 99."), ("2", "Race 2 is live; it has no result yet.")],
)
def test_a_race_without_a_result_is_an_error(settled: Program, race: str, detail: str) -> None:
    said = settled("verify", "race", race, "--json")

    assert said.code == 1
    assert said.json()["error"] == detail


def test_everything_is_looked_at_and_summed_up_in_one_line(settled: Program) -> None:
    spoken, told = settled("verify", "all"), settled("verify", "all", "--json")

    assert (spoken.code, told.code) == (0, 0)
    audit, ledger, race, summary = spoken.out.splitlines()
    assert audit.startswith("The audit log has ")
    assert ledger.startswith("The ledger has ")
    assert race.startswith('Race 1 "A race" has ')
    assert summary == "✓ All of it holds: audit, ledger and 1 races."
    found = told.json()
    assert sorted(found) == ["audit", "holds", "ledger", "races"]
    assert [found["holds"], found["audit"]["holds"], found["ledger"]["holds"]] == [True] * 3
    assert [race["holds"] for race in found["races"]] == [True]


def test_whatever_does_not_hold_is_counted_at_the_end(tampered: Program) -> None:
    spoken, told = tampered("verify", "all"), tampered("verify", "all", "--json").json()

    assert spoken.code == 1
    assert f"✗ {SENTENCE.format(ada(tampered))}\n" in spoken.out
    count = len(told["ledger"]["findings"]) + 1
    assert spoken.out.splitlines()[-1] == f"✗ {count} findings in audit, ledger and 1 races."
    assert told["holds"] is False


def test_a_terminal_is_shown_how_far_it_is(settled: Program) -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as screen:
        done = subprocess.run(
            [*PROGRAM, "verify", "all"],
            env=environment(**settled.settings, TERM="xterm"),
            stdout=theirs,
            stderr=subprocess.PIPE,
            timeout=WITHIN,
            check=False,
        )
        os.close(theirs)
        shown = screen.read(65_536).decode()

    assert done.returncode == 0
    assert "Verifying" in shown
    assert "All of it holds" in shown
