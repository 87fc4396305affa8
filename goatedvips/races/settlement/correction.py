"""A result is never edited: what is put right is a new version beside the old one, with its own proof."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.audit.service import Act, record
from goatedvips.kit.money import format_cents
from goatedvips.ledger.accounts import OPERATOR, forfeited, owed, pool
from goatedvips.ledger.service import Transfer, post
from goatedvips.outbox.service import Event, tell
from goatedvips.races.errors import RaceNotFound
from goatedvips.races.repository import Races
from goatedvips.races.rules.prizes import award
from goatedvips.races.rules.proof import Columns, Exclusion
from goatedvips.races.rules.ranking import rank
from goatedvips.races.settlement.errors import (
    AlreadyExcluded,
    AlreadyPaid,
    NoStanding,
    NotSettled,
    TakesFromOthers,
)
from goatedvips.races.settlement.repository import Award, Results, Winners
from goatedvips.races.settlement.service import owing
from goatedvips.races.settlement.writing import Result, people_of_result, write
from goatedvips.races.views import Column, place_prizes
from goatedvips.realtime.announce import announce


@dataclass(frozen=True, slots=True)
class Why:
    """Who corrects a result, and for what reason."""

    reason: str
    actor: str


async def take_away(
    connection: AsyncConnection, race_id: int, player_id: int, *, reason: str, actor: str, now: datetime
) -> int:
    """Take a player's place in a settled race from him; return the version of the new result.

    What he was awarded is rejected. By the race's rule it is forfeited and his place stays empty, or those
    behind him move up and are owed the difference. Raise `RaceNotFound`, `NotSettled`, `NoStanding`,
    `AlreadyExcluded`, `AlreadyPaid` or `TakesFromOthers`.
    """
    results = Results(connection)
    await results.take_turn(wait=True)
    race = await _completed(connection, race_id)
    # Clocks step back; the order of results must not.
    now = max(now, await results.last_proved_at(race_id))
    standings = await results.standings(race_id, race["result_version"])
    before = Result(race, race["result_version"], standings[:, 0], _columns(standings))
    entry = _entry(before, player_id)
    if await results.any_paid(race_id, player_id):
        raise AlreadyPaid(player_id, race_id)
    after = await asyncio.to_thread(_without, before, entry)
    people = people_of_result(results, race_id, before.version)
    sha256 = await write(results, after, people, now=now)
    why = Why(reason, actor)
    facts = await _move_money(connection, after, player_id, why=why, now=now)
    if not await results.correct(race_id, after.version, now):
        raise NotSettled(race_id, "being corrected by somebody else")
    facts |= {"version": after.version, "proof": sha256.hex(), "player": player_id}
    subject = f"race:{race_id}"
    event = Event(f"race.corrected:{race_id}:{after.version}", "race.corrected", subject, facts)
    await tell(connection, event, now=now)
    await announce(connection, subject)
    await record(
        connection, [Act("race.corrected", subject, facts | {"reason": reason})], actor=actor, at=now
    )
    return after.version


async def _completed(connection: AsyncConnection, race_id: int) -> dict[str, Any]:
    race = await Results(connection).completed(race_id)
    if race is not None:
        return race
    there = await Races(connection).by_id(race_id)
    if there is None:
        raise RaceNotFound(race_id)
    raise NotSettled(race_id, there["status"])


def _columns(standings: Column) -> Columns:
    _, baselines, totals, reached, positions, prizes, excluded = standings.T
    return Columns(baselines, totals, reached, positions.astype(np.int32), prizes, excluded.astype(np.int8))


def _entry(result: Result, player_id: int) -> int:
    found = np.flatnonzero(result.player_ids == player_id)
    if not len(found):
        raise NoStanding(player_id, result.race["id"])
    entry = int(found[0])
    if result.columns.excluded[entry]:
        raise AlreadyExcluded(player_id, result.race["id"])
    return entry


def _without(result: Result, entry: int) -> Result:
    """Return the next version of a result, in which an entry has no place."""
    race, columns = result.race, result.columns
    excluded, positions, prizes = columns.excluded.copy(), columns.positions.copy(), columns.prizes.copy()
    if race["reject_policy"] == "forfeit":
        excluded[entry], positions[entry], prizes[entry] = Exclusion.FORFEITED, 0, 0
    else:
        excluded[entry] = Exclusion.EXCLUDED
        positions, prizes = _moved_up(result, excluded > 0)
    corrected = replace(columns, excluded=excluded, positions=positions, prizes=prizes)
    return replace(result, version=result.version + 1, columns=corrected)


def _moved_up(result: Result, excluded: Any) -> tuple[Any, Column]:  # noqa: ANN401 - numpy's booleans
    race, columns, ids = result.race, result.columns, result.player_ids
    places = rank(
        columns.amounts,
        columns.reached,
        ids,
        policy=race["tie_policy"],
        min_wager=race["min_wager"],
        excluded=excluded,
    )
    return places.positions, award(places.positions, ids, place_prizes(race), race["tie_policy"])


async def _move_money(
    connection: AsyncConnection, result: Result, player_id: int, *, why: Why, now: datetime
) -> dict[str, Any]:
    """Take back what the player was owed, and owe the others what their prizes rose by."""
    results, race_id = Results(connection), result.race["id"]
    rejected = await results.reject_unpaid(race_id, player_id, reason=why.reason, actor=why.actor, now=now)
    winners = _rises(result, await results.owed(race_id))
    awards = await results.add_awards(race_id, result.version, winners=winners, now=now)
    await post(connection, _transfers(result.race, result.version, rejected, awards), at=now)
    return {
        "rejected": [award.id for award in rejected],
        "takenBack": format_cents(sum(award.amount for award in rejected)),
        "awards": len(awards),
        "owed": format_cents(sum(award.amount for award in awards)),
    }


def _rises(result: Result, held: Mapping[int, int]) -> Winners:
    """Return by how much each player's prize exceeds what he was awarded before."""
    prizes = dict(zip(result.player_ids.tolist(), result.columns.prizes.tolist(), strict=True))
    if any(cents > prizes[player] for player, cents in held.items()):
        raise TakesFromOthers(result.race["id"])
    paying = np.flatnonzero(result.columns.prizes)
    ids = result.player_ids[paying]
    rises = result.columns.prizes[paying] - np.array(
        [held.get(player, 0) for player in ids.tolist()], np.int64
    )
    more = rises > 0
    return Winners(ids[more], result.columns.positions[paying][more], rises[more])


def _transfers(
    race: Mapping[str, Any], version: int, rejected: list[Award], awards: list[Award]
) -> list[Transfer]:
    race_id = race["id"]
    if race["reject_policy"] == "forfeit":
        return [
            Transfer(f"award:{award.id}:forfeited", owed(award.id), forfeited(race_id), award.amount)
            for award in rejected
        ]
    rest = sum(award.amount for award in rejected) - sum(award.amount for award in awards)
    back = [
        Transfer(f"award:{award.id}:reversed", owed(award.id), pool(race_id), award.amount)
        for award in rejected
    ]
    returned = Transfer(f"race:{race_id}:{version}:returned", pool(race_id), OPERATOR, rest)
    return [*back, *owing(race_id, awards), *([returned] if rest else [])]
