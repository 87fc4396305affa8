from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.legacy.rules.races import PastParticipant, PastRace
from goatedvips.legacy.rules.users import Account, PlayerHere

Kind = Literal["user", "link", "reset", "race"]

# An arbitrary constant: it names the one lock under which somebody imports.
TURN_IF_FREE = text("SELECT pg_try_advisory_xact_lock(73405)")

TAKEN = text("""
    SELECT source_id, target_id FROM legacy_rows
     WHERE kind = :kind AND source_id = ANY(CAST(:numbers AS bigint[]))
""")
REMEMBER = text("""
    INSERT INTO legacy_rows (kind, source_id, target_id, taken_at)
    SELECT :kind, now.source_id, now.target_id, :now
      FROM unnest(CAST(:numbers AS bigint[]), CAST(:targets AS bigint[])) AS now(source_id, target_id)
""")

ADDRESSES = text("""
    SELECT given.address FROM unnest(CAST(:addresses AS text[])) AS given(address)
     WHERE EXISTS (SELECT FROM user_accounts WHERE email_verified AND email_lower = lower(given.address))
""")
PLAYERS = text("""
    SELECT player.goated_id, player.id, person.id AS user_id, total.all_time,
           player.erased_at IS NOT NULL
           OR EXISTS (SELECT FROM exclusions WHERE player_id = player.id AND kind = 'banned'
                         AND lifted_at IS NULL) AS is_barred
      FROM players AS player
      JOIN wager_totals AS total ON total.player_id = player.id
      LEFT JOIN users AS person ON person.player_id = player.id
     WHERE player.goated_id = ANY(CAST(:uids AS text[]))
""")
# Row security makes the planner guess wrong how many rows a table shows: each is looked up by its key.
# Of whoever had himself erased only the first may be left.
HELD = text("""
    SELECT person.id, person.role, person.status, person.player_id, person.created_at,
           credential.password IS NULL AS has_no_password, account.email IS NOT NULL AS has_address
      FROM unnest(CAST(:users AS bigint[])) AS wanted(id)
     CROSS JOIN LATERAL (SELECT * FROM users WHERE users.id = wanted.id LIMIT 1) AS person
      LEFT JOIN LATERAL (SELECT email FROM user_accounts WHERE user_id = wanted.id LIMIT 1)
           AS account ON true
      LEFT JOIN LATERAL (SELECT password FROM user_credentials WHERE user_id = wanted.id LIMIT 1)
           AS credential ON true
""")

# Who registers a name meanwhile has it: the import tries another and is not thrown away.
ADD_USERS = text("""
    INSERT INTO users (username, username_skeleton, bio, profile_color, role, created_at, last_updated)
    SELECT now.username, now.skeleton, now.bio, now.profile_color, now.role, now.created_at, now.last_updated
      FROM unnest(CAST(:username AS text[]), CAST(:skeleton AS text[]), CAST(:bio AS text[]),
                  CAST(:profile_color AS text[]), CAST(:role AS text[]), CAST(:created_at AS timestamptz[]),
                  CAST(:last_updated AS timestamptz[]))
           WITH ORDINALITY AS now(username, skeleton, bio, profile_color, role, created_at, last_updated,
                                  place)
     ORDER BY now.place
    ON CONFLICT DO NOTHING
    RETURNING id, username
""")
ADD_ACCOUNTS = text("""
    INSERT INTO user_accounts (user_id, email, email_verified, last_login)
    SELECT now.user_id, now.email, now.email_verified, now.last_login
      FROM unnest(CAST(:user_id AS bigint[]), CAST(:email AS text[]), CAST(:email_verified AS boolean[]),
                  CAST(:last_login AS timestamptz[]))
           AS now(user_id, email, email_verified, last_login)
""")
ADD_CREDENTIALS = text("""
    INSERT INTO user_credentials (user_id, password, truncates)
    SELECT now.user_id, now.password, now.password IS NOT NULL
      FROM unnest(CAST(:user_id AS bigint[]), CAST(:password AS text[])) AS now(user_id, password)
""")
KEEP_NAMES = text("""
    INSERT INTO user_names (user_id, changed_at, username)
    SELECT now.user_id, :now, now.username
      FROM unnest(CAST(:users AS bigint[]), CAST(:names AS text[])) AS now(user_id, username)
""")
LINK = text("""
    UPDATE users AS person
       SET player_id = now.player_id, version = version + 1, last_updated = coalesce(last_updated, :now)
      FROM unnest(CAST(:users AS bigint[]), CAST(:players AS bigint[])) AS now(user_id, player_id)
     WHERE person.id = now.user_id AND person.player_id IS NULL AND person.status = 'active'
    RETURNING person.id
""")
KEPT_OUT = text("""
    SELECT player_id FROM users
     WHERE id = ANY(CAST(:users AS bigint[]))
       AND EXISTS (SELECT FROM self_exclusions WHERE user_id = users.id)
     ORDER BY player_id
""")

