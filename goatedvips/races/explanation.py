"""Why somebody stands where he does, in sentences. Computes only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from goatedvips.kit.instants import rfc3339
from goatedvips.kit.money import format_cents, from_units, units_to_json
from goatedvips.races.views import RaceView

LATE = timedelta(minutes=15)
"""Three regular reports: a start boundary later than that is worth telling."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """A run, and the hash of the report that it took over."""

    run_id: int
    as_of: datetime
    stored_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is known of one player in a race whose start boundary has been. Totals in units."""

    race: RaceView
    player_id: int
    uid: str
    baseline: int
    total: int
    excluded: bool
    start: Report
    end: Report
    """The end boundary's report, or the newest."""
    reached: Report | None
    """The one that brought his total; None if no report up to the end listed him."""
    first_listed: Report
    is_late: bool
    falls: int
    last_fall: datetime | None
    renamed: bool
    listed_at_start: bool | None = None
    """Whether the report lists him; None if it is no longer kept."""
    listed_at_end: bool | None = None

    @property
    def amount(self) -> int:
        """His standing, in units."""
        return max(self.total - self.baseline, 0)

    @property
    def entry(self) -> int | None:
        """His index among the race's entrants, if his total changed in it."""
        return self.race.entry_of(self.player_id)

    @property
    def is_new(self) -> bool:
        """Whether a later report than the start boundary's was the first to list him."""
        return self.first_listed.run_id > self.start.run_id


def explain(case: Case) -> Json:
    """Return both totals with their reports, the rules that were applied, and what is special about him."""
    return {
        "startTotal": _exact(case.baseline),
        "endTotal": _exact(case.total),
        "startReport": _report(case.start),
        "endReport": _report(case.end),
        "reachedIn": None if case.reached is None else _report(case.reached),
        "isFinal": case.race.frozen,
        "rules": list(_rules(case)),
        "marks": [{"code": code, "text": text} for code, text in _marks(case)],
    }


def explain_nothing(row: Mapping[str, Any]) -> Json:
    """Explain to anybody why nothing counts in a race that was cancelled or has no start boundary yet."""
    if row["status"] == "cancelled":
        reason = row["metadata"].get("cancelReason", "no reason was given")
        rules = [f"This race was cancelled: {reason}", "Nothing that was wagered in it counts."]
    else:
        rules = [
            f"Counting begins with the first report at or after the start, {_moment(row['start_date'])}.",
            "No such report has come yet, so nobody stands in this race.",
        ]
    nothing = dict.fromkeys(("startTotal", "endTotal", "startReport", "endReport", "reachedIn"))
    return {**nothing, "isFinal": row["status"] == "cancelled", "rules": rules, "marks": []}


def _rules(case: Case) -> Iterator[str]:
    row = case.race.race
    yield _start_rule(case)
    yield _end_rule(case)
    yield (
        f"The standing is the total by the second report less the start total, and never below 0:"
        f" {_exact(case.total)} - {_exact(case.baseline)} gives {_exact(case.amount)} dollars."
    )
    if row["min_wager"]:
        yield f"Only a player who wagered at least {_dollars(row['min_wager'])} in the race takes a place."
    else:
        yield "Only a player who wagered anything in the race takes a place."
    yield "Players who are excluded from the race take no place."
    if row["tie_policy"] == "shared":
        yield "The larger amount stands higher; equal amounts share a place and the prizes of their places."
    else:
        yield (
            "The larger amount stands higher; of equal amounts the one that an earlier report brought,"
            " then the player with the lower id."
        )
    yield _place_rule(case)


def _start_rule(case: Case) -> str:
    starts_at, start = case.race.race["start_date"], case.start
    which = f"run {start.run_id} of {_moment(start.as_of)}"
    if _is_early(case):
        return (
            "The race before this one was settled on the last report before its end, so counting began with"
            f" the same report and not with the first one since the start, {_moment(starts_at)}: {which}."
        )
    return f"Counting began with the first report at or after the start, {_moment(starts_at)}: {which}."


def _is_early(case: Case) -> bool:
    """Say whether it started with a report of before its start: only the race before it can bring that."""
    return bool(case.start.as_of < case.race.race["start_date"])


def _end_rule(case: Case) -> str:
    row, end = case.race.race, case.end
    which = f"run {end.run_id} of {_moment(end.as_of)}"
    if not case.race.frozen:
        return (
            f"It ends with the first report at or after the end, {_moment(row['end_date'])};"
            f" until that comes, the newest report counts: {which}."
        )
    if reason := row["metadata"].get("settleReason"):
        return f"No report came after the end, so the last one before it counts, {which}: {reason}"
    return f"It ended with the first report at or after the end, {_moment(row['end_date'])}: {which}."


