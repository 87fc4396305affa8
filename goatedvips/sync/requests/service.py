"""Asking a worker for a report now, and seeing what becomes of it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.audit.service import Act, record
from goatedvips.realtime.announce import announce
from goatedvips.sync.repository import Runs
from goatedvips.sync.requests.errors import SyncRequestNotFound
from goatedvips.sync.requests.repository import SyncRequests
from goatedvips.sync.requests.schemas import RunView, SyncRequestView, SyncStatus

_SHOWN = 20


async def ask_for_report(connection: AsyncConnection, *, actor: str, now: datetime) -> int:
    """Ask for a report now and return the request's number: the next run that begins is the answer to it."""
    request_id = await SyncRequests(connection).add(actor=actor, now=now)
    await announce(connection, f"sync:{request_id}")
    act = Act("sync.requested", f"sync_request:{request_id}", {})
    await record(connection, [act], actor=actor, at=now)
    return request_id


async def request_view(connection: AsyncConnection, request_id: int) -> SyncRequestView:
    """Return what became of a request; raise `SyncRequestNotFound`."""
    row = await SyncRequests(connection).one(request_id)
    if row is None:
        raise SyncRequestNotFound(request_id)
    return SyncRequestView.of(dict(row))


async def sync_status(connection: AsyncConnection, now: datetime) -> SyncStatus:
    """Return how reports come in."""
    runs = await Runs(connection).recent(_SHOWN)
    requests = await SyncRequests(connection).recent(_SHOWN)
    rests = runs[0]["metadata"].get("restsUntil") if runs else None
    until = None if rests is None else datetime.fromisoformat(rests)
    return SyncStatus(
        runs=[RunView.of(dict(run)) for run in runs],
        requests=[SyncRequestView.of(dict(row)) for row in requests],
        feed_rests_until=until if until is not None and until > now else None,
    )
