"""What an operator needs to know of races: which wait for a report, which for money."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.money import format_cents
from goatedvips.kit.pagination import Pagination
from goatedvips.races.catalogue import Catalogue
from goatedvips.races.errors import RaceNotFound
from goatedvips.races.overview.repository import AwardsOfRaces
from goatedvips.races.overview.schemas import OverviewQuery, RaceOverview, RaceOverviews
from goatedvips.races.payouts.schemas import AwardTotal
from goatedvips.races.repository import Races
from goatedvips.races.rules.lifecycle import phase
from goatedvips.races.rules.payouts import Status
from goatedvips.races.schemas import PrizeShare
from goatedvips.races.terms import dollars_of_units

_Totals = Mapping[Status, tuple[int, int]]


async def overviews(connection: AsyncConnection, query: OverviewQuery, now: datetime) -> RaceOverviews:
    """Return a page of races, newest first."""
    total, rows = await Catalogue(connection).page(
        status=query.status, race_type=query.type, limit=query.limit, offset=query.offset
    )
    totals = await AwardsOfRaces(connection).totals([row["id"] for row in rows])
    return RaceOverviews(
        data=[_overview(dict(row), totals[row["id"]], now) for row in rows],
        pagination=Pagination.of(total, query.page, query.limit),
    )


async def overview(connection: AsyncConnection, race_id: int, now: datetime) -> RaceOverview:
    """Return one race; raise `RaceNotFound`."""
    row = await Races(connection).by_id(race_id)
    if row is None:
        raise RaceNotFound(race_id)
    totals = await AwardsOfRaces(connection).totals([race_id])
    return _overview(dict(row), totals[race_id], now)


def _overview(row: Mapping[str, Any], totals: _Totals, now: datetime) -> RaceOverview:
    details = row["metadata"]
    overdue = details.get("overdueSince") if row["end_run_id"] is None and row["status"] == "live" else None
    return RaceOverview(
        id=row["id"],
        name=row["name"],
        type=row["type"],
        start_date=row["start_date"],
        end_date=row["end_date"],
        status=row["status"],
        phase=phase(row["status"], starts_at=row["start_date"], ends_at=row["end_date"], now=now),
        prize_pool=format_cents(row["prize_pool"]),
        timezone=row["timezone"],
        version=row["version"],
        series_id=row["series_id"],
        tie_policy=row["tie_policy"],
        reject_policy=row["reject_policy"],
        min_wager=dollars_of_units(row["min_wager"]),
        prizes=[PrizeShare.model_validate(share) for share in row["prizes"]],
        start_run_id=row["start_run_id"],
        end_run_id=row["end_run_id"],
        overdue_since=None if overdue is None else datetime.fromisoformat(overdue),
        settled_at=row["settled_at"],
        result_version=row["result_version"],
        cancel_reason=details.get("cancelReason"),
        settle_reason=details.get("settleReason"),
        owed=format_cents(sum(totals.get(status, (0, 0))[1] for status in ("pending", "approved"))),
        awards=AwardTotal.all(totals),
    )
