"""What races will be, before they are: windows, lengths, prizes to the cent. Computes only."""

import calendar
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from goatedvips.kit.money import format_cents
from goatedvips.races.rules.calendar import (
    SeriesRule,
    Window,
    next_window,
    resumed_window,
    window_at,
)
from goatedvips.races.rules.prizes import PrizeTable, split
from goatedvips.races.schemas import WagerRaceCreate
from goatedvips.races.series.instances import name_of_race, rule_of
from goatedvips.races.series.schemas import (
    Note,
    PlacePays,
    PrizeSplit,
    RaceOfSeries,
    RacePreview,
    SeriesPreview,
)
from goatedvips.races.terms import race_columns

_HOUR = timedelta(hours=1)


def preview_race(race: WagerRaceCreate, now: datetime) -> RacePreview:
    """Show what a race would be; raise `BadInput` where making it would."""
    columns = race_columns(race, now)
    window = Window(columns["start_date"], columns["end_date"])
    zone = ZoneInfo(columns["timezone"])
    return RacePreview(
        timezone=columns["timezone"],
        **_window(window, zone, [*_begun(window, now), *_clocks(window, zone, in_days=False)]),
        **prize_split(columns["prize_pool"], PrizeTable.from_shares(columns["prizes"])).model_dump(),
    )


def preview_series(
    series: Mapping[str, Any], *, now: datetime, count: int, made: Sequence[Mapping[str, Any]] = ()
) -> SeriesPreview:
    """Show the next races of a series: those that are made and have not begun, then those that will be.

    `series` has the columns of its row, and the bounds of its newest race if it has one. A series that is
    off is shown as it would go on if it were enabled now.
    """
    rule = rule_of(series)
    shown = [_race(series, Window(race["start_date"], race["end_date"]), now=now, made=race) for race in made]
    coming = (_race(series, window, now=now) for window in _windows(rule, series, now))
    return SeriesPreview(
        series_id=series.get("id"),
        name=series["name"],
        type=series["type"],
        timezone=series["timezone"],
        instances=[*shown, *islice(coming, max(0, count - len(shown)))][:count],
        **prize_split(series["prize_pool"], PrizeTable.from_shares(series["prizes"])).model_dump(),
    )


def prize_split(pool_cents: int, table: PrizeTable) -> PrizeSplit:
    """Show what each place is paid."""
    cents = split(pool_cents, table)
    return PrizeSplit(
        prize_pool=format_cents(pool_cents),
        prizes=[
            PlacePays(place=place, amount=format_cents(amount), cents=amount)
            for place, amount in enumerate(cents, start=1)
        ],
        unpaid=format_cents(pool_cents - sum(cents)),
    )


def _windows(rule: SeriesRule, series: Mapping[str, Any], now: datetime) -> Iterator[Window]:
    """Yield the windows of the races that are not made yet, without end."""
    if series.get("newest_start") is None:
        window = window_at(rule, now)
    else:
        newest = Window(series["newest_start"], series["newest_end"])
        window = next_window(rule, newest) if series["enabled"] else resumed_window(rule, newest, now)
    while True:
        if now < window.ends_at:
            yield window
        window = next_window(rule, window)


def _race(
    series: Mapping[str, Any], window: Window, *, now: datetime, made: Mapping[str, Any] | None = None
) -> RaceOfSeries:
    rule = rule_of(series)
    zone = ZoneInfo(rule.zone)
    by_rule = window == window_at(rule, window.starts_at)
    notes = [*_begun(window, now), *_by_rule(rule, window), *_clocks(window, zone, in_days=by_rule)]
    return RaceOfSeries(
        race_id=None if made is None else made["id"],
        name=name_of_race(series, window) if made is None else made["name"],
        **_window(window, zone, notes),
    )


def _window(window: Window, zone: ZoneInfo, notes: list[Note]) -> dict[str, Any]:
    return {
        "start_date": window.starts_at,
        "end_date": window.ends_at,
        "local_start": window.starts_at.astimezone(zone).isoformat(timespec="seconds"),
        "local_end": window.ends_at.astimezone(zone).isoformat(timespec="seconds"),
        "hours": round(window.length / _HOUR, 4),
        "notes": notes,
    }


def _begun(window: Window, now: datetime) -> Iterator[Note]:
    if window.starts_at <= now:
        text = "Its start has passed: it counts from the first report since then, or from the next there is."
        yield Note(code="begun", text=text)


def _clocks(window: Window, zone: ZoneInfo, *, in_days: bool) -> Iterator[Note]:
    """Say that a window is not as long as the zone's clock has it, or, in days, as whole days are."""
    start, end = window.starts_at.astimezone(zone), window.ends_at.astimezone(zone)
    usual = end.replace(tzinfo=None) - start.replace(tzinfo=None)
    if in_days:
        # Where the hour of a start is skipped, the wall's clock is an hour off on both sides of it.
        usual = timedelta(days=round(usual / timedelta(days=1)))
    if usual != window.length:
        way = "forward" if usual > window.length else "back"
        text = f"The clocks are put {way}: {window.length / _HOUR:g} hours instead of {usual / _HOUR:g}."
        yield Note(code="clocks_change", text=text)


def _by_rule(rule: SeriesRule, window: Window) -> Iterator[Note]:
    """Say where a race does not start and end as the rule reads."""
    regular = window_at(rule, window.starts_at)
    start = window.starts_at.astimezone(ZoneInfo(rule.zone))
    if window.starts_at != regular.starts_at:
        yield Note(code="moved", text="It starts where the race before it ends, not at the series' own hour.")
    else:
        yield from _of_start(rule, start)
    if window.ends_at != regular.ends_at:
        rest = (regular.ends_at - window.starts_at) / _HOUR
        text = f"Only {rest:g} hours were left of its window: it goes on to the end of the next one."
        yield Note(code="joined", text=text)


def _of_start(rule: SeriesRule, start: datetime) -> Iterator[Note]:
    asked = f"{rule.start_hour:02d}:00"
    if (start.hour, start.minute) != (rule.start_hour, 0):
        text = f"{asked} does not exist that night: it starts when the clock has passed it, at {start:%H:%M}."
        yield Note(code="hour_skipped", text=text)
    elif start.replace(fold=1).utcoffset() != start.replace(fold=0).utcoffset():
        yield Note(code="hour_twice", text=f"{asked} comes twice that night: it starts at the first.")
    if rule.type == "monthly" and rule.day_of_month > calendar.monthrange(start.year, start.month)[1]:
        text = f"{start:%B} has no day {rule.day_of_month}: it starts on its last, the {start.day}th."
        yield Note(code="month_end", text=text)
