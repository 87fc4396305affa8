from collections.abc import Collection
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.partitions import make_room

# One value, whatever the number of rows: COPY takes no rows into a table with row security.
ADD = text("""
    INSERT INTO api_request_logs (at, request_id, method, path, status, milliseconds, user_id, api_key_id,
                                  address)
    SELECT at, request_id, method, path, status, milliseconds, user_id, api_key_id, address
      FROM json_to_recordset(CAST(:rows AS json))
           AS new(at timestamptz, request_id text, method text, path text, status bigint,
                  milliseconds bigint, user_id bigint, api_key_id bigint, address text)
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
