from typing import Annotated, Literal

from pydantic import Field

from goatedvips.kit.schemas import Instant, Line, Schema, Submission
from goatedvips.races.schemas import (
    MoneyText,
    PrizeShare,
    RaceStatus,
    RejectPolicy,
    TiePolicy,
    WagerText,
    ZoneName,
)

SeriesKind = Literal["daily", "weekly", "monthly"]
Name = Annotated[Line, Field(min_length=1, max_length=100)]
"""A race adds its date to it."""
Hour = Annotated[int, Field(ge=0, le=23, strict=True)]
Weekday = Annotated[int, Field(ge=1, le=7, strict=True)]
"""1 is Monday."""
DayOfMonth = Annotated[int, Field(ge=1, le=31, strict=True)]
"""Where a month has no such day, its last."""
Shares = Annotated[list[PrizeShare], Field(min_length=1, max_length=1000)]

MOST_PREVIEWED = 100
"""Races that one preview shows."""


class SeriesCreate(Submission):
    """The rule that makes the next race, to be made itself."""

    name: Name
    type: SeriesKind
    timezone: ZoneName = "UTC"
    start_hour: Hour = 0
    weekday: Weekday | None = None
    day_of_month: DayOfMonth | None = None
    prize_pool: MoneyText
    prizes: Shares | None = None
    tie_policy: TiePolicy = "first_to_reach"
    reject_policy: RejectPolicy = "forfeit"
    min_wager: WagerText = "0"


class SeriesEdit(Submission):
    """What is to change about a series. What is left out, or null, stays as it is."""

    name: Name | None = None
    type: SeriesKind | None = None
    timezone: ZoneName | None = None
    start_hour: Hour | None = None
    weekday: Weekday | None = None
    day_of_month: DayOfMonth | None = None
    prize_pool: MoneyText | None = None
    prizes: Shares | None = None
    tie_policy: TiePolicy | None = None
    reject_policy: RejectPolicy | None = None
    min_wager: WagerText | None = None


class Note(Schema):
    """Something about a window that an administrator should know, in a sentence."""

    code: Literal["begun", "clocks_change", "hour_skipped", "hour_twice", "month_end", "joined", "moved"]
    text: str


class PlacePays(Schema):
    """What a place is paid, exactly."""

    place: int
    amount: str
    cents: int


class PrizeSplit(Schema):
    """How a pool is split: dollars as text; `unpaid` is what no place takes."""

    prize_pool: str
    prizes: list[PlacePays]
    unpaid: str


class WindowPreview(Schema):
    """A race's window: in UTC, by its zone's clock, and how long it really lasts."""

    start_date: Instant
    end_date: Instant
    local_start: str
    local_end: str
    hours: float
    notes: list[Note]


class RacePreview(WindowPreview, PrizeSplit):
    """What a single race would be."""

    timezone: str


class RaceOfSeries(WindowPreview):
    """A race that a series has made, or will make (then without an id)."""

    race_id: int | None
    name: str


class SeriesPreview(PrizeSplit):
    """The races that a series will hold as it stands."""

    series_id: int | None
    name: str
    type: SeriesKind
    timezone: str
    instances: list[RaceOfSeries]


class UnbegunRace(Schema):
    """A race of a series that has not begun or is going on."""

    id: int
    name: str
    start_date: Instant
    end_date: Instant
    status: RaceStatus


class SeriesView(Schema):
    """A series with the races that go on or are to come."""

    id: int
    name: str
    type: SeriesKind
    timezone: str
    start_hour: int
    weekday: int | None
    day_of_month: int | None
    enabled: bool
    version: int
    prize_pool: str
    prizes: list[PrizeShare]
    split: list[PlacePays]
    tie_policy: TiePolicy
    reject_policy: RejectPolicy
    min_wager: str
    races: list[UnbegunRace]


class SeriesList(Schema):
    """All series."""

    data: list[SeriesView]


class PreviewQuery(Schema):
    """How many races to look ahead."""

    count: Annotated[int, Field(ge=1, le=MOST_PREVIEWED)] = 5
