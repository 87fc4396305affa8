"""Looking awards up: by whoever pays, and by whoever is paid."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.pagination import Pagination
from goatedvips.races.payouts.repository import Award, Payouts, Wanted
from goatedvips.races.payouts.schemas import (
    AwardList,
    AwardListQuery,
    AwardPage,
    AwardPageQuery,
    AwardQuery,
    AwardResponse,
    AwardTotal,
    MyAward,
    MyAwards,
    MyAwardsQuery,
)
from goatedvips.races.rules.payouts import STEPS, Status


async def listed(connection: AsyncConnection, query: AwardListQuery) -> AwardList:
    """Return awards, and the totals by status."""
    payouts = Payouts(connection)
    wanted = Wanted(query.race, query.player, _statuses(query.status), query.limit)
    awards = await payouts.page(wanted)
    return AwardList(
        data=[AwardResponse.of(award) for award in awards],
        totals=AwardTotal.all(await payouts.totals(wanted)),
    )


async def paged(connection: AsyncConnection, query: AwardPageQuery) -> AwardPage:
    """Return a page of awards, and the totals by status."""
    wanted = Wanted(query.race, query.player, _statuses(query.status), query.limit, query.offset)
    awards, totals, total = await _page(connection, wanted)
    return AwardPage(
        data=[AwardResponse.of(award) for award in awards],
        totals=totals,
        pagination=Pagination.of(total, query.page, query.limit),
    )


async def mine(connection: AsyncConnection, user_id: int, query: MyAwardsQuery) -> MyAwards:
    """Return a page of a user's awards. Row security would let nobody see others' anyway."""
    wanted = Wanted(None, None, _statuses(query.status), query.limit, query.offset, owner=user_id)
    awards, totals, total = await _page(connection, wanted)
    return MyAwards(
        data=[MyAward.of(award) for award in awards],
        totals=totals,
        pagination=Pagination.of(total, query.page, query.limit),
    )


async def due(connection: AsyncConnection, query: AwardQuery, *, limit: int | None = None) -> list[Award]:
    """Return what is to be approved or paid, or the awards of the one status that is asked for."""
    statuses: list[Status] = ["pending", "approved"] if query.status is None else [query.status]
    return await Payouts(connection).page(Wanted(query.race, query.player, statuses, limit))


async def _page(connection: AsyncConnection, wanted: Wanted) -> tuple[list[Award], list[AwardTotal], int]:
    payouts = Payouts(connection)
    awards, totals = await payouts.page(wanted), await payouts.totals(wanted)
    return awards, AwardTotal.all(totals), sum(totals.get(status, (0, 0))[0] for status in wanted.statuses)


def _statuses(asked: Status | None) -> Sequence[Status]:
    return list(STEPS) if asked is None else [asked]
