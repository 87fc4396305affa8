"""All that is kept of one person, as a zip of JSON and CSV files (GDPR, articles 15 and 20)."""

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.instants import rfc3339
from goatedvips.kit.sheets import safe_cell

_IN_MEMORY = 4 * 1024 * 1024
"""Bytes; whoever has played for years gets a file on disk meanwhile."""
_AT_ONCE = 5_000
_PIECE = 64 * 1024

_UNITS = "({} * 0.00000001)::numeric(20, 8) AS {}"
_AMOUNTS = ", ".join(_UNITS.format(name, name) for name in ("today", "this_week", "this_month", "all_time"))


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the export: what is in it, and the query that fills it."""

    name: str
    about: str
    query: str


_OF_USER = (
    Part(
        "profile",
        "What others can see of your account.",
        "SELECT id, username, bio, profile_color, privacy, role, status, created_at, last_updated, player_id"
        " FROM users WHERE id = :user_id",
    ),
    Part(
        "account",
        "What only you and the staff can see.",
        "SELECT email, email_verified, last_login, age_confirmed_at, banned_at, ban_reason"
        " FROM user_accounts WHERE user_id = :user_id",
    ),
    Part(
        "names",
        "Names that you had before.",
        "SELECT username, changed_at FROM user_names WHERE user_id = :user_id ORDER BY changed_at",
    ),
    Part(
        "sessions",
        "Browsers in which you are signed in.",
        "SELECT id, created_at, last_seen_at, expires_at, address, user_agent"
        " FROM user_sessions WHERE user_id = :user_id ORDER BY id",
    ),
    Part(
        "devices",
        "Browsers that have signed in before, known by a secret that only they hold.",
        "SELECT id, last_used_at FROM user_devices WHERE user_id = :user_id ORDER BY id",
    ),
    Part(
        "api_keys",
        "Programs that act for you; their secrets are not kept here.",
        "SELECT id, name, hint, array_to_string(scopes, ' ') AS scopes, created_at, expires_at, last_used_at,"
        " revoked_at FROM api_keys WHERE user_id = :user_id ORDER BY id",
    ),
    Part(
        "link_requests",
        "When you asked to be linked to a player.",
        "SELECT id, player_id, status, message, created_at, decided_at, reason"
        " FROM link_requests WHERE user_id = :user_id ORDER BY id",
    ),
    Part(
        "self_exclusions",
        "When you excluded yourself, and until when.",
        "SELECT created_at, until FROM self_exclusions WHERE user_id = :user_id ORDER BY id",
    ),
    Part(
        "requests",
        "What you asked of this site in the last days.",
        "SELECT at, method, path, status, milliseconds, address"
        " FROM api_request_logs WHERE user_id = :user_id ORDER BY at",
    ),
)
_OF_PLAYER = (
    Part(
        "player",
        "What the casino's feed calls the player you are linked to.",
        "SELECT id, goated_id, goated_username, created_at FROM players WHERE id = :player_id",
    ),
    Part(
        "player_names",
        "Names that the feed gave that player.",
        "SELECT name.goated_username, run.as_of FROM player_names AS name"
        " JOIN sync_logs AS run ON run.id = name.run_id WHERE name.player_id = :player_id ORDER BY run.id",
    ),
    Part(
        "readings",
        "What each report said of that player, in dollars, kept when it changed.",
        f"SELECT as_of, {_AMOUNTS} FROM wager_readings WHERE player_id = :player_id ORDER BY as_of",  # noqa: S608 - our own columns
    ),
    Part(
        "tiers",
        "Tiers that were reached, from 0.",
        "SELECT tier, as_of FROM tier_changes WHERE player_id = :player_id ORDER BY as_of",
    ),
    Part(
        "results",
        "Places in settled races, by version of the result; the prize is in dollars.",
        "SELECT standing.race_id, race.name AS race, standing.version, standing.username, standing.position,"
        " (standing.prize * 0.01)::numeric(20, 2) AS prize,"
        " (greatest(standing.total - standing.baseline, 0) * 0.00000001)::numeric(20, 8) AS wagered"
        " FROM race_standings AS standing JOIN wager_races AS race ON race.id = standing.race_id"
        " WHERE standing.player_id = :player_id ORDER BY standing.race_id, standing.version",
    ),
    Part(
        "awards",
        "What you won, in dollars, and whether it was paid.",
        "SELECT id, race_id, version, position, (amount * 0.01)::numeric(20, 2) AS amount, status,"
        " created_at, approved_at, paid_at, reference, rejected_at, reason"
        " FROM race_awards WHERE player_id = :player_id ORDER BY id",
    ),
    Part(
        "exclusions",
        "From which races the player was excluded.",
        "SELECT race_id, kind, reason, created_at, until, lifted_at"
        " FROM exclusions WHERE player_id = :player_id ORDER BY id",
    ),
)
_README = "Everything that this site keeps of you. Each file is there twice, as JSON and as CSV."


async def export(connection: AsyncConnection, user_id: int, *, now: datetime) -> IO[bytes]:
    """Return the zip. The connection acts as the user, so that row security shows it nothing of others."""
    player_id = await connection.scalar(text("SELECT player_id FROM users WHERE id = :id"), {"id": user_id})
    parts = _OF_USER if player_id is None else (*_OF_USER, *_OF_PLAYER)
    # Closed by whoever hands it out.
    packed: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        about = "\n".join(f"{part.name}: {part.about}" for part in parts)
        archive.writestr("README.txt", f"{_README}\nMade {rfc3339(now)}.\n\n{about}\n")
        for part in parts:
            await _write(connection, archive, part, {"user_id": user_id, "player_id": player_id})
    packed.seek(0)
    return packed


def pieces(packed: IO[bytes]) -> Iterator[bytes]:
    """Yield the zip piece by piece, and let it go."""
    with packed:
        while piece := packed.read(_PIECE):
            yield piece


async def _write(
    connection: AsyncConnection, archive: zipfile.ZipFile, part: Part, values: dict[str, Any]
) -> None:
    """Write one query's rows as JSON and as CSV, some thousands at a time."""
    wanted = {name: value for name, value in values.items() if f":{name}" in part.query}
    result = await connection.stream(text(part.query), wanted, execution_options={"yield_per": _AT_ONCE})
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(result.keys())
    with archive.open(f"{part.name}.json", "w", force_zip64=True) as file:
        before = b"[\n"
        async for rows in result.mappings().partitions(_AT_ONCE):
            for row in rows:
                plain = {name: _plain(value) for name, value in row.items()}
                file.write(before + json.dumps(plain, ensure_ascii=False).encode())
                before = b",\n"
                writer.writerow(safe_cell(cell) if isinstance(cell, str) else cell for cell in plain.values())
        file.write(b"[]\n" if before == b"[\n" else b"\n]\n")
    archive.writestr(f"{part.name}.csv", table.getvalue())


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return rfc3339(value)
    return str(value) if isinstance(value, Decimal | date) else value
