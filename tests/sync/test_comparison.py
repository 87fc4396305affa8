"""What a report would change: whole numbers, and the rows that matter most."""

import json
from decimal import Decimal

import pytest

from goatedvips.sync.quarantine.comparison import MOST, compare
from goatedvips.upstream.errors import UnreadableReport
from tests.pipeline import report, row


def test_what_is_new_gone_changed_and_fallen_is_told_apart() -> None:
    before = report([row("a", "5"), row("b", "7"), row("c", "9"), row("d", "1"), row("same", "3")])
    now = report([row("a", "6"), row("b", "2"), row("c", "0"), row("new", "4"), row("same", "3")])

    found = compare(now, before)

    assert (found.listed_before, found.listed) == (5, 5)
    assert (found.changed_count, found.new_count, found.gone_count) == (3, 1, 1)
    assert (found.fallen_count, found.zeroed_count, found.rejected_count) == (2, 1, 0)
    assert [(fall.goated_id, fall.before, fall.now) for fall in found.fallen] == [
        ("c", "9.00000000", "0.00000000"),
        ("b", "7.00000000", "2.00000000"),
    ]
    assert [player.goated_id for player in found.new] == ["new"]
    assert [(player.goated_id, player.all_time) for player in found.gone] == [("d", "1.00000000")]
    assert [(total.before, total.now) for total in found.sums if total.window == "all_time"] == [
        ("25.00000000", "15.00000000")
    ]


def test_only_the_largest_of_many_are_shown_and_all_are_counted() -> None:
    before = report([row(f"p{number:03}", str(1000 + number)) for number in range(300)])
    found = compare(report([row(f"p{number:03}", "0") for number in range(150)]), before)

    assert (found.gone_count, found.fallen_count, found.zeroed_count) == (150, 150, 150)
    assert [player.goated_id for player in found.gone] == [f"p{number:03}" for number in range(299, 279, -1)]
    assert [fall.goated_id for fall in found.fallen][:2] == ["p149", "p148"]
    assert len(found.fallen) == MOST


def test_rows_that_cannot_be_read_are_shown_with_the_reason() -> None:
    rows = [row("a", "1"), row("bad", "-1"), '{"uid":"x"}', "7"]
    body = f'{{"success":true,"data":[{",".join(rows)}]}}'.encode()
    found = compare(body, report([row("a", "1"), row("bad", "2")]))

    assert (found.rejected_count, found.gone_count, found.changed_count) == (3, 0, 0)
    assert {each.goated_id for each in found.rejected} == {"bad", "x", None}
    assert all(each.reason for each in found.rejected)


@pytest.mark.parametrize(
    ("claimed", "shown"),
    [
        ("5", "5.00000000"),
        ("1e-300", "0.00000000"),
        ("-0.5", "-0.50000000"),
    ],
)
def test_a_sum_that_a_report_claims_is_shown_beside_its_rows(claimed: str, shown: str) -> None:
    body = f'{{"success":true,"data":[{row("a", "1")}],"today":{claimed}}}'.encode()
    (today,) = [total for total in compare(body, None).sums if total.window == "today"]

    assert (today.claimed, today.before) == (shown, "0.00000000")


def test_what_a_report_does_not_claim_is_not_made_up() -> None:
    body = json.dumps({"data": []}).encode()

    assert [total.claimed for total in compare(body, None).sums] == [None] * 4


def test_the_first_report_is_compared_with_nothing() -> None:
    found = compare(report([row("a", "1")]), None)

    assert (found.listed_before, found.new_count, found.changed_count) == (0, 1, 0)
    assert Decimal(found.new[0].all_time) == 1


def test_what_is_no_report_is_said_to_be_none() -> None:
    with pytest.raises(UnreadableReport):
        compare(b"<html>", None)
