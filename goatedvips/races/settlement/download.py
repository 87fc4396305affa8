"""A proof's file as it is handed out: in pieces, whatever its size and however slowly it is taken."""

import asyncio
import sys
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.races.errors import RaceNotFound
from goatedvips.races.repository import Races
from goatedvips.races.rules.proof import proof_file
from goatedvips.races.settlement.errors import NoSuchVersion, NotSettled
from goatedvips.races.settlement.records import Records

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Answer = TypeVar("Answer")

_SLICE = 1 << 20
_OPENINGS = 10_000
"""Openings read at a time: about as many bytes as a slice."""


@dataclass(frozen=True, slots=True)
class ProofDownload:
    """The file of one version of a race's result."""

    engine: AsyncEngine
    race_id: int
    version: int
    sha256: str
    race_version: int
    """Rises with every change of the race, and when somebody in it is erased."""

    @classmethod
    async def find(cls, engine: AsyncEngine, race_id: int, version: int | None) -> "ProofDownload":
        """Find a version, or the newest; raise `RaceNotFound`, `NotSettled` or `NoSuchVersion`."""
        async with engine.connect() as connection:
            race = await Races(connection).by_id(race_id)
            if race is None:
                raise RaceNotFound(race_id)
            newest = race["result_version"]
            if not newest:
                raise NotSettled(race_id, race["status"])
            wanted = newest if version is None else version
            sha256 = await Records(connection).proof_hash(race_id, wanted)
        if sha256 is None:
            raise NoSuchVersion(race_id, wanted, newest=newest)
        return cls(engine, race_id, wanted, bytes(sha256).hex(), race["version"])

    @property
    def tag(self) -> str:
        """What tells this file from any other."""
        return f'"{self.sha256}-{self.race_version}"'

    @property
    def name(self) -> str:
        """A name for the file."""
        return f"race-{self.race_id}-proof-{self.version}.json"

    def pieces(self, loop: asyncio.AbstractEventLoop) -> Iterator[bytes]:
        """Yield the file; to be walked through in threads, while the loop asks the database.

        No connection is held between two pieces: who takes the file slowly keeps none from others.
        """
        return proof_file(self._document(loop), sha256=self.sha256, openings=self._openings(loop))

    def _openings(self, loop: asyncio.AbstractEventLoop) -> Iterator[tuple[bytes | None, str, str]]:
        after = 0
        while rows := _awaited(self._opening_rows(after), loop):
            for row in rows:
                yield (None if row.salt is None else bytes(row.salt), row.uid, row.username)
            after = rows[-1].player_id

    def _document(self, loop: asyncio.AbstractEventLoop) -> Iterator[bytes]:
        reader, read = zstd.ZstdDecompressor(), 0
        while not reader.eof:
            packed = _awaited(self._slice(read), loop)
            if not packed:
                raise EOFError(f"the proof of version {self.version} of race {self.race_id} is cut short")
            read += len(packed)
            yield reader.decompress(packed, _SLICE)
            while not (reader.eof or reader.needs_input):
                yield reader.decompress(b"", _SLICE)

    async def _opening_rows(self, after: int) -> Sequence[Row[Any]]:
        async with self.engine.connect() as connection:
            records = Records(connection)
            return await records.openings(self.race_id, self.version, after=after, many=_OPENINGS)

    async def _slice(self, start: int) -> bytes:
        async with self.engine.connect() as connection:
            records = Records(connection)
            return await records.proof_slice(self.race_id, self.version, start=start, size=_SLICE)


def _awaited(asked: Coroutine[Any, Any, Answer], loop: asyncio.AbstractEventLoop) -> Answer:
    return asyncio.run_coroutine_threadsafe(asked, loop).result()
