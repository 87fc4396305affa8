"""What can be followed, and one version of it, encoded once for everybody."""

import re
from dataclasses import dataclass
from typing import Protocol

from goatedvips.kit.windows import PERIODS

MY_TOPIC = "me"
RACES = "races"
LEADERBOARDS = frozenset(f"leaderboard:{period}" for period in PERIODS)
EXPECTED_TOPIC = f"race:{{id}}, races, leaderboard:{{{'|'.join(PERIODS)}}} or me"

_RACE = re.compile(r"race:[1-9]\d{0,17}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Frame:
    """One version of one topic.

    `whole` is the complete JSON message; `delta`, where there is one, leads a client
    that holds version `base` to `version`. The line of versions only rises.
    """

    topic: str
    version: int
    whole: str
    base: int | None = None
    delta: str | None = None


class Viewer(Protocol):
    """Whoever is signed in at the other end."""

    @property
    def user_id(self) -> int:
        """The account's id."""
        ...


class TopicSource(Protocol):
    """Where the present state comes from when the hub holds none, and who may see it."""

    async def snapshot(self, topic: str) -> Frame | None:
        """Return the present frame, or None if there is no such topic."""
        ...

    def may_watch(self, topic: str, viewer: Viewer | None) -> bool:
        """Say whether this viewer may follow the topic, which is named as the client names it."""
        ...


def is_topic(name: str) -> bool:
    """Say whether a client may ask for something of this name; it need not exist."""
    return name in {RACES, MY_TOPIC} or name in LEADERBOARDS or _RACE.fullmatch(name) is not None


def address(topic: str, viewer: Viewer | None) -> str:
    """Return the hub's name of a topic: `me` is another one for every user, `me:{user_id}`."""
    return f"{MY_TOPIC}:{viewer.user_id}" if topic == MY_TOPIC and viewer is not None else topic


def shown(name: str) -> str:
    """Return the client's name of a topic; the inverse of `address`."""
    return MY_TOPIC if name.startswith(f"{MY_TOPIC}:") else name
