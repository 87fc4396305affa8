"""The commands, one by one: what they print, and how they end."""

import json
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from goatedvips.cli.commands import COMMANDS, load
from goatedvips.races.schemas import WagerRaceResponse
from tests.api.conftest import Feed
from tests.cli.conftest import Program
from tests.roles import app_dsn

NOW = datetime.now(UTC)
RACE = [
    *("race", "create", "--json", "--name", "Friday", "--prize-pool", "100"),
    *("--start", (NOW - timedelta(hours=1)).isoformat(), "--end", (NOW + timedelta(hours=1)).isoformat()),
]


def test_a_sync_tells_what_it_did_as_one_object(goatedvips: Program, feed: Feed) -> None:
    first = goatedvips.process("sync", "--json")
    feed.wager("uidAda00000000000001", "1")
    second = goatedvips("sync", "--json")

    assert (first.code, second.code) == (0, 0)
    told = first.json()
    assert told.keys() == {
        *("runId", "status", "recordsProcessed", "recordsCreated", "recordsUpdated", "recordsSkipped"),
        *("marks", "error", "steps"),
    }
    assert told["steps"].keys() == {"fetch", "decode", "judge", "diff", "store", "races", "announce"}
    assert [told[f"records{kind}"] for kind in ("Processed", "Created", "Updated", "Skipped")] == [7, 7, 0, 0]
    told = second.json()
    assert [told[f"records{kind}"] for kind in ("Processed", "Created", "Updated", "Skipped")] == [7, 0, 1, 6]


def test_a_sync_that_fails_or_is_quarantined_says_so_by_its_exit_code(
    goatedvips: Program, feed: Feed
) -> None:
    feed.status = 404
    failed = goatedvips.process("sync", "--json")
    feed.status = 200
    assert goatedvips("sync").code == 0
    for uid in list(feed.people)[:4]:
        del feed.people[uid]
    quarantined = goatedvips.process("sync", "--json")
    spoken = goatedvips("sync")

    assert failed.code == 1
    assert failed.json()["status"] == "failed"
    assert "404" in failed.json()["error"]
    assert quarantined.code == spoken.code == 2
    assert quarantined.json()["status"] == "quarantined"
    assert "quarantined" in spoken.out
    assert "Quarantined" in spoken.err


def test_without_a_feed_there_is_nothing_to_sync(goatedvips: Program) -> None:
    said = goatedvips("sync", "--json", GOATED_API_URL="")

    assert said.code == 1
    assert said.json()["code"] == "no_feed"
    assert goatedvips("work", GOATED_API_URL="").code == 1


def test_status_shows_runs_and_races(kept: Program) -> None:
    told = kept("status", "--json").json()
    spoken = kept("status")

    assert told["runs"][0]["status"] == "completed"
    assert told["runs"][0]["recordsCreated"] == 7
    assert {race["type"] for race in told["races"]} >= {"daily", "weekly", "monthly"}
    assert "Monthly race" in spoken.out


def test_a_race_is_made_shown_listed_and_cancelled(kept: Program) -> None:
    made = kept(*RACE, "--type", "special", "--prizes", '[{"place": 1, "percent": "60"}]')
    race = WagerRaceResponse.model_validate(made.json())
    number = str(race.id)

    assert made.code == 0
    assert race.metadata.boundaries.start is not None
    assert [(prize.place, int(prize.amount)) for prize in race.metadata.prizes] == [(1, 60)]
    assert kept("race", "show", number, "--json").json()["name"] == "Friday"
    assert "It counts from the report of" in kept("race", "show", number).out
    listed = kept("race", "list", "--type", "special", "--status", "live", "--json").json()["data"]
    assert race.id in [each["id"] for each in listed]
    cancelled = kept("race", "cancel", number, "--reason", "It rained", "--json")
    assert cancelled.json()["status"] == "cancelled"
    again = kept("race", "cancel", number, "--reason", "It rained", "--json")
    assert again.code == 1
    assert again.json()["code"] == "race_not_open"


