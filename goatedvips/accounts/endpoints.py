from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.accounts import service
from goatedvips.accounts.errors import NotPermitted
from goatedvips.accounts.gate import Gate, Who
from goatedvips.accounts.roles import Permission
from goatedvips.accounts.schemas import AccountView, AgeConfirmation, Privacy, ProfileUpdate
from goatedvips.kit.acting import Acting, acting
from goatedvips.kit.clock import Clock
from goatedvips.kit.conditions import IfMatch, version_of
from goatedvips.kit.schemas import RowId


class AccountEndpoints:
    """One's own profile, and for administrators anybody's."""

    def __init__(self, engine: AsyncEngine, system: AsyncEngine, gate: Gate, clock: Clock) -> None:
        self._engine = engine
        self._system = system
        self._gate = gate
        self._clock = clock

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(
            prefix="/api/users", tags=["Accounts"], dependencies=[self._gate.let(Permission.OWN)]
        )
        add = router.add_api_route
        shown = AccountView
        add("/me", self.edit_mine, methods=["PATCH"], response_model=shown, summary="Change my profile")
        add("/{person}", self.edit, methods=["PATCH"], response_model=shown, summary="Change a profile")
        add(
            "/me/privacy",
            self.privacy,
            methods=["PUT"],
            response_model=shown,
            summary="Choose what others see of me",
        )
        add("/me/age", self.age, methods=["PUT"], response_model=shown, summary="Confirm that I am of age")
        return router

    async def edit_mine(self, change: ProfileUpdate, who: Who, if_match: IfMatch = None) -> AccountView:
        """Change my name, bio or colour; what is not given stays."""
        return await self._edit(who.user_id, change, who, if_match)

    async def edit(
        self, person: RowId, change: ProfileUpdate, who: Who, if_match: IfMatch = None
    ) -> AccountView:
        """Change one's own profile, or as an administrator anybody's."""
        if person != who.user_id and Permission.USERS_WRITE not in who.permissions:
            raise NotPermitted(Permission.USERS_WRITE)
        return await self._edit(person, change, who, if_match)

    async def privacy(self, wanted: Privacy, who: Who) -> AccountView:
        """Show all of my profile, a masked name, or nothing; boards and races follow at once."""
        async with acting(self._engine, "user", who.user_id) as connection:
            await service.set_privacy(connection, who.user_id, wanted, now=self._clock())
        return await self._shown(who.user_id)

    async def age(self, given: AgeConfirmation, who: Who) -> AccountView:
        """Give my birth date once; it is compared with today and not kept."""
        async with acting(self._engine, "user", who.user_id) as connection:
            await service.confirm_age(connection, who.user_id, given, now=self._clock())
        return await self._shown(who.user_id)

    async def _edit(self, user_id: int, change: ProfileUpdate, who: Who, if_match: str | None) -> AccountView:
        role: Acting = "user" if user_id == who.user_id else "admin"
        async with acting(self._engine, role, who.user_id) as connection:
            await service.change_profile(
                connection,
                user_id,
                change,
                actor=who.actor,
                now=self._clock(),
                if_version=version_of(if_match),
            )
        return await self._shown(user_id)

    async def _shown(self, user_id: int) -> AccountView:
        async with self._system.begin() as connection:
            return await service.account_view(connection, user_id, now=self._clock())
