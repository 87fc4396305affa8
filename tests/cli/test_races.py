"""Races and series from the command line, until accounts exist the way they are administered."""

from datetime import UTC, datetime, timedelta
from getpass import getuser
from typing import Any

import psycopg
import pytest

from goatedvips.races.schemas import WagerRaceResponse
from goatedvips.races.series.schemas import RacePreview, SeriesPreview, SeriesView
from tests.cli.conftest import Program

NOW = datetime.now(UTC)
SOON, LATER = (NOW + timedelta(hours=1)).isoformat(), (NOW + timedelta(hours=2)).isoformat()
RACE = (
    "race",
    "create",
    "--json",
    "--name",
    "Friday",
    "--prize-pool",
    "100",
    "--start",
    SOON,
    "--end",
    LATER,
)

RULE = ("series", "preview", "--json", "--prize-pool", "1", "--type", "daily")


def made(kept: Program, *flags: str) -> int:
    return WagerRaceResponse.model_validate(kept(*RACE, *flags).json()).id


def acts(kept: Program, subject: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(kept.settings["DATABASE_URL"]) as connection:
        query = "SELECT actor, action FROM audit_log WHERE subject = %s ORDER BY id"
        return connection.execute(query, (subject,)).fetchall()


def fields(said: Any) -> list[str]:  # noqa: ANN401 - what the conftest's program says
    assert said.code == 1, said
    return [error["field"] for error in said.json()["errors"]]


def test_a_race_is_edited_while_it_has_not_begun(kept: Program) -> None:
    race = str(made(kept, "--as", "ann"))
    edited = kept("race", "edit", race, "--prize-pool", "250", "--if-version", "1", "--json")
    stale = kept("race", "edit", race, "--prize-pool", "300", "--if-version", "1", "--json")
    spoken = kept("race", "show", race)

    assert WagerRaceResponse.model_validate(edited.json()).prize_pool == "250.00"
    assert (stale.code, stale.json()["code"]) == (1, "race_changed")
    assert "version 2; it can be edited until it begins" in spoken.out
    assert acts(kept, f"race:{race}") == [
        ("cli:ann", "race.created"),
        (f"cli:{getuser()}", "race.edited"),
    ]


def test_a_race_that_runs_is_cloned_and_not_edited(kept: Program) -> None:
    running = str(made(kept, "--start", NOW.isoformat(), "--reject-policy", "move_up", "--min-wager", "2.50"))
    refused = kept("race", "edit", running, "--name", "x", "--json")
    cloned = kept(
        "race", "clone", running, "--start", SOON, "--end", LATER, "--prize-pool", "7", "--json"
    ).json()

    assert refused.json()["code"] == "race_not_editable"
    assert "clone" in refused.json()["error"]
    assert (cloned["name"], cloned["prizePool"], cloned["type"]) == ("Friday", "7.00", "special")
    assert (cloned["metadata"]["minWager"], cloned["status"]) == ("2.50", "scheduled")
    assert kept("race", "clone", "999999", "--start", SOON, "--end", LATER).code == 1


def test_who_cancels_a_race_that_has_ended_is_told_what_that_means(kept: Program) -> None:
    race = str(made(kept, "--start", NOW.isoformat()))
    with psycopg.connect(kept.settings["DATABASE_URL"]) as connection:
        connection.execute("UPDATE wager_races SET end_date = now() WHERE id = %s", (race,))

    said = kept("race", "cancel", race, "--reason", "It rained", "--json", "--as", "bob")

    assert said.json()["status"] == "cancelled"
    assert "nobody gets anything" in said.err
    assert acts(kept, f"race:{race}")[-1] == ("cli:bob", "race.cancelled")


def test_a_race_is_shown_before_it_is_made(kept: Program) -> None:
    wanted = (
        *("race", "preview", "--start", "2027-10-30T22:00Z", "--end", "2027-10-31T23:00Z"),
        *("--prize-pool", "100.01", "--timezone", "Europe/Berlin"),
    )
    shown = RacePreview.model_validate(kept(*wanted, "--json").json())

    assert shown.hours == 25
    assert sum(place.cents for place in shown.prizes) == 10_001
    assert "25 hours instead of" not in kept("race", "list").out
    assert "The clocks are put back: 25 hours instead of 24." in kept(*wanted).out


def test_a_series_is_made_edited_switched_off_and_on(kept: Program) -> None:
    first = SeriesView.model_validate(
        kept("series", "create", "--name", "Night", "--type", "daily", "--prize-pool", "20", "--json").json()
    )
    edited = SeriesView.model_validate(
        kept("series", "edit", "Night", "--prize-pool", "30", "--if-version", "1", "--json").json()
    )
    off = kept("series", "disable", "Night")
    on = SeriesView.model_validate(kept("series", "enable", str(first.id), "--json").json())
    listed = kept("series", "list", "--json").json()["data"]

    assert [race.status for race in first.races] == ["live", "scheduled"]
    assert (edited.version, edited.prize_pool, len(edited.races)) == (2, "30.00", 2)
    assert "off" in off.out
    assert "These races are made and will be held" in off.out
    assert (on.enabled, on.version) == (True, 4)
    assert on.model_dump(mode="json", by_alias=True) in listed
    assert "Night: daily, 00:00 UTC, 30.00 dollars, on" in kept("series", "list").out
    assert "Night" in kept("series", "show", "Night").out
    assert [action for _, action in acts(kept, f"series:{first.id}")] == [
        "series.created",
        "series.edited",
        "series.disabled",
        "series.enabled",
    ]


def test_a_series_preview_is_of_what_is_there_or_of_a_rule(kept: Program) -> None:
    series = kept("series", "create", "--name", "Weekly", "--type", "weekly", "--prize-pool", "9", "--json")
    there = SeriesPreview.model_validate(kept("series", "preview", "Weekly", "--json").json())
    rule = ("series", "preview", "--type", "daily", "--prize-pool", "5", "--timezone", "Europe/Berlin")
    shown = SeriesPreview.model_validate(
        kept(*rule, "--from", "2027-03-27T12:00:00Z", "--count", "2", "--json").json()
    )

    assert len(there.instances) == 5
    assert there.instances[0].race_id == series.json()["races"][1]["id"]
    assert [race.hours for race in shown.instances] == [24, 23]
    assert (shown.series_id, shown.instances[0].race_id) == (None, None)
    assert "23 hours instead of 24" in kept(*rule, "--from", "2027-03-27T12:00:00Z").out


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ((*RACE, "--reject-policy", "keep"), "rejectPolicy"),
        ((*RACE, "--as", " "), "as"),
        ((*RACE, "--as", "a\nb"), "as"),
        ((*RACE, "--as", "x" * 65), "as"),
        (("race", "preview", "--json", "--start", SOON, "--end", SOON, "--prize-pool", "1"), "endDate"),
        (("race", "edit", "1", "--json", "--start", "noon"), "start"),
        (("race", "edit", "1", "--json", "--prize-pool", "-1"), "prizePool"),
        (("race", "edit", "1", "--json", "--prizes", "[" * 100_000), "prizes"),
        (("race", "clone", "1", "--json", "--start", "0001-01-01T00:00+14:00", "--end", SOON), "start"),
        ((*RULE, "--type", "hourly"), "type"),
        (("series", "preview", "--json", "--type", "daily"), "prizePool"),
        ((*RULE, "--start-hour", "24"), "startHour"),
        ((*RULE, "--type", "weekly", "--weekday", "0"), "weekday"),
        ((*RULE, "--weekday", "1"), "weekday"),
        ((*RULE, "--from", "9999-12-31T00:00Z"), "from"),
        (("series", "preview", "1", "--json", "--type", "daily"), "type"),
        (("series", "create", "--json", "--name", "7", "--type", "daily", "--prize-pool", "1"), "name"),
    ],
)
def test_what_cannot_be_names_its_field(kept: Program, arguments: tuple[str, ...], field: str) -> None:
    assert fields(kept(*arguments)) == [field]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("series", "show", "Nobody"), 1),
        (("series", "edit", "999999", "--name", "x"), 1),
        (("series", "enable", "x" * 5000), 1),
        (("race", "edit", "999999", "--name", "x"), 1),
        (("series", "preview", "--count", "101", "--type", "daily", "--prize-pool", "1"), 2),
    ],
)
def test_what_is_not_there_is_a_sentence(kept: Program, arguments: tuple[str, ...], code: int) -> None:
    said = kept(*arguments)

    assert said.code == code
    assert said.err
    assert "Traceback" not in said.err
