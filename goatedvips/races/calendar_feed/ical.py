"""Races as a calendar that people subscribe to (RFC 5545). Computes only."""

from collections.abc import Iterable, Mapping
from datetime import UTC, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from icalendar import STATUS, TRANSP, Calendar, Event

from goatedvips.kit.money import format_cents
from goatedvips.races.rules.prizes import PrizeTable, split

_PRODUCT = "-//GoatedVIPs//Wager races//EN"
_REFRESH = timedelta(hours=1)
_PLACES = 20
"""Of a prize table, in a description: a calendar shows little of a long one."""


def as_calendar(races: Iterable[Mapping[str, Any]], *, public_url: str | None) -> bytes:
    """Write races, by the columns of their rows, as a calendar; the same rows give the same bytes."""
    events = [_event(race, public_url) for race in races]
    calendar = Calendar.new(
        prodid=_PRODUCT,
        name="Wager races",
        uid=str(uuid5(NAMESPACE_URL, "goatedvips:races")),
        refresh_interval=_REFRESH,
        subcomponents=events,
    )
    written: bytes = calendar.to_ical()
    return written


def _event(race: Mapping[str, Any], public_url: str | None) -> Event:
    cancelled = race["status"] == "cancelled"
    changed = race["updated_at"].astimezone(UTC).replace(microsecond=0)
    return Event.new(
        # Unique among all installations, and the same for ever: neither column changes.
        uid=str(uuid5(NAMESPACE_URL, f"goatedvips:race:{race['id']}:{race['created_at'].astimezone(UTC)}")),
        sequence=race["version"],
        stamp=changed,
        last_modified=changed,
        start=race["start_date"].astimezone(UTC),
        end=race["end_date"].astimezone(UTC),
        summary=_line(race["name"]),
        description=_description(race),
        categories=[race["type"]],
        status=STATUS.CANCELLED if cancelled else STATUS.CONFIRMED,
        # Nobody is busy because a race goes on.
        transparency=TRANSP.TRANSPARENT,
        url=None if public_url is None else f"{public_url.rstrip('/')}/races/{race['id']}",
    )


def _description(race: Mapping[str, Any]) -> str:
    lines = [f"Prize pool: {format_cents(race['prize_pool'])} dollars"]
    if reason := race["metadata"].get("cancelReason"):
        lines.insert(0, f"Cancelled: {_line(reason)}")
    cents = split(race["prize_pool"], PrizeTable.from_shares(race["prizes"]))
    lines += [f"Place {place}: {format_cents(each)}" for place, each in enumerate(cents[:_PLACES], start=1)]
    if len(cents) > _PLACES:
        lines.append(f"… and {len(cents) - _PLACES} places more")
    return "\n".join(lines)


def _line(text: str) -> str:
    """Return a text without what a calendar's line cannot hold."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
