"""`goatedvips award`: what winners are owed, from the list to the reference of the payment."""

import asyncio
import csv
import io
from pathlib import Path

import pytest

from tests.cli.conftest import Program, Said
from tests.pipeline import pipeline_over
from tests.races.payouts.winners import settled_race


@pytest.fixture
def awards(dsn: str) -> list[int]:
    """The awards of two races: three of ten dollars, then two of which a place above moves up."""

    async def settle() -> list[int]:
        async with pipeline_over(dsn) as pipeline:
            one = await settled_race(pipeline)
            return one + await settled_race(pipeline, winners=2, reject_policy="move_up", name="=Friday")

    return asyncio.run(settle())


@pytest.fixture
def program(dsn: str, home: Path, awards: list[int]) -> Program:
    """The program over a database with awards."""
    return Program({"DATABASE_URL": dsn, "GOATEDVIPS_HOME": str(home)})


def cells(said: Said) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(said.out, newline="")))


def ids(found: list[dict[str, object]]) -> list[object]:
    return [award["id"] for award in found]


def test_from_owed_to_paid(program: Program, awards: list[int]) -> None:
    numbers = [str(award) for award in awards[:3]]

    listed = program("award", "list", "--json").json()
    approved = program("award", "approve", "--race", "1", "--as", "ann", "--json").json()
    paid = program("award", "pay", numbers[0], "--reference", "W-1", "--as", "bob", "--json").json()
    again = program("award", "pay", numbers[0], "--reference", "W-1", "--as", "carl", "--json").json()
    shown = program("award", "show", numbers[0], "--json").json()

    assert ids(listed["data"]) == [*awards[3:], *awards[:3]]
    assert listed["totals"][0] == {"status": "pending", "awards": 5, "amount": "50.00"}
    assert (ids(approved["approved"]), approved["amount"]) == (awards[:3], "30.00")
    assert (ids(paid["paid"]), ids(again["paid"]), ids(again["unchanged"])) == (awards[:1], [], awards[:1])
    assert (shown["approvedBy"], shown["paidBy"], shown["reference"]) == ("cli:ann", "cli:bob", "W-1")
    assert shown == paid["paid"][0]
    for what in ("ledger", "audit"):
        assert program("verify", what).code == 0


def test_people_read_sentences(program: Program) -> None:
    approved = program("award", "approve", "1", "2", "--as", "ann")
    again = program("award", "approve", "1", "2", "3")
    paid = program("award", "pay", "1", "--reference", "W-1", "--as", "bob")
    rejected = program("award", "reject", "2", "--reason", "cheated")

    assert approved.out.splitlines() == [
        "    1  Race, place 1: p001, 10.00 dollars, approved",
        "    2  Race, place 2: p002, 10.00 dollars, approved",
        "2 approved, 20.00 dollars.",
    ]
    assert again.out.splitlines()[1:] == [
        "1 approved, 10.00 dollars.",
        "2 left as they were, approved before: 1, 2.",
    ]
    assert paid.out.endswith("1 paid, 10.00 dollars.\n")
    assert rejected.out.splitlines() == [
        "    2  Race, place 2: p002, 10.00 dollars, rejected",
        "Version 2 of the result of race 1 counts now.",
    ]
    late = program("award", "reject", "1", "--reason", "cheated")
    assert late.code == 1
    assert late.err.endswith("with the reference W-1; what was paid cannot be taken back.\n")
    assert "It was rejected before" in program("award", "reject", "2", "--reason", "cheated").out
    listed = program("award", "list", "--race", "1").out.splitlines()
    assert listed[0] == "    1  Race, place 1: p001, 10.00 dollars, paid"
    assert listed[-4:] == [
        "  pending: 0 of 0.00 dollars",
        "  approved: 1 of 10.00 dollars",
        "  paid: 1 of 10.00 dollars",
        "  rejected: 1 of 10.00 dollars",
    ]
    assert "There is no such award." in program("award", "list", "--player", "nobody").out
    shown = [program("award", "show", number).out for number in ("1", "2")]
    assert "  approved by cli:ann at 20" in shown[0]
    assert "  paid by cli:bob at 20" in shown[0]
    assert "  reference W-1" in shown[0]
    assert "  reason: cheated" in shown[1]


def test_the_sheet_of_what_is_due_goes_out_and_comes_back_filled(program: Program, tmp_path: Path) -> None:
    program("award", "approve", "1", "2", "4", "5", "--as", "ann")
    program("award", "pay", "5", "--reference", "W-0")
    due = program("award", "list", "--csv")
    sheet = tmp_path / "due.csv"
    sheet.write_text(due.out.replace(",\r\n", ",W-1\r\n", 2).replace("reference,W-1", "reference"))

    paid = program("award", "pay", "--from-csv", str(sheet), "--json")
    repeated = program("award", "pay", "--from-csv", str(sheet))

    assert [(row["id"], row["race"], row["status"]) for row in cells(due)] == [
        ("4", "'=Friday", "approved"),
        ("1", "Race", "approved"),
        ("2", "Race", "approved"),
        ("3", "Race", "pending"),
    ]
    assert cells(due)[1]["approvedBy"] == "cli:ann"
    assert (paid.code, repeated.code) == (0, 0)
    told = paid.json()
    assert (ids(told["paid"]), told["linesLeftOut"]) == ([1, 4], [4, 5])
    assert repeated.out.splitlines() == [
        "0 paid, 0.00 dollars.",
        "2 left as they were, paid before: 1, 4.",
        "2 lines have no reference and were left out.",
    ]
    assert [row["id"] for row in cells(program("award", "list", "--csv", "--status", "paid"))] == [
        "4",
        "5",
        "1",
    ]


