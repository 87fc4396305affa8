"""Races as the wire shows them, encoded once per version."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
import numpy as np

from goatedvips.kit.etag import Ready
from goatedvips.kit.instants import rfc3339
from goatedvips.kit.money import UNITS_PER_DOLLAR, format_cents, from_units, units_to_json
from goatedvips.kit.pagination import MAX_LIMIT
from goatedvips.kit.sheets import safe_cell
from goatedvips.leaderboards.faces import Faces
from goatedvips.leaderboards.service import dollars
from goatedvips.races.rules.lifecycle import SETTLING_DEADLINE, phase, seconds_left
from goatedvips.races.views import RaceView

_NO_SECONDS = b"-987654321"
"""Stands in an encoded race for the seconds left, which are of the moment it is sent."""
_SECONDS = b'"secondsLeft":'
"""No name can hold these bytes: JSON would escape the quotes."""

_LATE = timedelta(minutes=15)
"""Three regular reports: a boundary later than that is worth telling."""

Json = dict[str, Any]


def cents(amount: int) -> msgspec.Raw:
    """Return cents as an exact JSON number of dollars."""
    return msgspec.Raw(units_to_json(amount * (UNITS_PER_DOLLAR // 100)).encode())


def participant(race: RaceView, entry: int) -> Json:
    """Return one standing."""
    player_id = int(race.entrants.player_ids[entry])
    slot = race.boards.slot(player_id)
    assert slot is not None  # noqa: S101 - who takes part came with a report, so the boards have him
    user_id, _ = race.boards.faces.account(player_id)
    return {
        "userId": user_id,
        "goatedId": race.boards.uid(slot),
        "username": race.name(entry),
        "wagered": dollars(int(race.amounts[entry])),
        "position": int(race.places.positions[entry]),
        "prize": cents(int(race.prizes[entry])),
    }


def participants(race: RaceView, offset: int, limit: int) -> list[Json]:
    """Return a page of the standings."""
    return [participant(race, int(entry)) for entry in race.places.order[offset : offset + limit]]


def place_prizes(race: RaceView) -> list[Json]:
    """Return what each paid place gets."""
    return [{"place": place, "amount": cents(amount)} for place, amount in enumerate(race.by_place, start=1)]


def marks(race: RaceView) -> list[Json]:
    """Return what a player should know about how this race counts."""
    found = [*_boundary_marks(race.race)]
    if race.fallen:
        text = (
            f"The feed took {race.fallen} player(s) below the total they started from;"
            " they stand at 0 until they pass it again."
        )
        found.append({"code": "falling_all_time", "count": race.fallen, "text": text})
    if out := int(np.count_nonzero(race.entrants.excluded)):
        text = f"{out} player(s) are excluded from this race and take no place."
        found.append({"code": "excluded", "count": out, "text": text})
    if (version := race.race["result_version"]) > 1:
        text = f"The result was corrected after it was settled; this is its version {version}."
        found.append({"code": "corrected", "count": version - 1, "text": text})
    if reason := race.race["metadata"].get("cancelReason"):
        found.append({"code": "cancelled", "count": 1, "text": f"This race was cancelled: {reason}"})
    return found


def _boundary_marks(row: Mapping[str, Any]) -> Iterable[Json]:
    start, end, details = row["start_as_of"], row["end_as_of"], row["metadata"]
    if start is not None and start < row["start_date"]:
        text = (
            "The race before this one was settled on the last report before its end,"
            f" so this one counts from that report, of {start:%Y-%m-%d %H:%M} UTC."
        )
        yield {"code": "started_early", "count": 1, "text": text}
    if start is not None and start - row["start_date"] > _LATE:
        text = (
            f"Counting began with the first report after the start, at {start:%Y-%m-%d %H:%M} UTC;"
            " what was wagered before that report does not count here."
        )
        yield {"code": "late_start", "count": 1, "text": text}
    if end is not None and end - row["end_date"] > _LATE:
        text = (
            f"Counting ended with the first report after the end, at {end:%Y-%m-%d %H:%M} UTC;"
            " what was wagered up to that report counts here."
        )
        yield {"code": "late_end", "count": 1, "text": text}
    if reason := details.get("settleReason"):
        text = f"No report came after the end, so the last one before it counts: {reason}"
        yield {"code": "settled_early", "count": 1, "text": text}
    elif "overdueSince" in details and end is None:
        text = "The report that ends this race is late; until it comes the standings are not final."
        yield {"code": "overdue", "count": 1, "text": text}


def _boundary(row: Mapping[str, Any], end: str) -> Json | None:
    if row[f"{end}_run_id"] is None:
        return None
    return {
        "runId": row[f"{end}_run_id"],
        "asOf": rfc3339(row[f"{end}_as_of"]),
        "reportSha256": row[f"{end}_sha256"],
    }


def _result(row: Mapping[str, Any]) -> Json | None:
    if not row["result_version"]:
        return None
    return {
        "version": row["result_version"],
        "settledAt": rfc3339(row["settled_at"]),
        "proofSha256": row["proof_sha256"],
    }


def metadata(race: RaceView, now: datetime) -> Json:
    """Return what the standings are true for, and the rules, with a placeholder for the seconds left."""
    row, shown = race.race, race.phase(now)
    following = row["next_start_date"]
    return {
        "lastUpdated": instant(race.stored_at),
        "asOf": instant(race.as_of),
        "version": race.version,
        "transitionEnds": rfc3339(row["end_date"] + SETTLING_DEADLINE) if shown == "settling" else None,
        "nextRaceStart": instant(following),
        "secondsLeft": msgspec.Raw(_NO_SECONDS),
        "phase": shown,
        "tiePolicy": row["tie_policy"],
        "minWager": f"{from_units(row['min_wager']):.2f}",
        "timezone": row["timezone"],
        "participantCount": race.places.ranked,
        "totalWagered": dollars(race.total_wagered),
        "prizes": place_prizes(race),
        "boundaries": {"start": _boundary(row, "start"), "end": _boundary(row, "end")},
        "result": _result(row),
        "marks": marks(race),
    }


def response(race: RaceView, now: datetime) -> Json:
    """Return a `WagerRaceResponse`, with a placeholder for the seconds left."""
    row = race.race
    return {
        "id": race.id,
        "name": row["name"],
        "type": row["type"],
        "startDate": rfc3339(row["start_date"]),
        "endDate": rfc3339(row["end_date"]),
        "status": row["status"],
        "prizePool": format_cents(row["prize_pool"]),
        "participants": participants(race, 0, MAX_LIMIT),
        "metadata": metadata(race, now),
    }


def summary(row: Mapping[str, Any], now: datetime) -> Json:
    """Return a race without its standings."""
    return {
        "id": row["id"],
        "name": row["name"],
        "type": row["type"],
        "startDate": rfc3339(row["start_date"]),
        "endDate": rfc3339(row["end_date"]),
        "status": row["status"],
        "phase": phase(row["status"], starts_at=row["start_date"], ends_at=row["end_date"], now=now),
        "prizePool": format_cents(row["prize_pool"]),
        "timezone": row["timezone"],
    }


def winner(row: Mapping[str, Any], faces: Faces) -> Json:
    """Return who won a settled race, as others may see him."""
    return {
        "goatedId": faces.uid(row["player_id"], row["goated_id"]),
        "username": faces.name(row["player_id"], row["username"]),
        "wagered": dollars(max(row["wagered"], 0)),
        "prize": cents(row["prize"]),
    }


def left(race: RaceView, now: datetime) -> int:
    """Count the seconds left."""
    row = race.race
    return seconds_left(row["status"], starts_at=row["start_date"], ends_at=row["end_date"], now=now)


def as_of_now(race: RaceView, now: datetime) -> Json:
    """Return a `WagerRaceResponse` to be sent at once."""
    answer = response(race, now)
    answer["metadata"]["secondsLeft"] = left(race, now)
    return answer


def page(race: RaceView, now: datetime) -> Ready:
    """Return the race's page as it is now."""
    shown = race.phase(now)
    ready = race.ready.get(shown)
    if ready is None:
        # Weak, since the seconds left differ; the boards are in it for the names that they gave.
        etag = f'W/"r{race.id}-{race.version}-{shown}-{race.boards.tag}"'
        ready = race.ready[shown] = Ready(msgspec.json.encode(response(race, now)), etag)
    seconds = left(race, now)
    told, sent = race.sent.get(shown, (-1, ready))
    if told != seconds:
        # Once for all who ask within a second: it is compressed once, too.
        body = ready.body.replace(_SECONDS + _NO_SECONDS, _SECONDS + str(seconds).encode(), 1)
        sent = Ready(body, ready.etag)
        race.sent[shown] = (seconds, sent)
    return sent


