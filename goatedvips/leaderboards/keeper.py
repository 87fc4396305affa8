"""Keeps the newest boards of this process: loaded at start, swapped whole after each run."""

import asyncio
from typing import Any

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.kit.errors import NotReady
from goatedvips.leaderboards.boards import Boards, Version, no_boards, rebuilt, with_faces
from goatedvips.leaderboards.faces import Faces
from goatedvips.leaderboards.repository import BoardRows


class BoardKeeper:
    """Holds the present boards. Readers take `boards` once and use that version to the end."""

    def __init__(self, alias_key: bytes = b"") -> None:
        self._boards: Boards | None = None
        self._alias_key = alias_key

    @property
    def loaded(self) -> bool:
        """Whether there are boards to serve."""
        return self._boards is not None

    @property
    def boards(self) -> Boards:
        """The present boards; raises `NotReady` until the first are loaded."""
        if self._boards is None:
            raise NotReady("The boards are being loaded; try again in a few seconds.")
        return self._boards

    async def refresh(self, connection: AsyncConnection) -> Boards:
        """Take in all runs since the held version, and return what is then present.

        The connection must see one state of the database throughout (REPEATABLE READ).
        """
        rows = BoardRows(connection)
        held = self._boards or no_boards()
        newest = await rows.newest_run()
        faces = await self._faces(rows, held.faces)
        # A replica may be behind the one that was read before; boards never step back.
        if newest is None or newest["id"] <= held.number:
            if self._boards is None or faces is not held.faces:
                held = await asyncio.to_thread(with_faces, held, faces)
            self._boards = held
            return held
        rest: dict[str, Any] = {
            "version": Version(
                newest["id"], newest["as_of"], newest["end_time"], tuple(newest["metadata"]["marks"])
            ),
            "faces": faces,
        } | await self._run_times(rows, held)
        if held.version is None:
            boards = no_boards()
            chunks = [chunk async for chunk in rows.all()]
            rows_of_all = [row for chunk in chunks for row in chunk]
            boards = await asyncio.to_thread(rebuilt, boards, rows_of_all, **rest)
        else:
            changed = await rows.changed(held.number, held.version.as_of)
            boards = await asyncio.to_thread(rebuilt, held, changed, **rest)
        self._boards = boards
        return boards

    async def _faces(self, rows: BoardRows, held: Faces) -> Faces:
        revision, by_player = await rows.faces()
        if by_player == held.by_player and revision == held.revision and held.key == self._alias_key:
            return held
        return Faces(by_player, revision, self._alias_key)

    async def _run_times(self, rows: BoardRows, held: Boards) -> dict[str, object]:
        after = int(held.run_ids[-1]) if len(held.run_ids) else 0
        new = np.array([tuple(row) for row in await rows.run_times(after)], np.int64).reshape(-1, 2)
        return {
            "run_ids": np.concatenate((held.run_ids, new[:, 0])),
            "run_times": np.concatenate((held.run_times, new[:, 1])),
        }
