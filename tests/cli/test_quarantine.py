"""`goatedvips quarantine`: from a report that was not believed to what is decided about it."""

from typing import Any

import pytest

from tests.api.conftest import Feed
from tests.cli.conftest import Program

WHY = ("--reason", "They left for another site.")


@pytest.fixture
def held_back(goatedvips: Program, feed: Feed) -> str:
    """A run whose report lists three of seven players."""
    assert goatedvips("sync").code == 0
    for uid in list(feed.people)[3:]:
        del feed.people[uid]
    run: int = goatedvips("sync", "--json").json()["runId"]
    return str(run)


def shown(program: Program, run: str) -> dict[str, Any]:
    found: dict[str, Any] = program("quarantine", "show", run, "--json").json()
    return found


def test_a_report_is_looked_at_and_applied(goatedvips: Program, held_back: str) -> None:
    listed = goatedvips("quarantine", "list", "--json").json()
    seen = shown(goatedvips, held_back)
    applied = goatedvips("quarantine", "apply", held_back, *WHY, "--as", "ann", "--json")
    again = goatedvips("quarantine", "apply", held_back, *WHY, "--as", "bob", "--json")

    assert [str(run["runId"]) for run in listed["data"]] == [held_back]
    assert seen["comparison"]["goneCount"] == 4
    assert (applied.code, applied.json()["status"]) == (0, "completed")
    assert (again.code, again.json()["code"]) == (1, "already_decided")
    decision = shown(goatedvips, held_back)["run"]["decision"]
    assert (decision["decision"], decision["by"]) == ("applied", "cli:ann")
    assert goatedvips("sync").code == 0
    assert goatedvips("verify", "audit").code == 0


def test_people_read_sentences(goatedvips: Program, feed: Feed, held_back: str) -> None:
    seen = goatedvips("quarantine", "show", held_back).out
    discarded = goatedvips("quarantine", "discard", held_back, *WHY, "--as", "ann").out
    listed = goatedvips("quarantine", "list", "--open").out

    assert "the list shrank by 57.1%" in seen
    assert "Against run 1: 7 rows then, 3 now." in seen
    assert "gone: Ägypten-Ünal (uidEve00000000000005), 10000000.00000000" in seen
    assert "discarded by cli:ann: They left for another site." in discarded
    assert listed == "No report is in quarantine.\n"


def test_where_no_feed_is_known_a_worker_is_asked(goatedvips: Program, held_back: str) -> None:
    asked = goatedvips("quarantine", "apply", held_back, *WHY, GOATED_API_URL="")

    assert (asked.code, asked.out) == (0, f"A worker will apply it; `quarantine show {held_back}` tells.\n")
    assert shown(goatedvips, held_back)["run"]["request"]["status"] == "waiting"


def test_what_was_overtaken_is_refused_with_a_sentence(
    goatedvips: Program, feed: Feed, held_back: str
) -> None:
    feed.people |= {f"uidNew{number:014}": ("New", ("0", "0", "0", "0")) for number in range(9)}
    assert goatedvips("sync").code == 0
    said = goatedvips("quarantine", "apply", held_back, *WHY)

    assert said.code == 1
    assert "A later report" in said.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", "99"), 1),
        (("apply", "99", *WHY), 1),
        (("discard", "1", *WHY), 1),
        (("discard", "1", "--reason", " "), 1),
        (("apply", "1", "--reason", "x" * 501), 1),
        (("discard", "1", *WHY, "--as", " "), 1),
        (("show", "0"), 2),
        (("apply", "1"), 2),
        (("list", "--limit", "101"), 2),
    ],
)
def test_what_cannot_be_is_said(kept: Program, arguments: tuple[str, ...], code: int) -> None:
    said = kept("quarantine", *arguments)

    assert said.code == code
    assert said.err
    assert "Traceback" not in said.err
