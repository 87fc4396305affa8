from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import RowMapping, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.linking.errors import PlayerTaken, RequestOpen
from goatedvips.linking.signature import Rise, Seen, Signature

PLAYERS = text("""
    SELECT id FROM players
     WHERE erased_at IS NULL
       AND (goated_id = CAST(:uid AS text) OR lower(goated_username) = lower(CAST(:name AS text)))
     LIMIT 2
""")
ACCOUNT = text("""
    SELECT person.id, person.status, person.player_id, account.email_verified, account.age_confirmed_at
      FROM users AS person JOIN user_accounts AS account ON account.user_id = person.id
     WHERE person.id = :user_id FOR NO KEY UPDATE OF person
""")
IS_TAKEN = text("SELECT EXISTS (SELECT FROM users WHERE player_id = :player_id)")

_REQUEST = """
    SELECT request.*, person.username, person.status AS user_status, player.goated_id, player.goated_username,
           signature.first_amount, signature.second_amount, signature.starts_at, signature.ends_at,
           signature.first_run_id, signature.second_run_id,
           holder.id AS linked_user_id
      FROM link_requests AS request
      JOIN users AS person ON person.id = request.user_id
      JOIN players AS player ON player.id = request.player_id
      LEFT JOIN link_signatures AS signature ON signature.request_id = request.id
      LEFT JOIN users AS holder ON holder.player_id = request.player_id
"""
ONE = text(f"{_REQUEST} WHERE request.id = :id")
OF_USER = text(f"{_REQUEST} WHERE request.user_id = :user_id ORDER BY request.id DESC LIMIT 100")
PAGE = text(f"""
    {_REQUEST} WHERE CAST(:status AS text) IS NULL OR request.status = :status
     ORDER BY request.id LIMIT :limit OFFSET :offset
""")
COUNT = text("""
    SELECT count(*) FROM link_requests WHERE CAST(:status AS text) IS NULL OR status = :status
""")

ADD = text("""
    INSERT INTO link_requests (user_id, player_id, message, created_at)
    VALUES (:user_id, :player_id, :message, :now) RETURNING id
""")
DECIDE = text("""
    UPDATE link_requests SET status = :status, decided_by = :actor, decided_at = :now, reason = :reason
     WHERE id = :id AND status = 'pending' RETURNING id
""")
LINK = text("""
    UPDATE users SET player_id = :player_id, version = version + 1, last_updated = :now
     WHERE id = :user_id AND player_id IS NULL AND status = 'active' RETURNING id
""")
UNLINK = text("""
    WITH held AS (SELECT id, player_id FROM users WHERE id = :user_id FOR NO KEY UPDATE)
    UPDATE users SET player_id = NULL, version = version + 1, last_updated = :now
      FROM held WHERE users.id = held.id AND held.player_id IS NOT NULL
    RETURNING held.player_id
""")
HAS_ACCOUNT = text("SELECT EXISTS (SELECT FROM users WHERE id = :user_id AND status <> 'erased')")
PLAYER = text("SELECT EXISTS (SELECT FROM players WHERE id = :player_id)")
HOLDER = text("SELECT id FROM users WHERE player_id = :player_id")

ADD_SIGNATURE = text("""
    INSERT INTO link_signatures (request_id, first_amount, second_amount, starts_at, ends_at)
    VALUES (:request_id, :first, :second, :starts_at, :ends_at)
    ON CONFLICT (request_id) DO UPDATE
       SET first_amount = EXCLUDED.first_amount, second_amount = EXCLUDED.second_amount,
           starts_at = EXCLUDED.starts_at, ends_at = EXCLUDED.ends_at
     WHERE link_signatures.ends_at <= EXCLUDED.starts_at
    RETURNING request_id
""")
ASKED_OF = text("""
    SELECT count(*) FROM link_signatures AS signature
      JOIN link_requests AS request ON request.id = signature.request_id
     WHERE request.player_id = :player_id AND signature.starts_at > :since
""")
SEEN = text("""
    UPDATE link_signatures SET first_run_id = :first, second_run_id = :second WHERE request_id = :request_id
""")
# One that has just ended may have been met by the last report before its end.
WAITING = text("""
    SELECT signature.*, request.player_id FROM link_signatures AS signature
      JOIN link_requests AS request ON request.id = signature.request_id
     WHERE request.status = 'pending' AND signature.ends_at > :since
     ORDER BY signature.request_id
""")
# A reading is kept when something changed; its wagers are those since the feed was asked the time before.
RISES = text("""
    SELECT reading.run_id, reading.as_of AS until,
           (SELECT max(run.as_of) FROM sync_logs AS run
             WHERE run.status = 'completed' AND run.id < reading.run_id) AS since,
           reading.all_time - lag(reading.all_time) OVER (ORDER BY reading.as_of) AS amount
      FROM wager_readings AS reading
     WHERE reading.player_id = :player_id AND reading.as_of >= :since
     ORDER BY reading.as_of
""")


