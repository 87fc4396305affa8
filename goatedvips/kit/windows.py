"""The four windows in which the feed counts wagers."""

from enum import StrEnum


class Period(StrEnum):
    """A window, under the feed's own name. When the first three start over is the feed's secret."""

    TODAY = "today"
    THIS_WEEK = "this_week"
    THIS_MONTH = "this_month"
    ALL_TIME = "all_time"


PERIODS = tuple(Period)
