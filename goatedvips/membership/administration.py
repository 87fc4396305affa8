from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from starlette.responses import Response

from goatedvips.accounts.errors import UserNotFound
from goatedvips.accounts.gate import Gate, Who
from goatedvips.accounts.repository import Accounts
from goatedvips.accounts.roles import Permission
from goatedvips.accounts.sessions.repository import Sessions
from goatedvips.kit.clock import Clock
from goatedvips.kit.pagination import Pagination, link_header
from goatedvips.kit.schemas import RowId
from goatedvips.membership import service
from goatedvips.membership.erasure import erase
from goatedvips.membership.repository import Members, Wanted
from goatedvips.membership.schemas import (
    BecauseOf,
    FormerName,
    Member,
    MemberDetail,
    MemberList,
    MemberQuery,
    RoleChange,
    Unban,
)
from goatedvips.players.repository import as_pattern

PATH = "/api/admin/users"


class MemberAdministration:
    """Users, for those who look after them. Its engine acts as the program: some verbs touch credentials."""

    def __init__(self, system: AsyncEngine, gate: Gate, clock: Clock) -> None:
        self._system = system
        self._gate = gate
        self._clock = clock

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(prefix=PATH, tags=["Administration"])
        look, write = ([self._gate.let(each)] for each in (Permission.USERS_READ, Permission.USERS_WRITE))
        add = router.add_api_route
        shown = MemberDetail
        add("", self.members, response_model=MemberList, summary="Users, newest first", dependencies=look)
        add("/{user_id}", self.member, response_model=shown, summary="One user", dependencies=look)
        verbs: tuple[tuple[str, Callable[..., Awaitable[Any]], str, list[Any]], ...] = (
            ("ban", self.ban, "Shut a user out", write),
            ("unban", self.unban, "Let a user in again", write),
            ("role", self.role, "Let a user do more, or less", write),
            ("sign-out", self.sign_out, "End a user's sessions", write),
            ("password-reset", self.password_reset, "Send a user a mail for a new password", look),
            ("remove-second-factor", self.second_factor, "Let a user in without his authenticator", write),
        )
        for path, verb, summary, access in verbs:
            add(
                f"/{{user_id}}/{path}",
                verb,
                methods=["POST"],
                response_model=shown,
                summary=summary,
                dependencies=access,
            )
        add(
            "/{user_id}",
            self.erase,
            methods=["DELETE"],
            status_code=204,
            summary="Erase a user on his request",
            dependencies=write,
        )
        return router

    async def members(self, query: Annotated[MemberQuery, Query()], response: Response) -> MemberList:
        """List users by name, address, id or uid."""
        wanted = Wanted(
            query.search,
            None if query.search is None else as_pattern(query.search),
            query.role,
            query.status,
            query.linked,
        )
        async with self._system.begin() as connection:
            total, rows = await Members(connection).page(
                wanted, limit=query.limit, offset=query.offset, now=self._clock()
            )
        pagination = Pagination.of(total, query.page, query.limit)
        asked = query.model_dump(
            mode="json", include={"search", "role", "status", "linked"}, exclude_none=True
        )
        response.headers["Link"] = link_header(PATH, pagination, asked)
        return MemberList(data=[Member.model_validate(dict(row)) for row in rows], pagination=pagination)

    async def member(self, user_id: RowId, who: Who) -> MemberDetail:
        """Show one user; the names that he had before only to administrators."""
        return await self._shown(user_id, who)

    async def ban(self, user_id: RowId, why: BecauseOf, who: Who) -> MemberDetail:
        """End his sessions and keys, and exclude his player from all races."""
        return await self._do(user_id, who, service.ban, reason=why.reason)

    async def unban(self, user_id: RowId, why: Unban, who: Who) -> MemberDetail:
        """Lift a ban, and the exclusion that came with it."""
        return await self._do(user_id, who, service.unban, reason=why.reason, by_mistake=why.by_mistake)

    async def role(self, user_id: RowId, wanted: RoleChange, who: Who) -> MemberDetail:
        """Change a role; his sessions end, and staff take no prizes."""
        return await self._do(user_id, who, service.set_role, role=wanted.role)

    async def sign_out(self, user_id: RowId, who: Who) -> MemberDetail:
        """End all his sessions and forget his browsers."""
        return await self._do(user_id, who, service.sign_out)

    async def password_reset(self, user_id: RowId, who: Who) -> MemberDetail:
        """Send it to his address; whoever asks for it here never sees it."""
        return await self._do(user_id, who, service.send_password_reset)

    async def second_factor(self, user_id: RowId, why: BecauseOf, who: Who) -> MemberDetail:
        """Remove the authenticator of somebody who has lost it and his recovery codes; he is told by mail."""
        return await self._do(user_id, who, service.remove_second_factor, reason=why.reason)

    async def erase(self, user_id: RowId, why: BecauseOf, who: Who) -> Response:
        """Erase somebody everywhere; races, awards and proofs stay."""
        async with self._system.begin() as connection:
            await erase(connection, user_id, reason=why.reason, actor=who.actor, now=self._clock())
        return Response(status_code=204)

    async def _do(
        self, user_id: int, who: Who, verb: Callable[..., Awaitable[object]], **given: object
    ) -> MemberDetail:
        async with self._system.begin() as connection:
            await verb(connection, user_id, actor=who.actor, now=self._clock(), **given)
        return await self._shown(user_id, who)

    async def _shown(self, user_id: int, who: Who) -> MemberDetail:
        async with self._system.begin() as connection:
            row = await Members(connection).one(user_id, now=self._clock())
            if row is None:
                raise UserNotFound(user_id)
            sees_all = Permission.USERS_WRITE in who.permissions
            return await _detail(connection, row, sees_names=sees_all)


async def _detail(connection: AsyncConnection, row: RowMapping, *, sees_names: bool) -> MemberDetail:
    factor = await Accounts(connection).second_factor(row["id"])
    names = await Members(connection).names(row["id"]) if sees_names else None
    return MemberDetail(
        **row,
        totp_enabled=factor is not None and factor["enabled"],
        sessions=len(await Sessions(connection).of_user(row["id"])),
        names=None if names is None else [FormerName.model_validate(dict(name)) for name in names],
    )