def test_a_name_is_text_and_no_markup(kept: Program) -> None:
    name = "[/bold] [red]Friday[/] :tada:"
    made = kept(*RACE, "--name", name)
    said = kept("race", "show", str(made.json()["id"]))

    assert said.code == 0, said.err
    assert name in said.out
    assert name in kept("race", "list").out
    assert name in kept("status").out


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ((*RACE, "--start", "2019-01-01T00:00:00Z", "--end", "2020-01-01T00:00:00Z"), "endDate"),
        ((*RACE, "--start", "yesterday"), "start"),
        ((*RACE, "--start", "2026-12-01T00:00:00"), "start"),
        ((*RACE, "--end", "9999-12-31T00:00:00Z"), "endDate"),
        ((*RACE, "--prize-pool", "1.005"), "prizePool"),
        ((*RACE, "--min-wager", "999999999999"), "minWager"),
        ((*RACE, "--type", "hourly"), "type"),
        ((*RACE, "--tie-policy", "coin"), "tiePolicy"),
        ((*RACE, "--timezone", "Mars"), "timezone"),
        ((*RACE, "--prizes", "{"), "prizes"),
        ((*RACE, "--prizes", '{"place": 1}'), "prizes"),
        ((*RACE, "--prizes", '[{"place": 1, "percent": "101"}]'), "prizes"),
        (("race", "list", "--json", "--status", "running"), "status"),
        (("race", "list", "--json", "--type", "hourly"), "type"),
        (("race", "cancel", "1", "--json", "--reason", " "), "reason"),
        (("race", "cancel", "1", "--json", "--reason", "x" * 501), "reason"),
    ],
)
def test_what_cannot_be_names_its_field(kept: Program, arguments: tuple[str, ...], field: str) -> None:
    said = kept(*arguments)

    assert said.code == 1
    assert [error["field"].partition("[")[0] for error in said.json()["errors"]] == [field]
    spoken = kept(*(each for each in arguments if each != "--json"))
    assert spoken.code == 1
    assert field in spoken.err
    assert "Traceback" not in spoken.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("race", "show", "999999"), 1),
        (("race", "cancel", "999999", "--reason", "x"), 1),
        (("race", "show", "0"), 2),
        (("race", "show", "9" * 30), 2),
        (("race", "show", "one"), 2),
        (("nonsense",), 2),
        ((), 2),
    ],
)
def test_what_is_not_there_is_a_sentence(kept: Program, arguments: tuple[str, ...], code: int) -> None:
    said = kept(*arguments)

    assert said.code == code
    assert "Traceback" not in said.err


def test_migrate_tells_from_where_to_where(empty_dsn: str, goatedvips: Program) -> None:
    first = goatedvips("migrate", "--json", DATABASE_URL=empty_dsn).json()
    again = goatedvips("migrate", DATABASE_URL=empty_dsn)

    assert first["before"] is None
    assert first["after"]
    assert "nothing to do" in again.out


def test_a_database_of_a_later_version_is_left_alone(dsn: str, goatedvips: Program) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    said = goatedvips("status", "--json")

    assert said.code == 1
    assert said.json()["code"] == "newer_schema"


@pytest.mark.parametrize("command", [("status",), ("sync",), ("serve",), ("migrate",), ("race", "list")])
def test_a_database_that_does_not_answer_is_a_sentence(goatedvips: Program, command: tuple[str, ...]) -> None:
    said = goatedvips(*command, DATABASE_URL="postgresql://me:hush@127.0.0.1:1/x")

    assert said.code == 1
    assert "Traceback" not in said.err
    assert "127.0.0.1" in said.err
    assert "hush" not in said.err


def test_serving_on_a_taken_port_is_a_sentence(kept: Program) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = kept.process("serve", "--port", port)
        also = kept("up", "--port", port)

    assert said.code == also.code == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in said.err
    assert f"Cannot listen on 127.0.0.1:{port}" in also.err


def findings(program: Program, **settings: str) -> tuple[int, dict[str, str]]:
    said = program("doctor", "--json", **settings)
    told: dict[str, Any] = said.json()
    assert told["ok"] == (said.code == 0)
    return said.code, {found["setting"]: found["text"] for found in told["findings"]}


def test_the_doctor_has_nothing_to_say_about_what_works(kept: Program) -> None:
    owner = kept.settings["DATABASE_URL"]
    code, found = findings(kept, DATABASE_URL=app_dsn(owner), OWNER_DATABASE_URL=owner)

    assert found.keys() <= {"The site"}
    assert (code == 1) == ("The site" in found)


