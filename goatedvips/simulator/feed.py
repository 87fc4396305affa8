"""The feed as a web application, with a control panel on the same port."""

from collections.abc import AsyncIterator
from hmac import compare_digest
from pathlib import Path
from typing import Annotated, Any

import anyio
from anyio.to_thread import run_sync
from pydantic import Field, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from goatedvips.kit.clock import Clock, utc_now
from goatedvips.kit.errors import BadInput, FieldError, GoatedError, Malformed, NotSignedIn
from goatedvips.kit.schemas import Schema
from goatedvips.simulator.simulation import FARTHEST, FASTEST, Simulation, Wish
from goatedvips.simulator.traps import FAILURES, Switch, read_traps

LEADERBOARD = "/user/affiliate/referral-leaderboard/{code}"
_CHUNK = 1 << 20
"""So that a slow reader of 128 MB holds up neither us nor much memory."""
_DRIPS = 20
_LARGEST_CONTROL = 100_000


class ControlChange(Schema):
    """What `PATCH /control` may change; what is left out stays."""

    traps: dict[str, Any] = Field(default_factory=dict)
    speed: Annotated[float | None, Field(strict=True, ge=0, le=FASTEST)] = None
    paused: Annotated[bool | None, Field(strict=True)] = None
    advance_seconds: Annotated[float, Field(strict=True, ge=0, le=FARTHEST.total_seconds())] = 0.0


def create_feed(
    wish: Wish | None = None,
    *,
    clock: Clock = utc_now,
    state_file: Path | None = None,
    token: str | None = None,
) -> Starlette:
    """Build the application; its `state.simulation` is the `Simulation` behind it."""
    app = Starlette(
        routes=[
            Route(LEADERBOARD, leaderboard, methods=["GET"]),
            Route("/control", show_control, methods=["GET"]),
            Route("/control", change_control, methods=["PATCH"]),
        ],
        exception_handlers={GoatedError: problem},
    )
    app.state.simulation = Simulation(wish or Wish(), clock=clock, state_file=state_file)
    app.state.token = token
    return app


async def leaderboard(request: Request) -> Response:
    """Answer as the feed does, or as one of its traps."""
    _check_token(request)
    simulation = _simulation(request)
    on = simulation.traps.spring()
    if "timeout" in on:
        await _until_gone(request)
        return Response()  # read by nobody
    if "slow" in on:
        await anyio.sleep(_number(on["slow"]))
    for name, status in FAILURES.items():
        if name in on:
            return _failure(status, on[name])
    body = await run_sync(simulation.report, on)
    return StreamingResponse(
        _pieces(body, seconds=_number(on["drip"]) if "drip" in on else 0.0),
        headers={"Content-Length": str(len(body))},
        media_type="text/html; charset=utf-8" if "html" in on else "application/json; charset=utf-8",
    )


async def show_control(request: Request) -> Response:
    """Tell seed, players, clock and traps."""
    _check_token(request)
    return JSONResponse(_simulation(request).state())


async def change_control(request: Request) -> Response:
    """Change clock and traps, all or nothing, and tell the new state."""
    _check_token(request)
    change = _read_change(await request.body())
    traps = read_traps(change.traps)
    simulation = _simulation(request)
    await run_sync(
        lambda: simulation.change(
            speed=change.speed, paused=change.paused, advance_seconds=change.advance_seconds, traps=traps
        )
    )
    return JSONResponse(simulation.state())


async def problem(_request: Request, error: Exception) -> Response:
    """Render an error as RFC 9457 asks."""
    assert isinstance(error, GoatedError)  # noqa: S101 - Starlette hands over only what is registered
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
    }
    if isinstance(error, BadInput):
        body["errors"] = [{"field": wrong.field, "message": wrong.message} for wrong in error.errors]
    return JSONResponse(body, status_code=error.status, media_type="application/problem+json")


def _simulation(request: Request) -> Simulation:
    simulation: Simulation = request.app.state.simulation
    return simulation


def _check_token(request: Request) -> None:
    token: str | None = request.app.state.token
    given = request.headers.get("Authorization", "")
    if token is not None and not compare_digest(given.encode(), f"Bearer {token}".encode()):
        raise NotSignedIn(
            "This feed asks for `Authorization: Bearer` with the token that it was started with."
        )


def _read_change(body: bytes) -> ControlChange:
    if len(body) > _LARGEST_CONTROL:
        raise Malformed(f"A change of more than {_LARGEST_CONTROL:,} bytes is not one.")
    try:
        return ControlChange.model_validate_json(body)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
    if any(one["type"] == "json_invalid" for one in wrong):
        raise Malformed("The body is not JSON.")
    raise BadInput([FieldError(".".join(map(str, one["loc"])) or "body", one["msg"]) for one in wrong])


async def _until_gone(request: Request) -> None:
    await request.body()
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _failure(status: int, switch: Switch) -> Response:
    headers = {"Retry-After": str(round(_number(switch)))} if switch.value is not None else {}
    return JSONResponse(
        {"success": False, "message": f"simulated {status}"}, status_code=status, headers=headers
    )


def _number(switch: Switch) -> float:
    assert isinstance(switch.value, int | float)  # noqa: S101 - the catalogue gives these traps a number
    return float(switch.value)


async def _pieces(body: bytes, *, seconds: float) -> AsyncIterator[memoryview]:
    view = memoryview(body)
    size = -(-len(body) // _DRIPS) if seconds and body else _CHUNK
    for start in range(0, len(body), size):
        if seconds:
            await anyio.sleep(seconds / _DRIPS)
        yield view[start : start + size]
