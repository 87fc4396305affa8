from typing import Any

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.responses import Response

from goatedvips.accounts.gate import Gate, Who
from goatedvips.accounts.keys import service
from goatedvips.accounts.keys.schemas import ApiKeyCreate, ApiKeyList, ApiKeyMade
from goatedvips.accounts.roles import Permission
from goatedvips.kit.acting import acting
from goatedvips.kit.clock import Clock
from goatedvips.kit.schemas import RowId


class ApiKeyEndpoints:
    """One's own API keys, and for administrators everybody's."""

    def __init__(self, engine: AsyncEngine, gate: Gate, clock: Clock) -> None:
        self._engine = engine
        self._gate = gate
        self._clock = clock

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(prefix="/api")
        own = [self._gate.let(Permission.OWN, browsers_only=True)]
        fresh = [self._gate.let(Permission.OWN, browsers_only=True, fresh=True)]
        manage = [self._gate.let(Permission.KEYS_WRITE)]
        mine: dict[str, Any] = {"tags": ["Accounts"]}
        anybodys: dict[str, Any] = {"tags": ["Administration"], "dependencies": manage}
        add = router.add_api_route
        path = "/users/me/api-keys"
        add(path, self.mine, response_model=ApiKeyList, summary="My API keys", dependencies=own, **mine)
        add(
            path,
            self.make,
            methods=["POST"],
            status_code=201,
            response_model=ApiKeyMade,
            summary="Make an API key",
            dependencies=fresh,
            **mine,
        )
        add(
            f"{path}/{{key_id}}",
            self.revoke,
            methods=["DELETE"],
            status_code=204,
            summary="Revoke one of my API keys",
            dependencies=own,
            **mine,
        )
        add(
            "/admin/api-keys",
            self.all,
            response_model=ApiKeyList,
            summary="Everybody's API keys",
            **anybodys,
        )
        add(
            "/admin/api-keys/{key_id}",
            self.revoke_any,
            methods=["DELETE"],
            status_code=204,
            summary="Revoke an API key",
            **anybodys,
        )
        return router

    async def mine(self, who: Who) -> ApiKeyList:
        """Show my keys, with when each was last used."""
        async with acting(self._engine, "user", who.user_id) as connection:
            return ApiKeyList(data=await service.list_keys(connection, who.user_id))

    async def make(self, wanted: ApiKeyCreate, who: Who) -> ApiKeyMade:
        """Make a key with scopes within my role; its secret is shown this once."""
        async with acting(self._engine, "user", who.user_id) as connection:
            return await service.make_key(
                connection, who.user_id, who.role, wanted, actor=who.actor, now=self._clock()
            )

    async def revoke(self, key_id: RowId, who: Who) -> Response:
        """Let a key of mine open nothing any more."""
        async with acting(self._engine, "user", who.user_id) as connection:
            await service.revoke_key(connection, key_id, who.user_id, actor=who.actor, now=self._clock())
        return Response(status_code=204)

    async def all(self, who: Who) -> ApiKeyList:
        """Show everybody's keys."""
        async with acting(self._engine, "admin", who.user_id) as connection:
            return ApiKeyList(data=await service.list_keys(connection, None))

    async def revoke_any(self, key_id: RowId, who: Who) -> Response:
        """Let anybody's key open nothing any more."""
        async with acting(self._engine, "admin", who.user_id) as connection:
            await service.revoke_key(connection, key_id, None, actor=who.actor, now=self._clock())
        return Response(status_code=204)
