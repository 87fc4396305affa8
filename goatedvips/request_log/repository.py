from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.partitions import make_room

# One value, whatever the number of rows: COPY takes no rows into a table with row security.
# Who had himself erased meanwhile, perhaps by this very request, leaves no trace here (docs/adr/0023).
ADD = text("""
    INSERT INTO api_request_logs (at, request_id, method, path, status, milliseconds, user_id, api_key_id,
                                  address)
    SELECT new.at, new.request_id, new.method, new.path, new.status, new.milliseconds, person.id,
           CASE WHEN person.id IS NOT NULL THEN new.api_key_id END,
           CASE WHEN person.id IS NOT NULL OR new.user_id IS NULL THEN new.address END
      FROM json_to_recordset(CAST(:rows AS json))
           AS new(at timestamptz, request_id text, method text, path text, status bigint,
                  milliseconds bigint, user_id bigint, api_key_id bigint, address text)
      LEFT JOIN users AS person ON person.id = new.user_id AND person.status <> 'erased'
""")

PAGE = text("""
    SELECT log.id, log.at, log.request_id, log.method, log.path, log.status, log.milliseconds,
           log.user_id, person.username, log.api_key_id, log.address
      FROM api_request_logs AS log LEFT JOIN users AS person ON person.id = log.user_id
     WHERE log.status BETWEEN :lowest AND :highest
       AND (CAST(:method AS text) IS NULL OR log.method = :method)
       AND (CAST(:path AS text) IS NULL OR starts_with(log.path, :path))
       AND (CAST(:user AS bigint) IS NULL OR log.user_id = :user)
       AND (CAST(:api_key AS bigint) IS NULL OR log.api_key_id = :api_key)
       AND (CAST(:request_id AS text) IS NULL OR log.request_id = :request_id)
       AND (CAST(:slower_than AS bigint) IS NULL OR log.milliseconds >= :slower_than)
       AND (CAST(:from AS timestamptz) IS NULL OR log.at >= :from)
       AND (CAST(:to AS timestamptz) IS NULL OR log.at < :to)
       AND (CAST(:after_id AS bigint) IS NULL OR (log.at, log.id) < (:after_at, :after_id))
     ORDER BY log.at DESC, log.id DESC LIMIT :many
""")


class RequestLog:
    """Requests that were answered. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def make_room(self, days: Collection[datetime]) -> None:
        """Make sure that requests of these days can be kept."""
        for day in days:
            await make_room(self._connection, "api_request_logs", day)

    async def add(self, rows: str) -> None:
        """Keep requests, as a JSON array of objects."""
        await self._connection.execute(ADD, {"rows": rows})

    async def page(
        self, wanted: Mapping[str, Any], *, after: tuple[datetime, int] | None, many: int
    ) -> Sequence[RowMapping]:
        """Return the newest requests that are wanted and come after a place."""
        at, number = after or (None, None)
        values = {**wanted, "after_at": at, "after_id": number, "many": many}
        return (await self._connection.execute(PAGE, values)).mappings().all()