def test_a_sheet_with_one_wrong_line_pays_nothing_and_names_it(program: Program, tmp_path: Path) -> None:
    program("award", "approve", "1")
    sheet = tmp_path / "due.csv"
    sheet.write_text("id,reference\n1,W-1\n2,W-2\n99,W-3\n")

    told = program("award", "pay", "--from-csv", str(sheet), "--json")
    said = program("award", "pay", "--from-csv", str(sheet))
    sheet.write_text("id,reference\n1,W-1\nx,W-2\n")
    unread = program("award", "pay", "--from-csv", str(sheet))

    assert (told.code, said.code, unread.code) == (1, 1, 1)
    assert told.json()["code"] == "awards_refused"
    assert told.json()["refusals"] == [
        {"id": 2, "code": "award_not_approved", "error": "Award 2 is not approved yet.", "line": 3},
        {"id": 99, "code": "award_not_found", "error": "There is no award 99.", "line": 4},
    ]
    assert said.err.splitlines() == [
        "Error: None of the 3 awards was paid; 2 could not be:",
        "  · line 3: Award 2 is not approved yet.",
        "  · line 4: There is no award 99.",
    ]
    assert unread.err == "line 3 'x' is no award's number\n"
    assert program("award", "show", "1", "--json").json()["status"] == "approved"


def test_four_eyes_are_required_by_a_setting(program: Program) -> None:
    program("award", "approve", "1", "--as", "ann")
    pay = ("award", "pay", "1", "--reference", "W-1", "--json", "--as")

    alone = program(*pay, "Ann", GOATEDVIPS_FOUR_EYES="true")
    together = program(*pay, "bob", GOATEDVIPS_FOUR_EYES="true")

    assert (alone.code, alone.json()["code"]) == (1, "four_eyes")
    assert "was approved by cli:ann" in alone.json()["error"]
    assert together.code == 0


def test_a_rejection_lets_others_move_up(program: Program, awards: list[int]) -> None:
    told = program("award", "reject", str(awards[3]), "--reason", "cheated", "--json").json()

    assert told["version"] == 2
    assert ids(told["rejected"]) == [awards[3]]
    assert [(award["goatedId"], award["amount"], award["status"]) for award in told["gained"]] == [
        ("p003", "10.00", "pending")
    ]


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("approve",), "awards"),
        (("approve", "1", "--race", "1"), "awards"),
        (("approve", "1", "--as", " "), "as"),
        (("reject", "1", "--reason", " "), "reason"),
        (("reject", "1", "--reason", "x" * 501), "reason"),
        (("pay", "1"), "awards"),
        (("pay", "--reference", "W-1"), "awards"),
        (("pay", "1", "--reference", " "), "reference"),
        (("pay", "1", "--reference", "=1"), "reference"),
        (("pay", "1", "--from-csv", "due.csv"), "from-csv"),
        (("pay", "--from-csv", "/nowhere/due.csv"), "from-csv"),
        (("pay", "--from-csv", "/dev/null"), "line 1"),
        (("list", "--status", "due"), "status"),
        (("list", "--limit", "0"), "limit"),
        (("list", "--csv"), "csv"),
    ],
)
def test_what_cannot_be_names_its_field(kept: Program, arguments: tuple[str, ...], field: str) -> None:
    said = kept("award", *arguments, "--json")

    assert said.code == 1
    assert [error["field"] for error in said.json()["errors"]] == [field]


@pytest.mark.parametrize("content", [b"id,reference\n1,\xff\n", b"id,reference\n1,\n"])
def test_a_sheet_that_says_nothing_is_refused(kept: Program, tmp_path: Path, content: bytes) -> None:
    sheet = tmp_path / "due.csv"
    sheet.write_bytes(content)

    said = kept("award", "pay", "--from-csv", str(sheet))

    assert said.code == 1
    assert said.err.startswith("from-csv ")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", "99"), 1),
        (("approve", "99"), 1),
        (("approve", "--race", "99"), 1),
        (("reject", "99", "--reason", "x"), 1),
        (("pay", "99", "--reference", "W"), 1),
        (("show", "0"), 2),
        (("approve", "one"), 2),
        (("show", "9" * 30), 2),
    ],
)
def test_what_is_not_there_is_a_sentence(kept: Program, arguments: tuple[str, ...], code: int) -> None:
    said = kept("award", *arguments)

    assert said.code == code
    assert "Traceback" not in said.err
    assert code == 2 or "99" in said.err
