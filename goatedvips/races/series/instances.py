"""What a series, by the columns of its row, says of its races. Computes only."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from goatedvips.races.rules.calendar import SeriesRule, Window

OF_THE_SERIES = (
    "type",
    "timezone",
    "prize_pool",
    "prizes",
    "tie_policy",
    "reject_policy",
    "min_wager",
)
"""What a race has from its series."""


def rule_of(series: Mapping[str, Any]) -> SeriesRule:
    """Return when the races of a series start."""
    return SeriesRule(
        type=series["type"],
        zone=series["timezone"],
        start_hour=series["start_hour"],
        weekday=(series["start_day"] - 1) % 7,
        day_of_month=series["start_day"],
    )


def name_of_race(series: Mapping[str, Any], window: Window) -> str:
    """Return the name of the race that a series holds in a window."""
    day = window.starts_at.astimezone(ZoneInfo(series["timezone"]))
    when = f"{day:%B %Y}" if series["type"] == "monthly" else f"{day.day} {day:%B %Y}"
    return f"{series['name']}, {when}"


def race_of_series(series: Mapping[str, Any], window: Window) -> dict[str, Any]:
    """Return the columns of the race that a series holds in a window."""
    return {
        "series_id": series["id"],
        "name": name_of_race(series, window),
        "start_date": window.starts_at,
        "end_date": window.ends_at,
        "metadata": {},
    } | {name: series[name] for name in OF_THE_SERIES}
