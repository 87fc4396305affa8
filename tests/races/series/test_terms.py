"""A series with a change is checked as if it were new."""

import pytest

from goatedvips.kit.errors import BadInput
from goatedvips.races.series.schemas import SeriesEdit
from goatedvips.races.series.terms import merged

WEEKLY = {
    "name": "Weekly",
    "type": "weekly",
    "timezone": "UTC",
    "start_hour": 6,
    "start_day": 3,
    "prize_pool": 10_000,
    "prizes": [{"place": 1, "percent": "100"}],
    "tie_policy": "shared",
    "reject_policy": "forfeit",
    "min_wager": 0,
}


def test_what_is_not_changed_stays_and_another_type_starts_on_its_first_day() -> None:
    renamed = merged(WEEKLY, SeriesEdit(name="Dash"))
    monthly = merged(WEEKLY, SeriesEdit(type="monthly"))

    assert (renamed.name, renamed.weekday, renamed.prize_pool) == ("Dash", 3, "100.00")
    assert (monthly.weekday, monthly.day_of_month) == (None, None)


def test_a_change_that_makes_no_series_is_refused_at_its_field() -> None:
    with pytest.raises(BadInput) as refused:
        merged(WEEKLY | {"timezone": 7}, SeriesEdit(name="Dash"))

    assert [error.field for error in refused.value.errors] == ["timezone"]
