from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

ADD = text("""
    INSERT INTO sync_requests (quarantined_run_id, reason, requested_by, requested_at)
    VALUES (:quarantined_run_id, :reason, :actor, :now)
    RETURNING id
""")

WAITING = text("""
    SELECT EXISTS (SELECT FROM sync_requests WHERE taken_at IS NULL AND quarantined_run_id IS NULL) AS pull,
           EXISTS (SELECT FROM sync_requests WHERE taken_at IS NULL AND quarantined_run_id IS NOT NULL)
           AS review
""")

# Whoever began a run after they were made has done what all of them ask for.
TAKE_PULLS = text("""
    UPDATE sync_requests SET taken_at = :now, run_id = :run_id
     WHERE taken_at IS NULL AND quarantined_run_id IS NULL
""")

NEXT_REVIEW = text("""
    SELECT id, quarantined_run_id, reason, requested_by FROM sync_requests
     WHERE taken_at IS NULL AND quarantined_run_id IS NOT NULL
     ORDER BY id LIMIT 1
       FOR UPDATE
""")

TAKE_REVIEW = text("""
    UPDATE sync_requests SET taken_at = :now, run_id = :run_id, error = :error
     WHERE id = :id AND taken_at IS NULL
""")

_REQUEST = """
    SELECT request.*, run.status AS run_status, run.error AS run_error
      FROM sync_requests AS request LEFT JOIN sync_logs AS run ON run.id = request.run_id
"""
ONE = text(f"{_REQUEST} WHERE request.id = :id")
RECENT = text(f"{_REQUEST} ORDER BY request.taken_at IS NULL DESC, request.id DESC LIMIT :limit")
LAST_OF_RUNS = text(f"""
    SELECT DISTINCT ON (found.quarantined_run_id) found.*
      FROM ({_REQUEST} WHERE request.quarantined_run_id = ANY(CAST(:runs AS bigint[]))) AS found
     ORDER BY found.quarantined_run_id, found.id DESC
""")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What somebody asks for and nobody has taken on: a report now, or one that was quarantined."""

    pull: bool
    review: bool


class SyncRequests:
    """What administrators ask of a worker. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self, *, actor: str, now: datetime, quarantined_run_id: int | None = None, reason: str | None = None
    ) -> int:
        """Ask for a report, or that a quarantined one be applied; return the request's id."""
        values = {
            "quarantined_run_id": quarantined_run_id,
            "reason": reason,
            "actor": actor,
            "now": now,
        }
        request_id: int = (await self._connection.execute(ADD, values)).scalar_one()
        return request_id

    async def waiting(self) -> Waiting:
        """Say what waits."""
        return Waiting(*(await self._connection.execute(WAITING)).one())

    async def take_pulls(self, run_id: int, now: datetime) -> None:
        """Let a run that begins be the answer to all who ask for a report."""
        await self._connection.execute(TAKE_PULLS, {"run_id": run_id, "now": now})

    async def next_review(self) -> RowMapping | None:
        """Lock and return the oldest request that waits for a quarantined report to be applied."""
        return (await self._connection.execute(NEXT_REVIEW)).mappings().one_or_none()

    async def take_review(
        self, request_id: int, *, now: datetime, run_id: int | None = None, error: str | None = None
    ) -> None:
        """Say which run a request came to, or why it came to none."""
        values = {"id": request_id, "run_id": run_id, "error": error, "now": now}
        await self._connection.execute(TAKE_REVIEW, values)

    async def one(self, request_id: int) -> RowMapping | None:
        """Return a request with what became of it."""
        return (await self._connection.execute(ONE, {"id": request_id})).mappings().one_or_none()

    async def recent(self, limit: int) -> Sequence[RowMapping]:
        """Return requests with what became of them: those that wait, then the newest."""
        return (await self._connection.execute(RECENT, {"limit": limit})).mappings().all()

    async def last_of(self, runs: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Return the last request to apply each of these quarantined runs, by run."""
        rows = await self._connection.execute(LAST_OF_RUNS, {"runs": list(runs)})
        return {row["quarantined_run_id"]: dict(row) for row in rows.mappings()}