class Links:
    """Requests to be linked, and links. Never commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def players(self, *, uid: str | None, name: str | None) -> list[int]:
        """Return the players of a uid or a name, two at most."""
        return list((await self._connection.execute(PLAYERS, {"uid": uid, "name": name})).scalars())

    async def account(self, user_id: int) -> RowMapping | None:
        """Lock an account, and return what decides whether it may be linked."""
        return (await self._connection.execute(ACCOUNT, {"user_id": user_id})).mappings().one_or_none()

    async def is_taken(self, player_id: int) -> bool:
        """Say whether a player is linked."""
        return bool(await self._connection.scalar(IS_TAKEN, {"player_id": player_id}))

    async def has_account(self, user_id: int) -> bool:
        """Say whether there is such an account."""
        return bool(await self._connection.scalar(HAS_ACCOUNT, {"user_id": user_id}))

    async def has_player(self, player_id: int) -> bool:
        """Say whether there is such a player."""
        return bool(await self._connection.scalar(PLAYER, {"player_id": player_id}))

    async def holder(self, player_id: int) -> int | None:
        """Return the user who is linked to a player."""
        holder: int | None = await self._connection.scalar(HOLDER, {"player_id": player_id})
        return holder

    async def add(self, user_id: int, player_id: int, *, message: str | None, now: datetime) -> int:
        """Keep a request; return its number. Raise `RequestOpen`."""
        values = {"user_id": user_id, "player_id": player_id, "message": message, "now": now}
        try:
            return int(await self._connection.scalar(ADD, values) or 0)
        except IntegrityError as error:
            if isinstance(error.orig, psycopg.errors.UniqueViolation):
                raise RequestOpen from None
            raise

    async def one(self, request_id: int) -> RowMapping | None:
        """Return a request with both sides of it."""
        return (await self._connection.execute(ONE, {"id": request_id})).mappings().one_or_none()

    async def of_user(self, user_id: int) -> Sequence[RowMapping]:
        """Return somebody's requests, the newest first."""
        return (await self._connection.execute(OF_USER, {"user_id": user_id})).mappings().all()

    async def page(self, status: str | None, *, limit: int, offset: int) -> tuple[int, Sequence[RowMapping]]:
        """Return how many requests have a status, and a page of them, the oldest first."""
        total = int(await self._connection.scalar(COUNT, {"status": status}) or 0)
        values = {"status": status, "limit": limit, "offset": offset}
        return total, (await self._connection.execute(PAGE, values)).mappings().all()

    async def decide(
        self, request_id: int, status: str, *, actor: str, reason: str | None, now: datetime
    ) -> bool:
        """Decide a request; return False if that was done before."""
        values = {"id": request_id, "status": status, "actor": actor, "reason": reason, "now": now}
        return await self._connection.scalar(DECIDE, values) is not None

    async def link(self, user_id: int, player_id: int, *, now: datetime) -> bool:
        """Link an account that is active and has no player; return False for another. Raise `PlayerTaken`."""
        values = {"user_id": user_id, "player_id": player_id, "now": now}
        try:
            return await self._connection.scalar(LINK, values) is not None
        except IntegrityError as error:
            if isinstance(error.orig, psycopg.errors.UniqueViolation):
                raise PlayerTaken from None
            raise

    async def unlink(self, user_id: int, *, now: datetime) -> int | None:
        """Take an account's player from it; return him, or None if there is none."""
        player: int | None = await self._connection.scalar(UNLINK, {"user_id": user_id, "now": now})
        return player

    async def add_signature(self, request_id: int, signature: Signature) -> bool:
        """Keep what is to be wagered; return False while an earlier one can still be met."""
        values = {
            "request_id": request_id,
            "first": signature.first,
            "second": signature.second,
            "starts_at": signature.starts_at,
            "ends_at": signature.ends_at,
        }
        return await self._connection.scalar(ADD_SIGNATURE, values) is not None

    async def asked_of(self, player_id: int, since: datetime) -> int:
        """Return how often anybody was asked to prove that he owns a player."""
        values = {"player_id": player_id, "since": since}
        return int(await self._connection.scalar(ASKED_OF, values) or 0)

    async def seen(self, request_id: int, seen: Seen) -> None:
        """Keep which runs brought the amounts."""
        values: dict[str, Any] = {"request_id": request_id}
        values |= {"first": seen.first_run_id, "second": seen.second_run_id}
        await self._connection.execute(SEEN, values)

    async def waiting(self, since: datetime) -> Sequence[RowMapping]:
        """Return the signatures of open requests whose window ended after a moment, or has not."""
        return (await self._connection.execute(WAITING, {"since": since})).mappings().all()

    async def rises(self, player_id: int, since: datetime) -> list[Rise]:
        """Return what a player's total rose by from report to report, since a moment."""
        rows = await self._connection.execute(RISES, {"player_id": player_id, "since": since})
        return [
            Rise(row.run_id, row.since, row.until, row.amount)
            for row in rows
            if row.amount is not None and row.since is not None and row.amount > 0
        ]
