"""What a series is, read at the door and shown again. Computes only."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from goatedvips.kit.errors import BadInput, FieldError
from goatedvips.kit.money import format_cents, parse_cents
from goatedvips.kit.schemas import field_errors
from goatedvips.races.rules.prizes import PrizeTable
from goatedvips.races.schemas import PrizeShare
from goatedvips.races.series.preview import prize_split
from goatedvips.races.series.schemas import SeriesCreate, SeriesEdit, SeriesView, UnbegunRace
from goatedvips.races.terms import dollars_of_units, min_wager_units, prize_table

_KEPT = ("name", "type", "timezone", "start_hour", "prizes", "tie_policy", "reject_policy")
_DAY_OF = {"weekly": "weekday", "monthly": "day_of_month"}
_ON_THE_WIRE = {"weekday": "weekday", "day_of_month": "dayOfMonth"}


def series_columns(series: SeriesCreate) -> dict[str, Any]:
    """Return what is stored of a series that is asked for; raise `BadInput` naming every wrong field."""
    errors = [
        FieldError(_ON_THE_WIRE[day], f"only a {kind} series has one, and this one is {series.type}")
        for kind, day in _DAY_OF.items()
        if kind != series.type and getattr(series, day) is not None
    ]
    if errors:
        raise BadInput(errors)
    pool = parse_cents(series.prize_pool)
    table = prize_table(series.prizes, pool_cents=pool, reject_policy=series.reject_policy)
    return {
        "name": series.name,
        "type": series.type,
        "timezone": series.timezone,
        "start_hour": series.start_hour,
        "start_day": series.weekday or series.day_of_month or 1,
        "prize_pool": pool,
        "prizes": table.to_json(),
        "tie_policy": series.tie_policy,
        "reject_policy": series.reject_policy,
        "min_wager": min_wager_units(series.min_wager),
    }


def merged(row: Mapping[str, Any], change: SeriesEdit) -> SeriesCreate:
    """Return the series that a stored one becomes with a change: another type starts on its first day."""
    stored = {name: row[name] for name in _KEPT} | {
        "prize_pool": format_cents(row["prize_pool"]),
        "min_wager": dollars_of_units(row["min_wager"]),
    }
    if change.type in {None, row["type"]} and row["type"] in _DAY_OF:
        stored[_DAY_OF[row["type"]]] = row["start_day"]
    wanted = {name: getattr(change, name) for name in change.model_fields_set}
    try:
        return SeriesCreate.model_validate(
            stored | {name: value for name, value in wanted.items() if value is not None}
        )
    except ValidationError as error:
        raise BadInput(field_errors(error.errors())) from None


def series_view(series: Mapping[str, Any], races: Sequence[Mapping[str, Any]]) -> SeriesView:
    """Show a series, with those of the races that are its own."""
    table = PrizeTable.from_shares(series["prizes"])
    return SeriesView(
        id=series["id"],
        name=series["name"],
        type=series["type"],
        timezone=series["timezone"],
        start_hour=series["start_hour"],
        weekday=series["start_day"] if series["type"] == "weekly" else None,
        day_of_month=series["start_day"] if series["type"] == "monthly" else None,
        enabled=series["enabled"],
        version=series["version"],
        prize_pool=format_cents(series["prize_pool"]),
        prizes=[PrizeShare.model_validate(share) for share in series["prizes"]],
        split=prize_split(series["prize_pool"], table).prizes,
        tie_policy=series["tie_policy"],
        reject_policy=series["reject_policy"],
        min_wager=dollars_of_units(series["min_wager"]),
        races=[
            UnbegunRace(**{name: race[name] for name in ("id", "name", "start_date", "end_date", "status")})
            for race in races
            if race["series_id"] == series["id"]
        ],
    )
