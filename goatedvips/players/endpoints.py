from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from goatedvips.kit.etag import answer, ready
from goatedvips.kit.pagination import link_header
from goatedvips.kit.ready_route import ReadyRoute
from goatedvips.players.schemas import (
    HistoryQuery,
    PlayerHistory,
    SearchQuery,
    TierList,
    UserProfile,
    UserSearchResponse,
)
from goatedvips.players.service import PlayerService


class PlayerEndpoints:
    """People as the wire gives them."""

    def __init__(self, service: PlayerService) -> None:
        self._service = service

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(prefix="/api", route_class=ReadyRoute, tags=["Players"])
        add = router.add_api_route
        add("/users/search", self.search, response_model=UserSearchResponse, summary="Find people by name")
        add("/users/{person}", self.profile, response_model=UserProfile, summary="One person")
        add("/users/{person}/history", self.history, response_model=PlayerHistory, summary="How he got there")
        add("/tiers", self.tiers, response_model=TierList, summary="The seven tiers")
        return router

    async def search(self, request: Request, query: Annotated[SearchQuery, Query()]) -> Response:
        """Search names and usernames: exact matches first, then prefixes, then the rest."""
        found = await self._service.search(query)
        name = query.q or query.username or ""
        links = link_header("/api/users/search", found.pagination, {"q": name})
        return answer(request, ready(found, headers={"Link": links}))

    async def profile(self, request: Request, person: str) -> Response:
        """Show a user or a player, by number or by the feed's uid."""
        return answer(request, ready(await self._service.profile(person)))

    async def history(
        self, request: Request, person: str, query: Annotated[HistoryQuery, Query()]
    ) -> Response:
        """Show what the reports said of a player over time, thinned to at most 500 points."""
        return answer(request, ready(await self._service.history(person, query)))

    async def tiers(self, request: Request) -> Response:
        """Show what each tier asks for and gives, and how many players are in it."""
        return answer(request, ready(self._service.tiers()))
