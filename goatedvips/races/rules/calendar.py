"""When the races of a series begin and end.

A series has a local start hour in a zone. Clocks are put forward and back, so the hour may not exist on a
day, or exist twice. One rule covers both: **a race starts at the first instant at which the zone's clock
shows its date and hour, or has passed them.** Where the hour is skipped that is the first instant after
the gap; where it comes twice, the first of the two. A race ends when the next one starts, so a day on
which the clocks change usually lasts 23 or 25 hours, and two starts that fall together (in a zone that
skips a whole date) make one race.

What was agreed stays: a race that has begun keeps its end, and the next one starts there, even if the rule
was edited or the zone's rules changed meanwhile. What is then left of the window that holds this start may
be short; **less than half of it is no race of its own, and is joined with the window that follows**.
"""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from goatedvips.kit.errors import BadInput, FieldError

SeriesType: TypeAlias = Literal["daily", "weekly", "monthly"]

_SECOND = timedelta(seconds=1)
_LAST_HOUR = 23
_LAST_WEEKDAY = 6
_LAST_DAY = 31


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time, half-open: it holds its start and not its end. Both in UTC."""

    starts_at: datetime
    ends_at: datetime

    def __contains__(self, instant: datetime) -> bool:
        return self.starts_at <= instant < self.ends_at

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.ends_at - self.starts_at


@dataclass(frozen=True, slots=True)
class SeriesRule:
    """When the races of a series start, by the clock of a zone.

    `weekday` counts from Monday, 0, and matters to weekly series; `day_of_month` to monthly ones, where a
    day beyond the month's end means its last day. Raises `BadInput` naming the fields that are wrong.
    """

    type: SeriesType
    zone: str = "UTC"
    start_hour: int = 0
    weekday: int = 0
    day_of_month: int = 1

    def __post_init__(self) -> None:
        errors = [
            FieldError(field, f"must be from {least} to {most}")
            for field, value, least, most in (
                ("startHour", self.start_hour, 0, _LAST_HOUR),
                ("weekday", self.weekday, 0, _LAST_WEEKDAY),
                ("dayOfMonth", self.day_of_month, 1, _LAST_DAY),
            )
            if not least <= value <= most
        ]
        if not is_zone(self.zone):
            errors.append(
                FieldError("timezone", f"{self.zone!r} is not an IANA time zone like Europe/Berlin")
            )
        if errors:
            raise BadInput(errors)


def is_zone(name: str) -> bool:
    """Tell whether there is a time zone of this IANA name."""
    try:
        ZoneInfo(name)
    # Unknown names are KeyErrors, paths ValueErrors, and a folder of the zone database is an OSError.
    except (KeyError, ValueError, OSError):
        return False
    return True


def window_at(rule: SeriesRule, instant: datetime) -> Window:
    """Return the race's window that holds an instant."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs its offset")
    number = _number(rule.type, instant.astimezone(ZoneInfo(rule.zone)).date())
    # The date's own start may still be ahead, or starts may fall together: a step or two.
    while _start(rule, number) > instant:
        number -= 1
    while (ends_at := _start(rule, number + 1)) <= instant:
        number += 1
    return Window(_start(rule, number), ends_at)


def window_from(rule: SeriesRule, start: datetime) -> Window:
    """Return the window of the race that starts at an instant, whatever made it start there.

    From the start of one of the rule's own windows it is that window. From anywhere else it lasts to that
    window's end, or to the next one's if that is less than half of the window.
    """
    regular = window_at(rule, start)
    rest = regular.ends_at - start
    if rest * 2 < regular.length:
        return Window(start, window_at(rule, regular.ends_at).ends_at)
    return Window(start, regular.ends_at)


def next_window(rule: SeriesRule, window: Window) -> Window:
    """Return the window that follows: it starts where the last one ends, even if the rule was changed."""
    return window_from(rule, window.ends_at)


def resumed_window(rule: SeriesRule, last: Window, now: datetime) -> Window:
    """Return the window with which a series that was off goes on: no race for the time in which it was off.

    If its last race has not ended, the next one follows it; else it is the window that holds this moment,
    less what of it the last race had.
    """
    return window_from(rule, max(last.ends_at, window_at(rule, now).starts_at))


def starts_at(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant, in UTC, at which a zone's clock shows this naive time or has passed it."""
    instant = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local:
        return instant

    # The time is skipped. The offset from before the gap leads past its end, the one from after it to before.
    early, late = local.replace(tzinfo=zone, fold=1).astimezone(UTC), instant
    while late - early > _SECOND:
        middle = early + (late - early) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).replace(tzinfo=None) < local:
            early = middle
        else:
            late = middle
    return late


def _start(rule: SeriesRule, number: int) -> datetime:
    day = _anchor(rule, number)
    return starts_at(datetime(day.year, day.month, day.day, rule.start_hour), ZoneInfo(rule.zone))  # noqa: DTZ001 - by the zone's clock


def _number(kind: SeriesType, day: date) -> int:
    """Count the days, weeks or months to a date, so that races can be stepped through."""
    if kind == "daily":
        return day.toordinal()
    if kind == "weekly":
        # Ordinal 1 is a Monday.
        return (day.toordinal() - 1) // 7
    return day.year * 12 + day.month - 1


def _anchor(rule: SeriesRule, number: int) -> date:
    """Return the date on which the race of a number starts."""
    if rule.type == "daily":
        return date.fromordinal(number)
    if rule.type == "weekly":
        return date.fromordinal(number * 7 + 1 + rule.weekday)
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(rule.day_of_month, calendar.monthrange(year, month)[1]))
