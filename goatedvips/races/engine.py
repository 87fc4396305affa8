"""What moves races on: the clock and the reports. Both come as arguments; every step is a guarded update."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.audit.service import Act, record
from goatedvips.kit.money import parse_cents
from goatedvips.races.repository import Races, Run
from goatedvips.races.rules.calendar import Window, next_window, window_at
from goatedvips.races.rules.prizes import DEFAULT_TABLE
from goatedvips.races.series.instances import race_of_series, rule_of
from goatedvips.races.series.service import refit_scheduled
from goatedvips.races.service import begin
from goatedvips.races.settlement.service import mark_overdue
from goatedvips.races.terms import as_told
from goatedvips.realtime.announce import announce
from goatedvips.wagers.service import Baseline

_ACTOR = "worker"
_MOST_MISSED = 1000
"""Races of one series that one tick makes: some three years of daily ones slept through."""


@dataclass(frozen=True, slots=True)
class DefaultSeries:
    """The races an installation begins with: dollars per type, "0" for none, and where midnight is."""

    monthly: str
    weekly: str
    daily: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Advance:
    """What a run changed: races made, whose start and whose end boundary it is, and all that was done."""

    made: list[int]
    begun: list[int]
    ended: list[int]
    acts: list[Act]

    @property
    def is_boundary(self) -> bool:
        """Whether a race starts or ends with the run's report."""
        return bool(self.begun or self.ended)


async def found_series(connection: AsyncConnection, defaults: DefaultSeries, *, now: datetime) -> None:
    """Make the default series of an installation that has none; a series of any name or state is one."""
    races = Races(connection)
    await races.hold_still()
    if await races.any_series():
        return
    acts = []
    for kind in ("monthly", "weekly", "daily"):
        cents = parse_cents(getattr(defaults, kind))
        if not cents:
            continue
        columns = {
            "name": f"{kind.capitalize()} race",
            "type": kind,
            "timezone": defaults.timezone,
            "prize_pool": cents,
            "prizes": DEFAULT_TABLE.to_json(),
        }
        series_id = await races.add_series(columns)
        acts.append(Act("series.created", f"series:{series_id}", as_told(columns)))
    await record(connection, acts, actor=_ACTOR, at=now)


async def tick(connection: AsyncConnection, now: datetime) -> list[Act]:
    """Do what fell due by the clock, announce and record it; return what was done."""
    _, acts = await _tick(connection, now)
    acts += await refit_scheduled(connection, now)
    acts += await mark_overdue(connection, now=now)
    if acts:
        await announce(connection, "races")
    await record(connection, acts, actor=_ACTOR, at=now)
    return acts


async def _tick(connection: AsyncConnection, now: datetime) -> tuple[list[int], list[Act]]:
    races = Races(connection)
    await races.hold_still()
    made = [
        race_id
        for series in await races.series()
        for race_id in await _make_due(races, series=series, now=now)
    ]
    return made, [*_acts("scheduled", made), *await begin(races, now=now)]


async def advance(connection: AsyncConnection, run: Run, *, moved: list[Baseline], now: datetime) -> Advance:
    """Take a completed run into the races, in the transaction that stores its amounts.

    Who moved joins the races that started before the run; then the run becomes the boundary of what
    starts or ends with it. Back-to-back races share it, so no wager counts twice or is lost.
    """
    races = Races(connection)
    # Clocks step back: what the run ends must not end without the race that follows having started.
    made, acts = await _tick(connection, max(now, run.as_of))
    await races.join(moved, run)
    begun = await races.fix_starts(run, now=now)
    ended = await races.fix_ends(run, now=now)
    acts += [*_acts("counting", begun, run=run.id), *_acts("ended", ended, run=run.id)]
    await record(connection, acts, actor=_ACTOR, at=now)
    return Advance(made, begun, ended, acts)


def _acts(what: str, races: list[int], **details: int) -> list[Act]:
    return [Act(f"race.{what}", f"race:{race_id}", details) for race_id in races]


async def _make_due(races: Races, *, series: Mapping[str, Any], now: datetime) -> list[int]:
    """Make the race that goes on now, the next one, and all that were missed since the newest."""
    rule = rule_of(series)
    made: list[int] = []
    if series["newest_start"] is None:
        window = window_at(rule, now)
        made += await _make(races, series=series, window=window)
    else:
        window = Window(series["newest_start"], series["newest_end"])
    while window.starts_at <= now and len(made) < _MOST_MISSED:
        window = next_window(rule, window)
        made += await _make(races, series=series, window=window)
    return made


async def _make(races: Races, *, series: Mapping[str, Any], window: Window) -> list[int]:
    race_id = await races.add(race_of_series(series, window))
    return [] if race_id is None else [race_id]
