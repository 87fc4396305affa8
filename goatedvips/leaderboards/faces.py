"""What others may see of players: links and colours, and who has chosen to be masked or hidden. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from goatedvips.accounts.names import masked

Shown = Literal["public", "masked", "hidden", "erased"]

HIDDEN_NAME, ERASED_NAME = "Hidden player", "Deleted player"


@dataclass(frozen=True, slots=True)
class Face:
    """What is special about one player: his account and colour, what he lets others see, whether he is off.

    `off` are the banned and the self-excluded: they stand on no board.
    """

    user_id: int | None = None
    color: str | None = None
    shown: Shown = "public"
    off: bool = False
    kept_tier: int = 0
    """The tier he had reached before the feed took him below it."""


_PLAIN = Face()


@dataclass(frozen=True)
class Faces:
    """The players of whom something is special, at one revision."""

    by_player: Mapping[int, Face] = field(default_factory=dict)
    revision: int = 0
    """Rises with every change that a board shows, besides those that runs bring."""
    key: bytes = b""
    """So that nobody finds out who stands behind an alias by trying uids that he knows."""

    @cached_property
    def tag(self) -> str:
        """A short tag, the same in every process: links and colours change between reports."""
        return blake2b(repr(sorted(self.by_player.items())).encode(), digest_size=6).hexdigest()

    @cached_property
    def off(self) -> NDArray[np.int64]:
        """The ids of those who stand on no board, rising."""
        return np.array(sorted(player for player, face in self.by_player.items() if face.off), np.int64)

    @cached_property
    def _player_of(self) -> Mapping[int, int]:
        return {face.user_id: player for player, face in self.by_player.items() if face.user_id is not None}

    @cached_property
    def nameless(self) -> tuple[int, ...]:
        """The ids of those who may not be found by their names, rising."""
        return tuple(sorted(player for player in self.by_player if not self.is_public(player)))

    def of(self, player_id: int) -> Face:
        """Return a player's face."""
        return self.by_player.get(player_id, _PLAIN)

    def player_of(self, user_id: int) -> int | None:
        """Return the player who is linked to a user."""
        return self._player_of.get(user_id)

    def is_hidden(self, player_id: int) -> bool:
        """Say whether others are to find nothing of a player but his amounts."""
        face = self.of(player_id)
        return face.off or face.shown in {"hidden", "erased"}

    def is_public(self, player_id: int) -> bool:
        """Say whether a player may be found by his name."""
        return self.of(player_id).shown == "public" and not self.is_hidden(player_id)

    def name(self, player_id: int, name: str) -> str:
        """Return a player's name as others see it."""
        face = self.of(player_id)
        if face.shown == "erased":
            return ERASED_NAME
        if self.is_hidden(player_id):
            return HIDDEN_NAME
        return masked(name) if face.shown == "masked" else name

    def uid(self, player_id: int, uid: str) -> str:
        """Return a player's uid as others see it: for whom they may not find, an alias that stays."""
        if not self.is_hidden(player_id):
            return uid
        return f"hidden-{blake2b(uid.encode(), key=self.key, digest_size=8).hexdigest()}"

    def account(self, player_id: int) -> tuple[int | None, str | None]:
        """Return a player's user id and colour, as others see them."""
        face = self.of(player_id)
        return (None, None) if self.is_hidden(player_id) else (face.user_id, face.color)
