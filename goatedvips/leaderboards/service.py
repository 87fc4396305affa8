"""Pages of boards, encoded once per version."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.kit.etag import Ready
from goatedvips.kit.instants import rfc3339
from goatedvips.kit.money import units_to_json
from goatedvips.kit.pagination import Pagination, link_header
from goatedvips.kit.windows import PERIODS, Period
from goatedvips.leaderboards.boards import Boards
from goatedvips.leaderboards.repository import BoardRows
from goatedvips.leaderboards.schemas import AroundQuery, LeaderboardQuery
from goatedvips.players.errors import PersonNotFound
from goatedvips.players.tiers import TIERS

PATH = "/api/leaderboard"
MOST_READY = 2000
"""Pages kept encoded at one version: some 30 MB."""
LASTING = "public, max-age=86400"
"""What was stays as it was. Links and colours are the present ones: a day old at most."""


def dollars(units: int) -> msgspec.Raw:
    """Return an amount as an exact JSON number."""
    return msgspec.Raw(units_to_json(units).encode())


def entry(boards: Boards, slot: int, period: Period) -> dict[str, Any]:
    """Return one player as the wire shows him."""
    player_id = int(boards.ids[slot])
    user_id, color = boards.faces.account(player_id)
    return {
        "uid": boards.uid(slot),
        "id": None if boards.faces.is_hidden(player_id) else player_id,
        "name": boards.name(slot),
        "wagered": {str(window): dollars(int(boards.amounts[window][slot])) for window in PERIODS},
        "lastUpdate": rfc3339(boards.updated_at(slot)),
        "rank": boards.boards[period].rank(slot),
        "tier": TIERS[boards.tier(slot)].name,
        "userId": user_id,
        "profileColor": color,
    }


def metadata(boards: Boards, period: Period) -> dict[str, Any]:
    """Say what these boards are true for."""
    version = boards.version
    return {
        "totalUsers": len(boards.boards[period]),
        "rankedUsers": boards.boards[period].ranked,
        "lastUpdated": rfc3339(version.stored_at) if version else None,
        "asOf": rfc3339(version.as_of) if version else None,
        "version": boards.revision,
        "status": "live" if version else "transition",
        "period": period,
        "marks": list(version.marks) if version else [],
    }


def first_rows(boards: Boards, period: Period, limit: int) -> list[dict[str, Any]]:
    """Return the top of a board."""
    return [entry(boards, int(slot), period) for slot in boards.boards[period].slots(0, limit)]


def page(boards: Boards, query: LeaderboardQuery) -> Ready:
    """Return a page of a board, encoded once per version."""
    key = ("page", query.period, query.page, query.limit)
    ready = boards.ready.get(key)
    if ready is None or query.as_of is not None:
        slots = boards.boards[query.period].slots(query.offset, query.limit)
        ready = _ready(boards, query, slots=slots, total=len(boards.boards[query.period]))
        # There are as many moments as anybody cares to ask for, and their links differ.
        if query.as_of is None:
            _keep(boards, key, ready)
    return ready


async def search(boards: Boards, query: LeaderboardQuery, engine: AsyncEngine) -> Ready:
    """Return a page of the players whose names contain a text, in the board's order."""
    async with engine.connect() as connection:
        rows, name = BoardRows(connection), query.search or ""
        found = await (rows.matching_then(name, boards.number) if query.as_of else rows.matching(name))
    slots = boards.slots(np.array(sorted(found), np.int64))
    # A player of a run that these boards do not have yet is not on them.
    slots = slots[slots < len(boards.ids)]
    board = boards.boards[query.period]
    # Who does not show his name is not found by it.
    public = [slot for slot in slots.tolist() if boards.faces.is_public(int(boards.ids[slot]))]
    slots = np.array(public, np.intp)
    ordered = slots[np.argsort(board.places[slots])]
    shown = ordered[query.offset : query.offset + query.limit]
    return _ready(boards, query, slots=shown, total=len(ordered))


def around(boards: Boards, slot: int | None, person: str, query: AroundQuery) -> Ready:
    """Return a player's row with his neighbours; raise `PersonNotFound`."""
    if slot is None:
        raise PersonNotFound(person)
    _, slots = boards.boards[query.period].around(slot, query.radius)
    data = [entry(boards, int(each), query.period) for each in slots]
    body = msgspec.json.encode({"data": data, "metadata": metadata(boards, query.period)})
    return Ready(body, f'"a{boards.tag}-{slot}-{query.period}-{query.radius}"')


def _ready(
    boards: Boards, query: LeaderboardQuery, *, slots: Sequence[int] | NDArray[Any], total: int
) -> Ready:
    pagination = Pagination.of(total, query.page, query.limit)
    body = msgspec.json.encode(
        {
            "data": [entry(boards, int(slot), query.period) for slot in slots],
            "metadata": metadata(boards, query.period),
            "pagination": pagination.model_dump(by_alias=True),
        }
    )
    asked: dict[str, str | int] = {"period": query.period}
    if query.search:
        asked["search"] = query.search
    if query.as_of:
        asked["asOf"] = query.as_of.astimezone(UTC).isoformat()
    etag = f'"b{boards.tag}-{query.period}-{query.page}-{query.limit}"'
    return Ready(body, etag, {"Link": link_header(PATH, pagination, asked)})


def lasting(ready: Ready) -> Ready:
    """Let caches keep an answer that no later report can change."""
    return replace(ready, headers=ready.headers | {"Cache-Control": LASTING})


def kept_from_others(ready: Ready) -> Ready:
    """Let no cache keep an answer that is one person's only."""
    return replace(ready, headers=ready.headers | {"Cache-Control": "private, no-store"})


def _keep(boards: Boards, key: object, ready: Ready) -> None:
    if len(boards.ready) >= MOST_READY:
        boards.ready.clear()
    boards.ready[key] = ready