def _place_rule(case: Case) -> str:
    entry = case.entry
    place = 0 if entry is None else int(case.race.places.positions[entry])
    if entry is None or not place:
        return "So this player takes no place."
    settled = case.race.race["status"] == "completed"
    prize = format_cents(int(case.race.prizes[entry]))
    pays = f"a prize of ${prize}" if case.race.prizes[entry] else "no prize"
    return f"So this player takes place {place}, with {pays}{'' if settled else ' as it stands'}."


def _marks(case: Case) -> Iterator[tuple[str, str]]:
    yield from _boundary_marks(case)
    yield from _listing_marks(case)
    yield from _total_marks(case)
    yield from _place_marks(case)


def _boundary_marks(case: Case) -> Iterator[tuple[str, str]]:
    if _is_early(case):
        text = (
            f"Counting began with a report of before the start, of {_moment(case.start.as_of)};"
            " what was wagered between the two counts here."
        )
        yield "started_early", text
    if case.start.as_of - case.race.race["start_date"] > LATE:
        text = (
            f"The first report after the start came at {_moment(case.start.as_of)} only;"
            " what was wagered before it does not count here."
        )
        yield "late_start", text


def _listing_marks(case: Case) -> Iterator[tuple[str, str]]:
    first = f"The feed first listed this player at {_moment(case.first_listed.as_of)}, after"
    if case.first_listed.run_id > case.end.run_id:
        yield "newcomer", f"{first} the report that counts here."
        return
    if case.is_new and case.is_late:
        text = f"{first} the start, and may have left the player out before: counting starts from the"
        yield "late", f"{text} {_dollars(case.baseline)} of that report."
    elif case.is_new:
        yield "newcomer", f"{first} the start: counting starts from 0."
    elif case.listed_at_start is False:
        text = "The report that started the race does not list this player; counting starts from the last"
        yield "absent_at_start", f"{text} total known before it, {_dollars(case.baseline)}."
    if case.listed_at_end is False:
        which = "report that ended the race" if case.race.frozen else "newest report"
        text = f"The {which} does not list this player; the last known total counts,"
        yield "absent_now", f"{text} {_dollars(case.total)}."
    if case.renamed:
        yield "renamed", "This player's name changed during the race; the uid did not, and the uid counts."


def _total_marks(case: Case) -> Iterator[tuple[str, str]]:
    if case.total < case.baseline:
        text = f"The feed took this player's total below the {_dollars(case.baseline)} that counting starts"
        yield "falling_all_time", f"{text} from: the standing is 0 until the total passes that again."
    elif case.falls and case.last_fall is not None:
        times = "once" if case.falls == 1 else f"{case.falls} times"
        text = (
            f"The feed took back some of this player's total {times} during the race, last at"
            f" {_moment(case.last_fall)}; only the start total and the end total count."
        )
        yield "falling_all_time", text
    elif case.total == case.baseline:
        yield "not_moved", "This player's total did not rise since counting began."


def _place_marks(case: Case) -> Iterator[tuple[str, str]]:
    if case.excluded:
        yield "excluded", "This player is excluded from the race and takes no place."
    if 0 < case.amount < case.race.race["min_wager"]:
        lacks = case.race.race["min_wager"] - case.amount
        yield "below_min_wager", f"This player lacks {_dollars(lacks)} to the least that takes a place."
    entry = case.entry
    if entry is not None and case.race.places.positions[entry]:
        yield from _ties(case.race, entry)


def _ties(race: RaceView, entry: int) -> Iterator[tuple[str, str]]:
    order = race.places.order
    equals = order[race.amounts[order] == race.amounts[entry]]
    if len(equals) == 1:
        return
    if race.race["tie_policy"] == "shared":
        place = int(race.places.positions[entry])
        yield "tie", f"{len(equals)} players have wagered exactly this much and share place {place}."
        return
    at = int(np.flatnonzero(equals == entry)[0])
    if at:
        yield "tie", _decided(race, higher=int(equals[at - 1]), lower=entry, other=int(equals[at - 1]))
    if at + 1 < len(equals):
        yield "tie", _decided(race, higher=entry, lower=int(equals[at + 1]), other=int(equals[at + 1]))


def _decided(race: RaceView, *, higher: int, lower: int, other: int) -> str:
    where = "above" if other == higher else "below"
    said = f"{race.name(other)} has wagered exactly as much and stands {where}"
    first, second = int(race.reached[higher]), int(race.reached[lower])
    if first != second:
        return f"{said}: the higher reached it with run {first}, the lower only with run {second}."
    ids = race.entrants.player_ids
    goes_first = f"the lower id goes first, {int(ids[higher])} before {int(ids[lower])}"
    return f"{said}: both reached it with run {first}, so {goes_first}."


def _report(report: Report) -> Json:
    return {
        "runId": report.run_id,
        "asOf": rfc3339(report.as_of),
        "reportSha256": report.sha256,
        "storedAt": rfc3339(report.stored_at),
    }


def _exact(units: int) -> str:
    return f"{from_units(units):.8f}"


def _dollars(units: int) -> str:
    return f"${units_to_json(units)}"


def _moment(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC"
