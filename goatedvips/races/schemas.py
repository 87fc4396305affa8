from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from goatedvips.kit.money import to_units
from goatedvips.kit.pagination import PageQuery, Pagination
from goatedvips.kit.schemas import Dollars, Instant, Line, Mark, Moment, Schema, Submission
from goatedvips.leaderboards.schemas import AsOf
from goatedvips.races.rules.calendar import is_zone

RaceType = Literal["daily", "weekly", "monthly", "special"]
RaceStatus = Literal["scheduled", "live", "completed", "cancelled"]
Phase = Literal["scheduled", "live", "settling", "completed", "cancelled"]
TiePolicy = Literal["first_to_reach", "shared"]
RejectPolicy = Literal["forfeit", "move_up"]
"""What becomes of a rejected winner's prize."""
MoneyText = Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$", examples=["5000.00"])]
"""Not `\\d`: to the validator that is a digit of any script."""


def _zone(name: str) -> str:
    if not is_zone(name):
        raise ValueError("is no IANA zone like Europe/Berlin")
    return name


ZoneName = Annotated[str, Field(max_length=64), AfterValidator(_zone)]


def _check_wager(text: str) -> str:
    to_units(Decimal(text))
    return text


WagerText = Annotated[MoneyText, AfterValidator(_check_wager)]


class RaceListQuery(PageQuery):
    """Which races to list, and a part of their name or of a winner's; newest first."""

    status: RaceStatus | None = None
    type: RaceType | None = None
    search: Annotated[str | None, Field(min_length=2, max_length=64)] = None


class RaceTypeQuery(Schema):
    """Which of the concurrent races is meant."""

    type: RaceType = "monthly"


class StandingsQuery(PageQuery):
    """Which page of the standings, whose name, at which moment."""

    search: Annotated[str | None, Field(min_length=2, max_length=64)] = None
    as_of: AsOf | None = None


class RaceParticipant(Schema):
    """One standing. `wagered` and `prize` are dollars; the prize is provisional until the race is settled."""

    user_id: int | None
    goated_id: str
    username: str
    wagered: Dollars
    position: int
    prize: Dollars


class PlacePrize(Schema):
    """What a place pays, in dollars."""

    place: int
    amount: Dollars


class Boundary(Schema):
    """The run whose report fixes the amounts at one end of a race."""

    run_id: int
    as_of: Instant
    report_sha256: str


class Boundaries(Schema):
    """Both ends; null until the first successful report at or after each."""

    start: Boundary | None
    end: Boundary | None


class RaceResult(Schema):
    """What counts since the race was settled: 1 is the settlement's version, each correction adds one."""

    version: int
    settled_at: Instant
    proof_sha256: str


class RaceMetadata(Schema):
    """What a race's standings are true for, and its rules.

    `seconds_left` counts to the end while live and to the start while scheduled, by the server's clock.
    """

    last_updated: Instant | None
    as_of: Instant | None
    version: int
    transition_ends: Instant | None
    next_race_start: Instant | None
    seconds_left: int
    phase: Phase
    tie_policy: TiePolicy
    min_wager: str
    timezone: str
    participant_count: int
    total_wagered: Dollars
    prizes: list[PlacePrize]
    boundaries: Boundaries
    result: RaceResult | None
    marks: list[Mark]


class WagerRaceResponse(Schema):
    """A race with its first 100 standings."""

    id: int
    name: str
    type: RaceType
    start_date: Instant
    end_date: Instant
    status: RaceStatus
    prize_pool: str
    participants: list[RaceParticipant]
    metadata: RaceMetadata


class WagerRaceSummary(Schema):
    """A race without its standings, for lists."""

    id: int
    name: str
    type: RaceType
    start_date: Instant
    end_date: Instant
    status: RaceStatus
    phase: Phase
    prize_pool: str
    timezone: str


class RaceWinner(Schema):
    """Who came first in a settled race, under the name of then. `wagered` and `prize` are dollars."""

    goated_id: str
    username: str
    wagered: Dollars
    prize: Dollars


class ListedRace(WagerRaceSummary):
    """A race of a list; `winners` are several where the first place is shared, and none before the end."""

    winners: list[RaceWinner]


class WagerRaceList(Schema):
    """A page of races, newest first."""

    data: list[ListedRace]
    pagination: Pagination


