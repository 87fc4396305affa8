"""What a race is held under, read at the door, and how the terms of two versions differ. Computes only."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from goatedvips.kit.errors import BadInput, FieldError
from goatedvips.kit.money import CENTS_PER_DOLLAR, UNITS_PER_DOLLAR, format_cents, parse_cents
from goatedvips.races.rules.prizes import DEFAULT_TABLE, PrizeTable, first_rise, split
from goatedvips.races.schemas import PrizeShare, RejectPolicy, WagerRaceCreate

UNITS_PER_CENT = UNITS_PER_DOLLAR // CENTS_PER_DOLLAR


def prize_table(
    shares: Sequence[PrizeShare] | None, *, pool_cents: int, reject_policy: RejectPolicy
) -> PrizeTable:
    """Read a prize table, the default one for None; raise `BadInput` naming what is wrong with it."""
    entries = (
        DEFAULT_TABLE.to_json() if shares is None else [share.model_dump(by_alias=True) for share in shares]
    )
    table = PrizeTable.parse(entries, pool_cents=pool_cents)
    rise = first_rise(pool_cents, table) if reject_policy == "move_up" else None
    if rise is None:
        return table
    cents = split(pool_cents, table)
    at = next(index for index, entry in enumerate(entries) if rise in {entry.get("place"), entry.get("from")})
    raise BadInput.field(
        f"prizes[{at}]",
        f"place {rise} is paid {format_cents(cents[rise - 1])} and place {rise - 1}"
        f" only {format_cents(cents[rise - 2])}: who moved up would lose, so rejectPolicy cannot be move_up",
    )


def race_columns(race: WagerRaceCreate, now: datetime) -> dict[str, Any]:
    """Return what is stored of a race that is asked for; raise `BadInput` naming every wrong field."""
    errors = []
    if race.end_date <= race.start_date:
        errors.append(FieldError("endDate", "must come after startDate"))
    if race.end_date <= now:
        errors.append(FieldError("endDate", "must be in the future"))
    if errors:
        raise BadInput(errors)
    pool = parse_cents(race.prize_pool)
    table = prize_table(race.prizes, pool_cents=pool, reject_policy=race.reject_policy)
    return {
        "name": race.name,
        "type": race.type,
        "start_date": race.start_date,
        "end_date": race.end_date,
        "prize_pool": pool,
        "prizes": table.to_json(),
        "tie_policy": race.tie_policy,
        "reject_policy": race.reject_policy,
        "min_wager": min_wager_units(race.min_wager),
        "timezone": race.timezone,
        "metadata": race.metadata or {},
    }


def min_wager_units(money: str) -> int:
    """Read a minimum wager, dollars, as units."""
    return parse_cents(money) * UNITS_PER_CENT


def dollars_of_units(units: int) -> str:
    """Write a minimum wager as dollars; it was given in whole cents."""
    return format_cents(units // UNITS_PER_CENT)


def as_told(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return terms as the audit log keeps them: under the wire's names, in text and whole numbers."""
    return {
        name: show(values[column])
        for column, (name, show) in _TOLD.items()
        if column in values and values[column] is not None
    }


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return what differs between two versions, each with both values, as the audit log keeps it."""
    old, new = as_told(before), as_told(after)
    return {
        name: {"before": old.get(name), "after": value}
        for name, value in new.items()
        if old.get(name) != value
    }


def _instant(moment: datetime) -> str:
    # To the microsecond: who changed an end by less changed it all the same.
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _same(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can say
    return value


def _as_text(value: Mapping[str, Any]) -> str:
    # Somebody else's JSON may hold floats, which the audit log refuses.
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


_TOLD: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "name": ("name", _same),
    "type": ("type", _same),
    "series_id": ("seriesId", _same),
    "start_date": ("startDate", _instant),
    "end_date": ("endDate", _instant),
    "start_hour": ("startHour", _same),
    "start_day": ("startDay", _same),
    "timezone": ("timezone", _same),
    "prize_pool": ("prizePool", format_cents),
    "prizes": ("prizes", _same),
    "tie_policy": ("tiePolicy", _same),
    "reject_policy": ("rejectPolicy", _same),
    "min_wager": ("minWager", dollars_of_units),
    "metadata": ("metadata", _as_text),
}
