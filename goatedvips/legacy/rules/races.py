"""What is kept of a race of the first system and of who took part in it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from goatedvips.kit.errors import FieldError
from goatedvips.kit.money import format_cents
from goatedvips.kit.schemas import field_errors
from goatedvips.legacy.rules import values
from goatedvips.legacy.rules.findings import Finding, Refused, quoted, refusal
from goatedvips.legacy.rules.users import Terms
from goatedvips.races.schemas import WagerRaceCreate

_TYPES = frozenset({"daily", "weekly", "monthly", "special"})
_OVER = frozenset({"completed", "cancelled"})


@dataclass(frozen=True, slots=True)
class LegacyRace:
    """A row of `wager_races`, as it is read: times and amounts as text."""

    id: int
    name: str
    type: str
    start_date: str
    end_date: str
    status: str | None
    prize_pool: str


@dataclass(frozen=True, slots=True)
class LegacyParticipant:
    """A row of `wager_race_participants`, as it is read, with the uid that his user had."""

    id: int
    race_id: int | None
    goated_id: str | None
    wagered: str | None
    position: int | None
    prize: str | None


@dataclass(frozen=True, slots=True)
class PastRace:
    """A race that is over: for the archive."""

    id: int
    name: str
    type: str
    start_date: datetime
    end_date: datetime
    status: str
    prize_pool: int


@dataclass(frozen=True, slots=True)
class ComingRace:
    """A race that is to come: made here under our rules."""

    id: int
    race: WagerRaceCreate
    findings: tuple[Finding, ...] = (
        Finding("metadata", "prizes", "its prizes are split as usual here; edit it if others were promised"),
    )


@dataclass(frozen=True, slots=True)
class PastParticipant:
    """What was said of one player in a race that is over."""

    id: int
    race_id: int
    goated_id: str
    wagered: int
    position: int | None
    prize: int | None
    findings: tuple[Finding, ...]


def map_race(row: LegacyRace, terms: Terms) -> PastRace | ComingRace | Refused:
    """Say what is kept of a race. One that runs cannot be: what was wagered before nobody here has read."""
    findings = []
    if row.type not in _TYPES:
        findings.append(refusal("type", "race_type", f"{quoted(row.type)} is no type of race"))
    starts_at, ends_at = _dates(row, terms, findings)
    pool = _cents(row.prize_pool, "prize_pool", findings)
    if findings or starts_at is None or ends_at is None or pool is None:
        return Refused(tuple(findings))
    if row.status in _OVER:
        return PastRace(row.id, row.name, row.type, starts_at, ends_at, row.status, pool)
    if row.status == "scheduled" and starts_at > terms.now:
        return _coming(row, starts_at, ends_at, pool)
    why = "what was wagered in it before is not known here; make one from now on with `race create`"
    return Refused((refusal("status", "race_open", f"it is {row.status or 'of no status'}, and {why}"),))


def refused_race(errors: list[FieldError]) -> Refused:
    """Return what is said of a race that is not taken under our rules."""
    return Refused(tuple(refusal(error.field, "race_terms", error.message) for error in errors))


def map_participant(row: LegacyParticipant, archived: Collection[int]) -> PastParticipant | Refused:
    """Say what is kept of a participant: of a race in the archive, and with a uid that says who it was."""
    if row.race_id is None or row.race_id not in archived:
        return Refused((refusal("race_id", "race_not_kept", "its race is not in the archive"),))
    if not row.goated_id:
        return Refused((refusal("goated_id", "nobody", "it does not say whose it is"),))
    findings: list[Finding] = []
    wagered = _units(row.wagered or "0", findings)
    prize = None if row.prize is None else _cents(row.prize, "prize", findings)
    if findings or wagered is None:
        return Refused(tuple(findings))
    position = row.position
    if position is not None and position < 1:
        findings.append(Finding("position", "no_place", f"{position} is no place; it is left out"))
        position = None
    return PastParticipant(row.id, row.race_id, row.goated_id, wagered, position, prize, tuple(findings))


def _coming(row: LegacyRace, starts_at: datetime, ends_at: datetime, pool: int) -> ComingRace | Refused:
    try:
        race = WagerRaceCreate.model_validate(
            {
                "name": row.name,
                "type": row.type,
                "start_date": starts_at,
                "end_date": ends_at,
                "prize_pool": format_cents(pool),
            }
        )
    except ValidationError as error:
        return refused_race(field_errors(error.errors()))
    return ComingRace(row.id, race)


def _dates(row: LegacyRace, terms: Terms, findings: list[Finding]) -> tuple[datetime | None, datetime | None]:
    dates: list[datetime | None] = []
    for field, text in (("start_date", row.start_date), ("end_date", row.end_date)):
        try:
            dates.append(values.instant(text, terms.zone))
        except ValueError as error:
            findings.append(refusal(field, "time", str(error)))
            dates.append(None)
    starts_at, ends_at = dates
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        findings.append(refusal("end_date", "backwards", "does not come after the start"))
    return starts_at, ends_at


def _cents(text: str, field: str, findings: list[Finding]) -> int | None:
    try:
        return values.cents(text)
    except ValueError as error:
        findings.append(refusal(field, "no_amount", str(error)))
        return None


def _units(text: str, findings: list[Finding]) -> int | None:
    try:
        return values.units(text)
    except ValueError as error:
        findings.append(refusal("wagered", "no_amount", str(error)))
        return None