def test_the_doctor_warns_of_a_role_that_no_row_security_holds_back(kept: Program) -> None:
    _, found = findings(kept)

    assert "BYPASSRLS" in found["DATABASE_URL"]


def test_the_doctor_says_what_is_wrong_in_sentences(kept: Program, feed: Feed, empty_dsn: str) -> None:
    feed.status = 503
    code, found = findings(
        kept, GOATED_API_URL=feed.url, GOATEDVIPS_TIMEZONE="Mars", GOATED_API_TOTAL_TIMEOUT="1"
    )
    _, fresh = findings(kept, DATABASE_URL=empty_dsn)
    _, gone = findings(kept, DATABASE_URL="postgresql://me:hush@127.0.0.1:1/x")
    spoken = kept.process("doctor", GOATEDVIPS_TIMEZONE="Mars")

    assert code == 1
    assert "IANA" in found["GOATEDVIPS_TIMEZONE"]
    assert found["GOATED_API_URL"]
    assert "has schema none" in fresh["DATABASE_URL"]
    assert "cannot be used" in gone["DATABASE_URL"]
    assert "hush" not in gone["DATABASE_URL"]
    assert "error GOATEDVIPS_TIMEZONE expected an IANA zone like Europe/Berlin." in spoken.out


def test_the_doctor_finds_values_of_the_wrong_form_too(kept: Program) -> None:
    code, found = findings(kept, GOATEDVIPS_PORT="x", GOATEDVIPS_MAX_SHRINK="7")
    spoken = kept("doctor", GOATEDVIPS_PORT="x")

    assert code == 1
    assert found == {
        "GOATEDVIPS_PORT": "expected a whole number from 0 to 65535",
        "GOATEDVIPS_MAX_SHRINK": "expected a number from 0 to 1",
    }
    assert spoken.out == "error GOATEDVIPS_PORT expected a whole number from 0 to 65535.\n"


def test_the_doctor_says_once_that_the_feed_is_out_of_reach(kept: Program) -> None:
    said = kept.process("doctor", GOATED_API_URL="http://127.0.0.1:1/user", GOATED_API_TOTAL_TIMEOUT="1")

    assert said.code == 1
    assert "error GOATED_API_URL does not give a report" in said.out
    assert said.err == ""


def test_the_doctor_has_nothing_to_say_about_a_home_that_is_not_there_yet(home: Path) -> None:
    said = Program({"GOATEDVIPS_HOME": str(home)}).process("doctor", "--json")

    assert {found["setting"] for found in said.json()["findings"]} <= {"The site"}


def test_a_weak_production_does_not_start(kept: Program) -> None:
    said = kept("serve", GOATEDVIPS_ENV="production")

    assert said.code == 1
    assert "GOATEDVIPS_PUBLIC_URL" in said.err
    assert "GOATEDVIPS_MONTHLY_PRIZE_POOL" in said.err


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_each_says_of_itself(name: str) -> None:
    command = load(name)

    assert command.name == name
    assert command.help == COMMANDS[name]


def modules_of(*arguments: str) -> set[str]:
    """What a call of the program has imported when it ends."""
    program = (
        "import sys, atexit, json; from goatedvips.cli import main; sys.argv = sys.argv[1:];"
        "atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr)); main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "goatedvips", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (("--help",), {"sqlalchemy", "fastapi", "uvicorn", "numpy", "pydantic"}),
        (("simulate", "--help"), {"sqlalchemy", "fastapi", "psycopg", "httpx2"}),
        (("work", "--help"), {"fastapi", "uvicorn"}),
        (("race", "--help"), {"fastapi", "uvicorn", "httpx2"}),
        (("up", "--help"), {"fastapi", "uvicorn", "numpy", "httpx2"}),
    ],
)
def test_a_command_loads_only_what_it_needs(arguments: tuple[str, ...], absent: set[str]) -> None:
    assert not modules_of(*arguments) & absent


def test_the_description_of_the_api_needs_no_database(kept: Program, tmp_path: Path) -> None:
    said = kept("openapi", DATABASE_URL="", GOATEDVIPS_HOME=str(tmp_path / "none"))

    assert said.code == 0
    assert json.loads(said.out)["openapi"].startswith("3.1")
    assert not (tmp_path / "none").exists()
