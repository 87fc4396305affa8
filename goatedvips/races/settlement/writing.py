"""How a result is written down: every standing, and the proof of all of them."""

import asyncio
import hashlib
import os
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from goatedvips.kit.bulk import escaped
from goatedvips.races.rules.proof import Boundary, Columns, Header, Rules, commitment, document
from goatedvips.races.settlement.repository import Results
from goatedvips.races.views import Column

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_SALT_BYTES = 16
_NULL, _BYTES = r"\N", r"\\x"
"""As COPY's text format writes them."""
_LEVEL = 3
"""Zstandard's own default: half of a proof is hashes, which no level makes smaller."""


class Person(NamedTuple):
    """Whose standing it is; without a salt he was erased, and only his commitment is left."""

    username: str
    user_id: int | None
    commitment: bytes
    salt: bytes | None


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """One version of a race's result, by rising player id. `race` has the columns of both boundary runs."""

    race: Mapping[str, Any]
    version: int
    player_ids: Column
    columns: Columns


async def people_of_race(results: Results, race_id: int) -> AsyncIterator[list[Person]]:
    """Yield those who take part as they are called now, each with a new salt."""
    async for chunk in results.people(race_id):
        yield _salted(chunk)


async def people_of_result(results: Results, race_id: int, version: int) -> AsyncIterator[list[Person]]:
    """Yield those of an earlier version as they were written there."""
    async for chunk in results.people_of(race_id, version):
        yield [Person._make(row) for row in chunk]


async def write(
    results: Results, result: Result, people: AsyncIterator[list[Person]], *, now: datetime
) -> bytes:
    """Write the standings and their proof; return its hash."""
    commitments, start = bytearray(), 0
    async for chunk in people:
        await results.add_standings(_lines(result, chunk, start=start))
        commitments += b"".join([person.commitment for person in chunk])
        start += len(chunk)
    race = result.race
    previous = await results.chain_head(race["series_id"])
    header = _header(result, previous=previous, now=now)
    sha256, body = await asyncio.to_thread(_packed, document(header, result.columns, bytes(commitments)))
    await results.add_proof(
        {
            "race_id": race["id"],
            "version": result.version,
            "series_id": race["series_id"],
            "sha256": sha256,
            "previous": previous,
            "body": body,
            "now": now,
        }
    )
    return sha256


def unpacked(body: bytes) -> Iterator[bytes]:
    """Yield a kept proof's document in pieces."""
    reader = zstd.ZstdDecompressor()
    piece = reader.decompress(body, 1 << 20)
    while piece:
        yield piece
        piece = b"" if reader.eof else reader.decompress(b"", 1 << 20)


def _salted(chunk: Sequence[Sequence[Any]]) -> list[Person]:
    salts = os.urandom(_SALT_BYTES * len(chunk))
    people = []
    for at, (uid, username, user_id) in enumerate(chunk):
        salt = salts[_SALT_BYTES * at : _SALT_BYTES * (at + 1)]
        hidden = commitment(salt, uid=uid, username=username)
        people.append(Person(username, user_id, hidden, salt))
    return people


def _lines(result: Result, people: Sequence[Person], *, start: int) -> list[str]:
    """Write standings as COPY takes them, in the order of `STANDINGS_TABLE`."""
    rows, columns = slice(start, start + len(people)), result.columns
    prefix = f"{result.race['id']}\t{result.version}"
    numbers = zip(
        people,
        result.player_ids[rows].tolist(),
        columns.baselines[rows].tolist(),
        columns.totals[rows].tolist(),
        columns.reached[rows].tolist(),
        columns.positions[rows].tolist(),
        columns.prizes[rows].tolist(),
        columns.excluded[rows].tolist(),
        strict=True,
    )
    return [
        f"{prefix}\t{player_id}\t{escaped(username)}\t{_NULL if user_id is None else user_id}"
        f"\t{baseline}\t{total}\t{reached}\t{position or _NULL}\t{prize}\t{excluded}"
        f"\t{_BYTES}{hidden.hex()}\t{_NULL if salt is None else _BYTES + salt.hex()}"
        for (
            username,
            user_id,
            hidden,
            salt,
        ), player_id, baseline, total, reached, position, prize, excluded in numbers
    ]


def _header(result: Result, *, previous: bytes | None, now: datetime) -> Header:
    race = result.race
    return Header(
        race_id=race["id"],
        name=race["name"],
        type=race["type"],
        series_id=race["series_id"],
        starts_at=race["start_date"],
        ends_at=race["end_date"],
        timezone=race["timezone"],
        version=result.version,
        rules=Rules(
            race["prize_pool"], race["prizes"], race["tie_policy"], race["reject_policy"], race["min_wager"]
        ),
        start=Boundary(race["start_run_id"], race["start_as_of"], race["start_sha256"]),
        end=Boundary(race["end_run_id"], race["end_as_of"], race["end_sha256"]),
        settled_at=now,
        previous=None if previous is None else previous.hex(),
    )


def _packed(pieces: Iterator[bytes]) -> tuple[bytes, bytes]:
    """Return the SHA-256 of a document and the document compressed."""
    sha256, packer = hashlib.sha256(), zstd.ZstdCompressor(level=_LEVEL)
    packed = []
    for piece in pieces:
        sha256.update(piece)
        packed.append(packer.compress(piece))
    packed.append(packer.flush())
    return sha256.digest(), b"".join(packed)
