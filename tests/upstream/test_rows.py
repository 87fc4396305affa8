"""What is said of a row that cannot be read."""

import pytest

from goatedvips.upstream.errors import UnreadableReport
from goatedvips.upstream.rows import _wagered_fault, explain
from goatedvips.upstream.wire import read_report

DEEP = b"[" * 100_000 + b"]" * 100_000


@pytest.mark.parametrize(
    "row",
    [
        b'{"uid":"aB","name":"n","x":' + DEEP + b"}",
        b'{"uid":"aB","name":"n","wagered":{"today":' + DEEP + b"}}",
    ],
)
def test_nesting_without_end_is_a_bad_row_and_no_crash(row: bytes) -> None:
    assert "nested too deeply" in explain(row).reason


def test_a_window_whose_name_is_no_text_cannot_be_read() -> None:
    assert _wagered_fault(b'{"\xff":1}') == "wagered cannot be read"


def test_four_good_amounts_are_no_fault() -> None:
    assert _wagered_fault(b'{"today":1,"this_week":1,"this_month":1,"all_time":1}') is None


def test_what_is_held_of_a_report_says_how_much_and_not_what() -> None:
    body = b'[{"uid":"a","name":"n","wagered":{"today":1,"this_week":1,"this_month":1,"all_time":1}}]'

    assert repr(read_report(body).snapshot) == "<Snapshot of 1 players>"


def test_a_sum_that_can_be_none_makes_the_report_unreadable() -> None:
    with pytest.raises(UnreadableReport, match="which is no sum"):
        read_report(b'{"data":[],"today":1e999999}')
