"""Whether this process lives, can serve, and how old its data are."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from goatedvips import __version__
from goatedvips.kit.clock import Clock
from goatedvips.kit.errors import NotReady
from goatedvips.kit.schemas import Instant, Schema
from goatedvips.leaderboards.keeper import BoardKeeper
from goatedvips.realtime.watcher import Counts
from goatedvips.sync.repository import Runs


class LastSync(Schema):
    """The newest run: when it was asked, how it ended, and how old the newest applied data are."""

    at: Instant
    status: Literal["running", "completed", "failed", "quarantined"]
    age_seconds: int | None


class Health(Schema):
    """`degraded`: the data are older than `stale_after_seconds`, three intervals, or cannot be looked up."""

    status: Literal["ok", "degraded"]
    version: str
    stale_after_seconds: float
    last_sync: LastSync | None


class HealthEndpoints(Collector):
    """What monitors and load balancers ask."""

    def __init__(
        self,
        boards: BoardKeeper,
        engine: AsyncEngine,
        sockets: Counts,
        clock: Clock,
        *,
        stale_after: timedelta,
    ) -> None:
        self._boards = boards
        self._engine = engine
        self._sockets = sockets
        self._clock = clock
        self._stale_after = stale_after
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(tags=["Health"])
        router.add_api_route("/api/health", self.health, response_model=Health, summary="How the system is")
        for path, endpoint, summary in (
            ("/livez", self.alive, "The process is alive"),
            ("/readyz", self.ready, "The process can serve"),
            ("/metrics", self.metrics, "Prometheus metrics"),
        ):
            router.add_api_route(path, endpoint, response_class=Response, summary=summary)
        return router

    async def health(self) -> Health:
        """Tell how the system is and how old its data are."""
        try:
            async with self._engine.connect() as connection:
                last = await Runs(connection).last()
                applied = await Runs(connection).last_completed()
        except (SQLAlchemyError, OSError):
            last = applied = None
        age = None if applied is None else self._clock() - applied["as_of"]
        fresh = age is not None and age <= self._stale_after
        return Health(
            status="ok" if fresh and self._boards.loaded else "degraded",
            version=__version__,
            stale_after_seconds=self._stale_after.total_seconds(),
            last_sync=None
            if last is None
            else LastSync(
                at=last["start_time"],
                status=last["status"],
                age_seconds=None if age is None else max(0, int(age.total_seconds())),
            ),
        )

    async def alive(self) -> Response:
        """Answer at all."""
        return Response("ok\n", media_type="text/plain")

    async def ready(self) -> Response:
        """Answer 200 once the boards are loaded."""
        if not self._boards.loaded:
            raise NotReady("The boards are being loaded; try again in a few seconds.")
        return Response("ok\n", media_type="text/plain")

    async def metrics(self, _request: Request) -> Response:
        """Tell Prometheus what is counted, with the state of this process's boards and sockets."""
        lines = generate_latest(REGISTRY) + generate_latest(self._registry)
        return Response(lines, media_type=CONTENT_TYPE_LATEST)

    def collect(self) -> Iterator[Metric]:
        """Yield this process's state, as Prometheus asks a collector to."""
        loaded = self._boards.boards if self._boards.loaded else None
        state: dict[str, tuple[float, str]] = {
            "board_version": (loaded.number if loaded else 0, "Run that the boards show"),
            "board_players": (len(loaded.ids) if loaded else 0, "Players on the boards"),
            "sockets": (self._sockets.connections, "Live connections"),
            "frames_sent": (self._sockets.sent, "Live frames sent"),
            "frames_dropped": (self._sockets.dropped, "Live frames that a newer one replaced"),
            "sockets_stalled": (self._sockets.stalled, "Live connections closed because they did not read"),
            "sockets_refused": (self._sockets.refused, "Live connections refused"),
        }
        if loaded and loaded.version:
            age = (self._clock() - loaded.version.as_of).total_seconds()
            state["data_age_seconds"] = (age, "Seconds since the feed was asked for what the boards show")
        for name, (value, text) in state.items():
            yield GaugeMetricFamily(f"goatedvips_{name}", text, value)
