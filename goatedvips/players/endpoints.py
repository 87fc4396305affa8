from collections.abc import Awaitable, Callable
from typing import Annotated, Protocol, TypeAlias

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from goatedvips.accounts.identity import Identity
from goatedvips.kit.errors import NotSignedIn
from goatedvips.kit.etag import answer, ready
from goatedvips.kit.pagination import link_header
from goatedvips.kit.ready_route import ReadyRoute
from goatedvips.players.errors import PersonNotFound
from goatedvips.players.schemas import (
    HistoryQuery,
    PlayerHistory,
    SearchQuery,
    TierList,
    UserProfile,
    UserSearchResponse,
)
from goatedvips.players.service import PlayerService

Identify: TypeAlias = Callable[[HTTPConnection], Awaitable[Identity | None]]
MYSELF = "me"


class Show(Protocol):
    """What of a person is shown to a viewer, or to everybody."""

    async def __call__(self, person: str, viewer: Identity | None = None) -> BaseModel:
        """Return what is shown; raise `PersonNotFound`."""
        ...


class PlayerEndpoints:
    """People as the wire gives them."""

    def __init__(self, service: PlayerService, identify: Identify) -> None:
        self._service = service
        self._identify = identify

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(prefix="/api", route_class=ReadyRoute, tags=["Players"])
        add = router.add_api_route
        add("/users/search", self.search, response_model=UserSearchResponse, summary="Find people by name")
        add("/users/me", self.myself, response_model=UserProfile, summary="What others see of me")
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

    async def myself(self, request: Request) -> Response:
        """Show whoever is signed in as others see him, and if he is hidden to them, as he is."""
        return await self._seen(request, MYSELF, self._service.profile)

    async def profile(self, request: Request, person: str) -> Response:
        """Show a user or a player, by number or by the feed's uid.

        Who is hidden is shown to himself and to staff, and is not there for others.
        """
        return await self._seen(request, person, self._service.profile)

    async def history(
        self, request: Request, person: str, query: Annotated[HistoryQuery, Query()]
    ) -> Response:
        """Show what the reports said of a player over time, thinned to at most 500 points."""

        async def history(person: str, viewer: Identity | None = None) -> PlayerHistory:
            return await self._service.history(person, query, viewer)

        return await self._seen(request, person, history)

    async def _seen(self, request: Request, person: str, show: Show) -> Response:
        """Answer for everybody, and only if there is nothing for everybody, for whoever asks."""
        viewer = None
        if person == MYSELF:
            viewer = await self._identify(request)
            if viewer is None:
                raise NotSignedIn("Sign in first.")
            person = str(viewer.user_id)
        try:
            return answer(request, ready(await show(person)))
        except PersonNotFound:
            viewer = viewer or await self._identify(request)
            if viewer is None:
                raise
        own = ready(await show(person, viewer), headers={"Cache-Control": "private, no-store"})
        return answer(request, own)

    async def tiers(self, request: Request) -> Response:
        """Show what each tier asks for and gives, and how many players are in it."""
        return answer(request, ready(self._service.tiers()))