class StandingsMetadata(Schema):
    """What a page of standings is true for."""

    as_of: Instant | None
    last_updated: Instant | None
    version: int
    phase: Phase
    participant_count: int
    total_wagered: Dollars
    marks: list[Mark]


class RaceStandings(Schema):
    """A page of a race's standings."""

    data: list[RaceParticipant]
    metadata: StandingsMetadata
    pagination: Pagination


class PositionQuery(Schema):
    """Whether to say why somebody stands where he does."""

    explain: bool = False


class CountedReport(Boundary):
    """A report that counts, and when it was stored."""

    stored_at: Instant


class PersonMark(Schema):
    """Something special about one player in a race, with a sentence that says it."""

    code: Literal[
        "started_early",
        "late_start",
        "late",
        "newcomer",
        "absent_at_start",
        "absent_now",
        "renamed",
        "falling_all_time",
        "not_moved",
        "excluded",
        "below_min_wager",
        "tie",
    ]
    text: str


class RaceExplanation(Schema):
    """Why somebody stands where he does: the standing is the end total less the start total.

    Totals are exact dollars with eight decimals; those and the reports are null where nothing counts.
    `end_report` is the newest one until `is_final`; `reached_in` decides between equal amounts; `rules`
    are in the order in which they were applied.
    """

    start_total: str | None
    end_total: str | None
    start_report: CountedReport | None
    end_report: CountedReport | None
    reached_in: CountedReport | None
    is_final: bool
    rules: list[str]
    marks: list[PersonMark]


class RacePosition(Schema):
    """One person in a race.

    `position` is null for somebody who has wagered nothing in it; `to_next` is what he lacks to the
    place above, `to_prize` to the last place that pays, both in dollars and null when there is none.
    """

    position: int | None
    wagered: Dollars
    prize: Dollars
    to_next: Dollars | None
    to_prize: Dollars | None
    participants: int
    as_of: Instant | None
    version: int
    explanation: RaceExplanation | None = None


class PrizeShare(Schema):
    """What one place, or each place of a range, gets: an amount or a percentage of the pool."""

    place: Annotated[int | None, Field(ge=1, le=10_000, strict=True)] = None
    first: Annotated[int | None, Field(ge=1, le=10_000, strict=True, alias="from")] = None
    last: Annotated[int | None, Field(ge=1, le=10_000, strict=True, alias="to")] = None
    amount: MoneyText | None = None
    percent: Annotated[str | None, Field(pattern=r"^[0-9]{1,3}(\.[0-9]{1,6})?$")] = None


OUR_DETAILS = frozenset({"cancelReason", "cancelRunId", "overdueSince", "settleReason"})
"""What the program itself notes in a race's metadata, and players read as its word."""


def _leave_ours(details: dict[str, Any]) -> dict[str, Any]:
    if taken := sorted(OUR_DETAILS & details.keys()):
        raise ValueError(f"{', '.join(taken)}: the program keeps its own notes under this name")
    return details


RaceDetails = Annotated[dict[str, Any], AfterValidator(_leave_ours)]


class WagerRaceCreate(Submission):
    """A race to be made. Instants are RFC 3339 with an offset."""

    name: Annotated[Line, Field(min_length=1, max_length=120)]
    type: RaceType
    start_date: Moment
    end_date: Moment
    prize_pool: MoneyText
    prizes: Annotated[list[PrizeShare] | None, Field(min_length=1, max_length=1000)] = None
    tie_policy: TiePolicy = "first_to_reach"
    reject_policy: RejectPolicy = "forfeit"
    min_wager: WagerText = "0"
    timezone: ZoneName = "UTC"
    metadata: RaceDetails | None = None


class WagerRaceEdit(Submission):
    """What is to change about a race that has not begun. What is left out, or null, stays as it is."""

    name: Annotated[Line | None, Field(min_length=1, max_length=120)] = None
    type: RaceType | None = None
    start_date: Moment | None = None
    end_date: Moment | None = None
    prize_pool: MoneyText | None = None
    prizes: Annotated[list[PrizeShare] | None, Field(min_length=1, max_length=1000)] = None
    tie_policy: TiePolicy | None = None
    reject_policy: RejectPolicy | None = None
    min_wager: WagerText | None = None
    timezone: ZoneName | None = None
    metadata: RaceDetails | None = None


class RaceCancel(Submission):
    """Why a race is cancelled, as its players will read it."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]
