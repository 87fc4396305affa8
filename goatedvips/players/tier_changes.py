"""Tiers that players reach: kept when a report brings somebody over a threshold, and told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.outbox.service import Event, tell
from goatedvips.players.tiers import TIERS, tier_of
from goatedvips.realtime.announce import announce

ADD = text("""
    INSERT INTO tier_changes (player_id, tier, run_id, as_of)
    SELECT now.player_id, now.tier, :run_id, :as_of
      FROM unnest(CAST(:players AS bigint[]), CAST(:tiers AS smallint[])) AS now(player_id, tier)
     WHERE NOT EXISTS (SELECT FROM tier_changes AS held
                        WHERE held.player_id = now.player_id AND held.tier >= now.tier)
    RETURNING player_id, tier,
              (SELECT id FROM users WHERE users.player_id = tier_changes.player_id) AS user_id
""")

_LOWEST = TIERS[1].min_units
"""Nearly everybody is below it and needs no further look."""


@dataclass(frozen=True, slots=True)
class Rise:
    """A player's `all_time` by a report, and by the one before: None if that did not name him."""

    player_id: int
    before: int | None
    now: int


async def note_rises(
    connection: AsyncConnection, rises: Iterable[Rise], *, run_id: int, as_of: datetime
) -> int:
    """Keep the tiers that these players have reached; return how many did.

    Whoever is new with his tier has changed nothing; the others are told. Nobody ever goes down: what a tier
    gives was given, and a feed that corrects itself takes nothing back.
    """
    reached = {
        rise.player_id: (tier, rise.before is None)
        for rise in rises
        if rise.now >= _LOWEST and (tier := _tier(rise.now)) > _tier(rise.before or 0)
    }
    if not reached:
        return 0
    columns = {"players": list(reached), "tiers": [tier for tier, _ in reached.values()]}
    rows = (await connection.execute(ADD, {**columns, "run_id": run_id, "as_of": as_of})).all()
    for row in rows:
        if reached[row.player_id][1]:
            continue
        subject = f"player:{row.player_id}"
        details = {"player": row.player_id, "user": row.user_id, "tier": TIERS[row.tier].name}
        event = Event(
            f"player.tier_changed:{row.player_id}:{row.tier}", "player.tier_changed", subject, details
        )
        await tell(connection, event, now=as_of)
        if row.user_id is not None:
            await announce(connection, f"user:{row.user_id}")
    return len(rows)


def _tier(all_time: int) -> int:
    return TIERS.index(tier_of(all_time))
