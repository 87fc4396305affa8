"""Flags that several commands take, and how they are read."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, TypeVar

import typer
from pydantic import Field, ValidationError
from pydantic.alias_generators import to_camel

from goatedvips.kit.errors import BadInput
from goatedvips.kit.schemas import Moment as MomentGiven
from goatedvips.kit.schemas import Schema, field_errors


class Moment(Schema):
    """An instant near enough to be reckoned with."""

    at: Annotated[MomentGiven, Field(alias="from")]


Asked = TypeVar("Asked", bound=Schema)

RaceId = Annotated[int, typer.Argument(help="The race's number.", min=1, max=2**63 - 1)]
MaybeName = Annotated[str | None, typer.Option("--name", help="As its players read it.")]
Start = Annotated[str, typer.Option(help="RFC 3339, like 2026-12-01T00:00:00Z; may be past.")]
MaybeStart = Annotated[str | None, typer.Option("--start", help="RFC 3339, like 2026-12-01T00:00:00Z.")]
End = Annotated[str, typer.Option(help="RFC 3339; not part of the race.")]
MaybeEnd = Annotated[str | None, typer.Option("--end", help="RFC 3339; not part of the race.")]
PrizePool = Annotated[str, typer.Option(help="Dollars, like 500 or 99.50.")]
MaybePrizePool = Annotated[str | None, typer.Option("--prize-pool", help="Dollars, like 500 or 99.50.")]
Prizes = Annotated[
    str | None,
    typer.Option(help='JSON: [{"place": 1, "percent": "60"}, {"from": 2, "to": 5, "amount": "10"}].'),
]
TiePolicy = Annotated[str | None, typer.Option(help="first_to_reach (default) or shared.")]
RejectPolicy = Annotated[
    str | None,
    typer.Option(help="What becomes of a rejected winner's prize: forfeit (default) or move_up."),
]
MinWager = Annotated[str | None, typer.Option(help="Dollars below which nobody is ranked.")]
Timezone = Annotated[str | None, typer.Option(help="IANA zone like Europe/Berlin; UTC unless given.")]
IfVersion = Annotated[
    int | None, typer.Option(help="Change it only if it still is at this version.", min=1, max=10**9)
]


def parsed(model: type[Asked], **values: Any) -> Asked:  # noqa: ANN401 - the model says what each must be
    """Read what was given, None being not given; raise `BadInput` naming every field that is wrong."""
    try:
        return model.model_validate({name: value for name, value in values.items() if value is not None})
    except ValidationError as error:
        raise BadInput(field_errors(error.errors())) from None


def submitted(model: type[Asked], flags: Mapping[str, Any]) -> Asked:
    """Read a command's flags, by the names of its parameters, into a body that has fields of these names."""
    given: dict[str, Any] = {}
    for flag, value in flags.items():
        field = _FIELDS.get(flag, flag)
        if field in model.model_fields and value is not None:
            given[to_camel(field)] = _READ[flag](value) if flag in _READ else value
    return parsed(model, **given)


def instant(field: str, text: str) -> datetime:
    """Read an instant with its offset; raise `BadInput` for anything else."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    # An offset can lead out of the calendar.
    except (ValueError, OverflowError):
        pass
    raise BadInput.field(
        field, f"{text!r} is no instant like 2026-12-01T00:00:00Z or 2026-12-01T00:00:00+01:00"
    )


def _prizes(text: str) -> Any:  # noqa: ANN401 - the model says what it must be
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput.field("prizes", f"is not JSON: {error}") from None


_FIELDS = {"race_type": "type", "series_type": "type", "start": "start_date", "end": "end_date"}
_READ: Mapping[str, Callable[[str], Any]] = {
    "start": partial(instant, "start"),
    "end": partial(instant, "end"),
    "prizes": _prizes,
}
