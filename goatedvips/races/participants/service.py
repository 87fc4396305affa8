"""Who takes part in a race, or is kept out of it, as an operator sees it."""

import asyncio
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.money import from_units
from goatedvips.kit.pagination import Pagination
from goatedvips.leaderboards.repository import BoardRows
from goatedvips.races.participants.repository import KeptOut, Why
from goatedvips.races.participants.schemas import (
    KeptOutPlayer,
    ParticipantPage,
    ParticipantsQuery,
    ParticipantView,
    WhyExcluded,
)
from goatedvips.races.views import RaceView

_MOST_KEPT_OUT = 100


async def participants(
    connection: AsyncConnection, race: RaceView, query: ParticipantsQuery, *, now: datetime
) -> ParticipantPage:
    """Return a page of all who take part in a race, each with what keeps him out."""
    entries = await asyncio.to_thread(race.everybody)
    if query.search is not None:
        found = np.array(await BoardRows(connection).matching(query.search), np.int64)
        entries = entries[np.isin(race.entrants.player_ids[entries], found)]
    shown = entries[query.offset : query.offset + query.limit]
    outside = [
        player
        for player in await KeptOut(connection).by_the_race(race.id, limit=_MOST_KEPT_OUT)
        if race.entry_of(player["id"]) is None
    ]
    ids = race.entrants.player_ids[shown].tolist() + [player["id"] for player in outside]
    why = await _why(connection, race.id, ids)
    return ParticipantPage(
        data=[_participant(race, int(entry), why) for entry in shown],
        kept_out=[
            KeptOutPlayer(
                player_id=player["id"],
                goated_id=player["uid"],
                username=player["username"],
                excluded=why[player["id"]],
            )
            for player in outside
        ],
        phase=race.phase(now),
        as_of=race.as_of,
        pagination=Pagination.of(len(entries), query.page, query.limit),
    )


async def _why(
    connection: AsyncConnection, race_id: int, players: Collection[int]
) -> dict[int, list[WhyExcluded]]:
    why: dict[int, list[WhyExcluded]] = defaultdict(list)
    for each in await KeptOut(connection).why(race_id, players):
        why[each.player_id].append(_shown(each))
    return why


def _shown(why: Why) -> WhyExcluded:
    return WhyExcluded.model_validate(
        {
            "kind": why.kind,
            "reason": why.reason,
            "by": why.actor,
            "at": why.at,
            "until": why.until,
            "from_all_races": why.from_all_races,
        }
    )


def _participant(race: RaceView, entry: int, why: dict[int, list[WhyExcluded]]) -> ParticipantView:
    """Show somebody by the name that he has, whatever he lets others see."""
    player_id = int(race.entrants.player_ids[entry])
    slot = race.boards.slot(player_id)
    assert slot is not None  # noqa: S101 - who takes part came with a report, so the boards have him
    is_excluded = bool(race.entrants.excluded[entry])
    return ParticipantView(
        player_id=player_id,
        user_id=race.boards.faces.of(player_id).user_id,
        goated_id=race.boards.uids[slot],
        username=race.boards.names[slot] if race.names is None else race.names[entry],
        start_total=_dollars(race.entrants.baselines[entry]),
        total=_dollars(race.totals[entry]),
        wagered=from_units(int(race.amounts[entry])),
        position=int(race.places.positions[entry]) or None,
        prize=Decimal(int(race.prizes[entry])).scaleb(-2),
        is_excluded=is_excluded,
        excluded=why[player_id] if is_excluded else [],
    )


def _dollars(units: np.int64) -> str:
    return f"{from_units(int(units)):.8f}"