def as_csv(race: RaceView) -> bytes:
    """Return all standings as CSV, safe to open in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["position", "goatedId", "username", "wagered", "prize"])
    slots = race.boards.slots(race.entrants.player_ids)
    for entry in race.places.order.tolist():
        writer.writerow(
            [
                int(race.places.positions[entry]),
                safe_cell(race.boards.uid(int(slots[entry]))),
                safe_cell(race.name(entry)),
                units_to_json(int(race.amounts[entry])),
                format_cents(int(race.prizes[entry])),
            ]
        )
    return out.getvalue().encode()


def position(race: RaceView, player_id: int | None) -> Json:
    """Return where a player stands, and what he lacks to the place above and to the last one that pays."""
    entry = None if player_id is None else race.entry_of(player_id)
    held = int(race.amounts[entry]) if entry is not None else 0
    place = int(race.places.positions[entry]) if entry is not None else 0
    order = race.places.order
    following: int | None = None
    if place == 0:
        following = int(race.amounts[order[-1]]) if len(order) else None
    elif place > 1:
        # With shared places the one above has a larger amount, wherever it stands in the order.
        better = int(np.searchsorted(race.places.positions[order], place))
        # Nobody is better where a correction left the places above empty.
        following = int(race.amounts[order[better - 1]]) if better else None
    is_paid = entry is not None and bool(race.prizes[entry])
    if len(order) < len(race.by_place):
        last_paid = max(int(race.race["min_wager"]), 1)
    else:
        last_paid = int(race.amounts[order[len(race.by_place) - 1]])
    return {
        "position": place or None,
        "wagered": dollars(held),
        "prize": cents(int(race.prizes[entry]) if entry is not None else 0),
        "toNext": None if following is None else dollars(max(following - held, 0)),
        "toPrize": None if is_paid else dollars(max(last_paid - held, 0)),
        "participants": race.places.ranked,
        "asOf": instant(race.as_of),
        "version": race.version,
    }


def instant(moment: datetime | None) -> str | None:
    """Return a moment as the wire shows it, or None for none."""
    return None if moment is None else rfc3339(moment)
