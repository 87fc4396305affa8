from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.responses import Response

from goatedvips.accounts.gate import Gate, Who
from goatedvips.accounts.roles import Permission
from goatedvips.kit.acting import acting
from goatedvips.kit.pagination import link_header
from goatedvips.races.payouts import listing
from goatedvips.races.payouts.schemas import MyAwards, MyAwardsQuery

_PATH = "/api/awards"


class AwardEndpoints:
    """One's own awards."""

    def __init__(self, engine: AsyncEngine, gate: Gate) -> None:
        self._engine = engine
        self._gate = gate

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(tags=["Races"], dependencies=[self._gate.let(Permission.OWN)])
        router.add_api_route(_PATH, self.mine, response_model=MyAwards, summary="What I won, and its state")
        return router

    async def mine(self, who: Who, query: Annotated[MyAwardsQuery, Query()], response: Response) -> MyAwards:
        """List what I, or the player linked to me, won: those of the newest race first."""
        async with acting(self._engine, "user", who.user_id) as connection:
            page = await listing.mine(connection, who.user_id, query)
        asked = query.model_dump(include={"status"}, exclude_none=True)
        response.headers["Link"] = link_header(_PATH, page.pagination, asked)
        return page
