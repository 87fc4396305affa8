"""Who takes no place in any race, because of what his account is: staff, banned, or excluded by himself."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.accounts.roles import STAFF
from goatedvips.audit.service import Act
from goatedvips.kit.instants import rfc3339
from goatedvips.players.exclusions import Exclusions, Kind
from goatedvips.races.repository import Races
from goatedvips.realtime.announce import announce

_REASONS: dict[Kind, str] = {
    "staff": "His account is staff's.",
    "banned": "His account is banned.",
    "self_excluded": "He excluded himself.",
}
_KEPT: frozenset[Kind] = frozenset({"banned", "self_excluded"})
"""What outlives a link: whoever unlinks his player does not get him back into the races."""


async def follow_account(
    connection: AsyncConnection, player_id: int, *, actor: str, now: datetime, by_mistake: bool = False
) -> list[Act]:
    """Exclude a player from all races as the account that is linked to him asks for, or lift what it asked.

    Live races rank without him at once, and go on to when it is lifted, unless he was excluded by mistake;
    results that are settled stay. Returns what to record.
    """
    exclusions = Exclusions(connection)
    held = await exclusions.from_all(player_id, now=now)
    wanted = await _wanted(exclusions, player_id, now)
    acts = []
    for kind in _REASONS:
        if kind in wanted and (kind not in held or _is_longer(wanted[kind], held[kind])):
            acts.append(await _exclude(exclusions, player_id, kind, until=wanted[kind], actor=actor, now=now))
        elif kind in held and kind not in wanted and await _may_lift(exclusions, player_id, kind, now):
            await exclusions.lift(player_id, None, actor=actor, now=now, kind=kind, is_void=by_mistake)
            acts.append(
                Act("player.restored", f"player:{player_id}", {"kind": kind, "byMistake": by_mistake})
            )
    if acts:
        for race_id in await Races(connection).touch_those_of(player_id, now=now):
            await announce(connection, f"race:{race_id}")
        await announce(connection, f"player:{player_id}")
    return acts


async def _wanted(exclusions: Exclusions, player_id: int, now: datetime) -> dict[Kind, datetime | None]:
    account = await exclusions.by_account(player_id, now=now)
    if account is None:
        return {}
    wanted: dict[Kind, datetime | None] = {}
    if account["role"] in STAFF:
        wanted["staff"] = None
    if account["status"] == "banned":
        wanted["banned"] = None
    if account["is_excluded"]:
        wanted["self_excluded"] = None if account["for_good"] else account["excluded_until"]
    return wanted


async def _may_lift(exclusions: Exclusions, player_id: int, kind: Kind, now: datetime) -> bool:
    if kind not in _KEPT:
        return True
    # Only an account that is linked and asks for it no more; and nobody ends his own exclusion early.
    return kind == "banned" and await exclusions.by_account(player_id, now=now) is not None


async def _exclude(
    exclusions: Exclusions,
    player_id: int,
    kind: Kind,
    *,
    until: datetime | None,
    actor: str,
    now: datetime,
) -> Act:
    await exclusions.lift(player_id, None, actor=actor, now=now, kind=kind)
    await exclusions.add(player_id, None, reason=_REASONS[kind], actor=actor, now=now, kind=kind, until=until)
    details = {"kind": kind} | ({} if until is None else {"until": rfc3339(until)})
    return Act("player.excluded", f"player:{player_id}", details)


def _is_longer(wanted: datetime | None, held: datetime | None) -> bool:
    return held is not None and (wanted is None or wanted > held)
