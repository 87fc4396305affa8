from fastapi import APIRouter

from goatedvips.accounts.gate import Gate, Who
from goatedvips.accounts.roles import Permission
from goatedvips.kit.schemas import RowId
from goatedvips.players.errors import PersonNotFound
from goatedvips.races.reading import RaceReader
from goatedvips.races.schemas import RacePosition
from goatedvips.sharing.overlay.schemas import OverlayOwner


class OverlayEndpoints:
    """What an overlay for a stream asks with its key, beside what is everybody's."""

    def __init__(self, reader: RaceReader, gate: Gate) -> None:
        self._reader = reader
        self._gate = gate

    def router(self) -> APIRouter:
        """Return the route."""
        router = APIRouter(prefix="/api/overlay", tags=["Sharing"])
        router.add_api_route(
            "/races/{race_id}",
            self.owner,
            response_model=OverlayOwner,
            summary="Whose overlay it is, and where he stands",
            dependencies=[self._gate.let(Permission.OVERLAY_READ)],
        )
        return router

    async def owner(self, race_id: RowId, who: Who) -> OverlayOwner:
        """Show whose overlay it is and his own standing, also if he hides himself from others."""
        try:
            found = await self._reader.position(race_id, str(who.user_id), viewer=who)
        except PersonNotFound:
            return OverlayOwner(username=who.username, standing=None)
        return OverlayOwner(username=who.username, standing=RacePosition.model_validate_json(found.body))
