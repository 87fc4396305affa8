"""Pages of a log by cursor: nothing is shown twice and nothing left out, whatever is added meanwhile."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from goatedvips.kit.cursors import (
    CursorQuery,
    Place,
    SpanQuery,
    cut,
    instant_of,
    microseconds,
    next_link,
    read_cursor,
    write_cursor,
)
from goatedvips.kit.errors import BadInput

NUMBERS = st.integers(-(2**63), 2**63 - 1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def own_place(number: int) -> Place:
    return (number,)


def newest(log: list[int], after: Place | None, many: int) -> list[int]:
    """What a table answers: the newest rows below a place."""
    return [number for number in sorted(log, reverse=True) if after is None or number < after[0]][:many]


@given(st.lists(NUMBERS, min_size=1, max_size=3))
def test_a_cursor_gives_its_place_back(place: list[int]) -> None:
    cursor = write_cursor(tuple(place))

    assert read_cursor(cursor, numbers=len(place)) == tuple(place)
    assert CursorQuery(cursor=cursor).cursor == cursor
    assert re.fullmatch(r"[\w-]+", cursor, re.ASCII), "it needs no quoting in an address"


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "é", "=", "MQ==.", write_cursor((1, 2)), write_cursor((2**63,)), "MS4", "\ud800", "A" * 128],
)
def test_what_is_no_cursor_is_refused_by_its_name(cursor: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_cursor(cursor)

    assert [error.field for error in refused.value.errors] == ["cursor"]


def test_without_a_cursor_a_log_begins_at_its_newest_row() -> None:
    assert read_cursor(None) is None


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_becomes_a_number_and_back_without_loss(instant: datetime) -> None:
    assert instant_of(microseconds(instant)) == instant


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63)])
def test_a_number_beyond_the_calendar_is_no_cursor_either(number: int) -> None:
    with pytest.raises(BadInput, match="cursor"):
        instant_of(number)


@given(st.lists(st.integers(1, 5), max_size=8), st.integers(0, 30), st.integers(1, 7))
def test_rows_that_are_added_while_one_reads_move_none_of_the_others(
    additions: list[int], rows: int, limit: int
) -> None:
    log, seen, cursor = list(range(rows)), list[int](), None
    growing = iter(additions)
    while True:
        page, cursor = cut(newest(log, read_cursor(cursor), limit + 1), limit, place=own_place)
        seen += page
        if cursor is None:
            break
        log += range(len(log), len(log) + next(growing, 0))

    assert seen == list(range(rows))[::-1]


def test_the_next_page_is_linked_with_all_that_was_asked() -> None:
    query = CursorQuery(limit=7)

    link = next_link("/api/things", query, "MQ")["Link"]

    address, relation = re.fullmatch(r'<([^>]+)>; rel="(\w+)"', link).groups()  # type: ignore[union-attr]
    assert relation == "next"
    assert parse_qs(urlsplit(address).query) == {"cursor": ["MQ"], "limit": ["7"]}
    assert next_link("/api/things", query, None) == {}


@pytest.mark.parametrize("to", [NOON, NOON - timedelta(seconds=1)])
def test_a_span_that_ends_before_it_begins_is_refused(to: datetime) -> None:
    with pytest.raises(ValidationError, match="must be after from"):
        SpanQuery.model_validate({"from": NOON, "to": to})


def test_a_span_may_be_open_at_either_end() -> None:
    assert SpanQuery.model_validate({"from": NOON}).to is None
    assert SpanQuery.model_validate({"to": NOON}).from_ is None
    assert SpanQuery.model_validate({"from": NOON, "to": NOON + timedelta(seconds=1)}).from_ == NOON
