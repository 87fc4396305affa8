"""Profiles, histories, tiers and search."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from goatedvips.accounts.identity import Identity
from goatedvips.accounts.names import masked
from goatedvips.accounts.roles import Permission
from goatedvips.kit.clock import Clock
from goatedvips.kit.errors import BadInput
from goatedvips.kit.ids import as_id
from goatedvips.kit.money import from_units
from goatedvips.kit.pagination import Pagination
from goatedvips.kit.windows import Period
from goatedvips.players.errors import PersonNotFound
from goatedvips.players.repository import Players
from goatedvips.players.schemas import (
    HistoryPoint,
    HistoryQuery,
    NextTier,
    PlayerHistory,
    ProfileMetadata,
    ProfileWager,
    Ranks,
    SearchQuery,
    TierInfo,
    TierList,
    TierProgress,
    UserProfile,
    UserSearchItem,
    UserSearchResponse,
)
from goatedvips.players.standing import RacesWon, Standing, Standings
from goatedvips.players.tiers import TIERS, next_tier, tier_of

WINDOWS = {
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "1y": timedelta(days=365),
}
MOST_POINTS = 500
BRAND_COLOR = "#D7FF00"
"""The seed's default profile colour."""


@dataclass(frozen=True, slots=True)
class PlayerService:
    """Answers about people."""

    engine: AsyncEngine
    standings: Standings
    races_won: RacesWon
    clock: Clock

    async def profile(self, person: str, viewer: Identity | None = None) -> UserProfile:
        """Return a person by number or uid, as this viewer sees him; raise `PersonNotFound`."""
        async with self.engine.connect() as connection:
            row = _as_seen(await _find(connection, person), person, viewer)
        player_id = row["player_id"]
        standing = None if player_id is None else self.standings.of(player_id)
        true_for = self.standings.true_for()
        is_user = row["user_id"] is not None
        return UserProfile(
            id=row["user_id"] if is_user else player_id,
            username=row["username"] if is_user else row["goated_username"],
            bio=row["bio"],
            profile_color=row["profile_color"] or BRAND_COLOR,
            created_at=row["user_since"] if is_user else row["player_since"],
            goated_id=row["goated_id"],
            goated_username=row["goated_username"],
            goated_account_linked=is_user and player_id is not None,
            **_of_standing(standing),
            races_won=0 if player_id is None else await self.races_won(player_id),
            metadata=ProfileMetadata.model_validate(
                {"as_of": true_for.as_of, "version": true_for.version, "marks": true_for.marks}
            ),
        )

    async def history(
        self, person: str, query: HistoryQuery, viewer: Identity | None = None
    ) -> PlayerHistory:
        """Return a player's readings, thinned to `MOST_POINTS`; raise `PersonNotFound`."""
        since = self.clock() - WINDOWS[query.window]
        async with self.engine.connect() as connection:
            row = _as_seen(await _find(connection, person), person, viewer)
            if row["player_id"] is None:
                return PlayerHistory(window=query.window, since=since, points=[])
            # One point stands for the time before.
            rows = await Players(connection).history(row["player_id"], since=since, most=MOST_POINTS - 1)
        points = [HistoryPoint(at=row[0], **_dollars(row[1:])) for row in rows]
        return PlayerHistory(window=query.window, since=since, points=points)

    async def search(self, query: SearchQuery) -> UserSearchResponse:
        """Find people by name or username; raise `BadInput` if no name is given."""
        name = query.q or query.username
        if name is None:
            raise BadInput.field("q", "expected at least 2 characters of a name")
        async with self.engine.connect() as connection:
            total, rows = await Players(connection).search(name, limit=query.limit, offset=query.offset)
        return UserSearchResponse(
            results=[UserSearchItem.model_validate(dict(row)) for row in rows],
            pagination=Pagination.of(total, query.page, query.limit),
        )

    def tiers(self) -> TierList:
        """Return the tiers with the players in each."""
        true_for = self.standings.true_for()
        tiers = [
            TierInfo(
                name=tier.name,
                display_name=tier.display_name,
                min_wager=tier.min_wager,
                color=tier.color,
                benefits=list(tier.benefits),
                players=players,
            )
            for tier, players in zip(TIERS, self.standings.players_per_tier(), strict=True)
        ]
        return TierList(tiers=tiers, as_of=true_for.as_of, version=true_for.version)


def progress(all_time: int, *, kept: int = 0) -> TierProgress:
    """Return the tier that units of `all_time` reach or that was kept, and how far the next is."""
    reached = tier_of(all_time)
    tier = max(reached, TIERS[kept], key=TIERS.index)
    above = next_tier(tier)
    done = 1.0 if above is None else (all_time - tier.min_units) / (above.min_units - tier.min_units)
    return TierProgress(
        name=tier.name,
        display_name=tier.display_name,
        min_wager=tier.min_wager,
        color=tier.color,
        benefits=list(tier.benefits),
        progress=max(0.0, done),
        corrected=tier != reached,
        next=None
        if above is None
        else NextTier(
            name=above.name,
            display_name=above.display_name,
            min_wager=above.min_wager,
            missing=from_units(above.min_units - all_time),
        ),
    )


def _as_seen(row: RowMapping, person: str, viewer: Identity | None) -> dict[str, Any]:
    """Return a person as a viewer sees him; raise `PersonNotFound` if he does not."""
    shown = row["shown"]
    if shown == "public" or _may_see(row, viewer):
        return dict(row)
    if shown != "masked":
        raise PersonNotFound(person)
    hidden = {name: masked(row[name]) for name in ("username", "goated_username") if row[name] is not None}
    return {**row, **hidden}


def _may_see(row: RowMapping, viewer: Identity | None) -> bool:
    if viewer is None or row["shown"] == "erased":
        return False
    return viewer.user_id == row["user_id"] or Permission.USERS_READ in viewer.permissions


async def _find(connection: AsyncConnection, person: str) -> RowMapping:
    players = Players(connection)
    row = None
    if (number := as_id(person)) is not None:
        row = await players.player(number) or await players.user(number)
    row = row or await players.player_by_uid(person)
    if row is None:
        raise PersonNotFound(person)
    return row


def _of_standing(standing: Standing | None) -> dict[str, Any]:
    if standing is None:
        return {"total_wager": None, "wager": None, "last_wager_sync": None, "tier": None, "ranks": None}
    amounts = {period: from_units(units) for period, units in standing.amounts.items()}
    return {
        "total_wager": f"{amounts[Period.ALL_TIME]:f}",
        "wager": ProfileWager(
            all_time=amounts[Period.ALL_TIME],
            monthly=amounts[Period.THIS_MONTH],
            weekly=amounts[Period.THIS_WEEK],
            daily=amounts[Period.TODAY],
        ),
        "last_wager_sync": standing.updated_at,
        "tier": progress(standing.amounts[Period.ALL_TIME], kept=standing.kept_tier),
        "ranks": Ranks.model_validate({str(period): rank for period, rank in standing.ranks.items()}),
    }


def _dollars(units: Sequence[int]) -> dict[str, Decimal]:
    return {str(period): from_units(amount) for period, amount in zip(Period, units, strict=True)}
