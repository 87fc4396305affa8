import asyncio
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from goatedvips.kit.etag import CACHE_CONTROL, Ready, answer
from goatedvips.kit.ready_route import ReadyRoute
from goatedvips.races.settlement.download import ProofDownload
from goatedvips.races.settlement.schemas import ProofQuery

_OPENING = {
    "type": ["array", "null"],
    "items": {"type": "string"},
    "description": "Salt, uid and name, or null for somebody who was erased",
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The proof's file, canonical JSON (RFC 8785); docs/proof.md is its format",
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["openings", "proof", "sha256"],
                    "properties": {
                        "openings": {"type": "array", "items": _OPENING},
                        "proof": {"type": "object"},
                        "sha256": {"type": "string"},
                    },
                }
            }
        },
    }
}


class ProofEndpoints:
    """Results as anybody can check them, offline."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(prefix="/api/wager-races", route_class=ReadyRoute, tags=["Races"])
        router.add_api_route(
            "/{race_id}/proof",
            self.proof,
            response_class=Response,
            responses=_FILE,
            summary="The proof of a race's result",
        )
        return router

    async def proof(self, request: Request, race_id: int, query: Annotated[ProofQuery, Query()]) -> Response:
        """Download what proves a result."""
        found = await ProofDownload.find(self._engine, race_id, query.version)
        # The document never changes, but what opens it does when somebody is erased: never cached unasked.
        headers = {
            "Cache-Control": CACHE_CONTROL,
            "Content-Disposition": f'attachment; filename="{found.name}"',
        }
        unsent = answer(request, Ready(b"", found.tag, headers))
        if unsent.status_code == HTTPStatus.NOT_MODIFIED:
            return unsent
        return StreamingResponse(
            found.pieces(asyncio.get_running_loop()),
            headers={"ETag": found.tag, **headers},
            media_type="application/json",
        )