ARCHIVED_RACES = text("SELECT id FROM legacy_races")
ARCHIVED_PARTICIPANTS = text("""
    SELECT id FROM legacy_race_participants WHERE id = ANY(CAST(:numbers AS bigint[]))
""")
ARCHIVE_RACES = text("""
    INSERT INTO legacy_races (id, name, type, start_date, end_date, status, prize_pool, taken_at)
    VALUES (:id, :name, :type, :start_date, :end_date, :status, :prize_pool, :now)
""")
ARCHIVE_PARTICIPANTS = text("""
    INSERT INTO legacy_race_participants (id, race_id, goated_id, wagered, position, prize, taken_at)
    SELECT now.id, now.race_id, now.goated_id, now.wagered, now.position, now.prize, :now
      FROM unnest(CAST(:id AS bigint[]), CAST(:race_id AS bigint[]), CAST(:goated_id AS text[]),
                  CAST(:wagered AS bigint[]), CAST(:position AS bigint[]), CAST(:prize AS bigint[]))
           AS now(id, race_id, goated_id, wagered, position, prize)
""")
SAME_RACE = text("""
    SELECT id FROM wager_races
     WHERE type = :type AND start_date = :start_date AND end_date = :end_date AND status <> 'cancelled'
     ORDER BY id LIMIT 1
""")


@dataclass(frozen=True, slots=True)
class NewUser:
    """An account under the name that it is to have, with that name's skeleton."""

    account: Account
    username: str
    skeleton: str


@dataclass(frozen=True, slots=True)
class HeldUser:
    """An account that is here, as far as a repeated import asks."""

    id: int
    role: str
    status: str
    player_id: int | None
    created_at: datetime
    has_no_password: bool
    has_address: bool


class Imported:
    """What is taken over, in sets, and what it became. Never commits."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def take_turn(self) -> bool:
        """Keep others from importing until the transaction ends; return False if one does."""
        return bool(await self._connection.scalar(TURN_IF_FREE))

    async def taken(self, kind: Kind, numbers: Iterable[int]) -> dict[int, int]:
        """Return what earlier imports made of rows with these numbers."""
        rows = await self._connection.execute(TAKEN, {"kind": kind, "numbers": list(numbers)})
        return {row.source_id: row.target_id for row in rows}

    async def remember(self, kind: Kind, targets: Mapping[int, int]) -> None:
        """Keep what rows became."""
        if targets:
            values = {"kind": kind, "numbers": list(targets), "targets": list(targets.values())}
            await self._connection.execute(REMEMBER, values | {"now": self._now})

    async def verified(self, addresses: Iterable[str]) -> set[str]:
        """Return which of these addresses somebody here has shown to be his, in lower case."""
        rows = await self._connection.execute(ADDRESSES, {"addresses": list(addresses)})
        return {address.lower() for address in rows.scalars()}

    async def players(self, uids: Iterable[str]) -> dict[str, PlayerHere]:
        """Return the players whom the feed has named, by uid."""
        rows = await self._connection.execute(PLAYERS, {"uids": list(uids)})
        return {row.goated_id: PlayerHere(row.id, row.user_id, row.all_time, row.is_barred) for row in rows}

    async def held(self, users: Iterable[int]) -> dict[int, HeldUser]:
        """Return accounts by id."""
        rows = (await self._connection.execute(HELD, {"users": list(users)})).mappings()
        return {row["id"]: HeldUser(**row) for row in rows}

    async def add_users(self, wanted: Sequence[NewUser]) -> dict[str, int]:
        """Add the accounts whose names nobody has; return their ids by name."""
        columns = {
            "username": [new.username for new in wanted],
            "skeleton": [new.skeleton for new in wanted],
        }
        columns |= _columns([new.account for new in wanted], "bio", "profile_color", "role")
        columns |= _columns([new.account for new in wanted], "created_at", "last_updated")
        rows = (await self._connection.execute(ADD_USERS, columns)).all()
        id_of = {row.username: int(row.id) for row in rows}
        added = [new.account for new in wanted if new.username in id_of]
        ids = {"user_id": [id_of[new.username] for new in wanted if new.username in id_of]}
        accounts = ids | _columns(added, "email", "email_verified", "last_login")
        await self._connection.execute(ADD_ACCOUNTS, accounts)
        await self._connection.execute(ADD_CREDENTIALS, ids | _columns(added, "password"))
        return id_of

    async def keep_names(self, names: Mapping[int, str]) -> None:
        """Keep the names that people had there."""
        if names:
            values = {"users": list(names), "names": list(names.values()), "now": self._now}
            await self._connection.execute(KEEP_NAMES, values)

    async def link(self, players: Mapping[int, int]) -> set[int]:
        """Link users to players, by the users' ids; return those who were: still active, and not linked."""
        values = {"users": list(players), "players": list(players.values()), "now": self._now}
        return set((await self._connection.execute(LINK, values)).scalars())

    async def kept_out(self, users: Iterable[int]) -> list[int]:
        """Return the players of those of these users who have excluded themselves."""
        return list((await self._connection.execute(KEPT_OUT, {"users": list(users)})).scalars())

    async def archived_races(self) -> set[int]:
        """Return the numbers of the races in the archive."""
        return set((await self._connection.execute(ARCHIVED_RACES)).scalars())

    async def archived_participants(self, numbers: Iterable[int]) -> set[int]:
        """Return which of these participants are in the archive."""
        rows = await self._connection.execute(ARCHIVED_PARTICIPANTS, {"numbers": list(numbers)})
        return set(rows.scalars())

    async def archive_race(self, race: PastRace) -> None:
        """Put a race into the archive."""
        names = ("id", "name", "type", "start_date", "end_date", "status", "prize_pool")
        values = {name: getattr(race, name) for name in names}
        await self._connection.execute(ARCHIVE_RACES, values | {"now": self._now})

    async def archive_participants(self, people: Sequence[PastParticipant]) -> None:
        """Put participants into the archive."""
        if people:
            names = ("id", "race_id", "goated_id", "wagered", "position", "prize")
            await self._connection.execute(
                ARCHIVE_PARTICIPANTS, _columns(people, *names) | {"now": self._now}
            )

    async def same_race(self, race_type: str, *, starts_at: datetime, ends_at: datetime) -> int | None:
        """Return a race of this type that goes from one instant to the other, if there is one."""
        values = {"type": race_type, "start_date": starts_at, "end_date": ends_at}
        race_id: int | None = await self._connection.scalar(SAME_RACE, values)
        return race_id


def _columns(rows: Sequence[Any], *names: str) -> dict[str, list[Any]]:
    return {name: [getattr(row, name) for row in rows] for name in names}
