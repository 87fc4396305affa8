"""A story, its clock, its traps and its press, as the one thing that a feed serves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from goatedvips.kit.clock import Clock, utc_now
from goatedvips.kit.errors import BadInput, Conflict
from goatedvips.kit.instants import rfc3339
from goatedvips.simulator.memory import Remembered, recall, remember
from goatedvips.simulator.report import Press
from goatedvips.simulator.story import Plot, Story
from goatedvips.simulator.timeline import Anchor, Timeline
from goatedvips.simulator.traps import Switch, Switchboard, Wanted

PLAYERS = 2_218
MOST_PLAYERS = 1_000_000
SEED = 1
MAX_SEED = 2**63 - 1
RESET_AT = timedelta(minutes=7)
FASTEST = 100_000.0
FARTHEST = timedelta(days=366)
"""The longest leap at once: it is played through, an hour in about a millisecond."""
MOST_REPLAYED = timedelta(days=3_660)


class AnotherStory(Conflict):
    """The flags ask for another story than the state file tells."""

    code = "another_story"

    def __init__(self, path: Path, part: str, *, held: object, asked: object) -> None:
        super().__init__(
            f"The state file {path} tells a story with {part} {held}, and {part} {asked} was asked for. "
            f"Leave out {part} to go on with it, or name another file to begin anew."
        )


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks of a simulation; `None` leaves it to the state file or to the default."""

    seed: int | None = None
    players: int | None = None
    origin: datetime | None = None
    speed: float | None = None
    traps: Wanted | None = None
    reset_at: timedelta | None = None
    week_starts: int | None = None


class Simulation:
    """Answers for the feed. May be asked from several threads."""

    def __init__(self, wish: Wish, *, clock: Clock = utc_now, state_file: Path | None = None) -> None:
        self._state_file = state_file
        self._lock = Lock()
        held = recall(state_file) if state_file else None
        if held and state_file:
            _refuse_another_story(held, wish, state_file)
        held = held or _first_memory(wish, clock())
        plot = Plot(
            held.seed, held.players, held.origin, reset_at=held.reset_at, week_starts=held.week_starts
        )
        self.traps = Switchboard()
        self.timeline = Timeline(clock, held.anchor)
        self._press = Press()
        self._printed: tuple[object, bytes] = (None, b"")
        self._story = Story(plot)
        for name, switch in held.traps.items():
            self._switch({name: switch}, now=switch.since)
        self.change(speed=wish.speed, traps=wish.traps)

    @property
    def plot(self) -> Plot:
        """What the story follows from."""
        return self._story.plot

    def report(self, on: Mapping[str, Switch]) -> bytes:
        """Return the body of an answer for this moment, with the traps of `Switchboard.spring`."""
        with self._lock:
            self._story.advance(self.timeline.seconds())
            strikes = {name: switch.value for name, switch in on.items()}
            edition = (int(self._story.seconds), self._press.frozen_month.size, strikes)
            if self._printed[0] != edition:
                self._printed = (edition, self._press.report(self._story, on))
            return self._printed[1]

    def change(
        self,
        *,
        speed: float | None = None,
        paused: bool | None = None,
        advance_seconds: float = 0.0,
        traps: Wanted | None = None,
    ) -> None:
        """Change the clock and the traps, and remember it all; raise `BadInput` before anything changes."""
        if speed is not None:
            _check_speed(speed)
        if not 0 <= advance_seconds <= FARTHEST.total_seconds():
            raise BadInput.field("advanceSeconds", f"must be from 0 to {FARTHEST.total_seconds():.0f}")
        with self._lock:
            self.timeline.change(speed=speed, paused=paused, advance_seconds=advance_seconds)
            self._switch(traps or {}, now=self.timeline.seconds())
            if self._state_file:
                remember(self._state_file, self._memory())

    def state(self) -> dict[str, Any]:
        """Tell what is being simulated, as the control endpoint shows it."""
        seconds = self.timeline.seconds()
        return {
            "seed": self.plot.seed,
            "players": self.plot.players,
            "origin": rfc3339(self.plot.origin),
            "storyTime": rfc3339(self.plot.origin + timedelta(seconds=seconds)),
            "storySeconds": round(seconds, 3),
            "speed": self.timeline.anchor.speed,
            "paused": self.timeline.anchor.paused,
            "traps": {
                name: {"value": True if switch.value is None else switch.value, "times": switch.times}
                for name, switch in self.traps.on.items()
            },
        }

    def _switch(self, wanted: Wanted, *, now: float) -> None:
        if wanted.get("frozen_month") and "frozen_month" not in self.traps.on:
            self._story.advance(now)
            self._press.freeze_month(self._story)
        self.traps.turn(wanted, now=now)

    def _memory(self) -> Remembered:
        plot = self.plot
        return Remembered(
            seed=plot.seed,
            players=plot.players,
            origin=plot.origin,
            reset_at=plot.reset_at,
            week_starts=plot.week_starts,
            anchor=self.timeline.anchor,
            traps=dict(self.traps.on),
        )


def _first_memory(wish: Wish, now: datetime) -> Remembered:
    players = PLAYERS if wish.players is None else wish.players
    seed = SEED if wish.seed is None else wish.seed
    speed = 1.0 if wish.speed is None else wish.speed
    if not 1 <= players <= MOST_PLAYERS:
        raise BadInput.field("players", f"must be from 1 to {MOST_PLAYERS:,}")
    if not 0 <= seed <= MAX_SEED:
        raise BadInput.field("seed", f"must be from 0 to {MAX_SEED}")
    _check_speed(speed)
    origin = wish.origin or now
    if origin.tzinfo is None:
        raise BadInput.field("origin", "must name its zone, like 2025-03-26T00:00:00Z")
    if (now - origin) * speed > MOST_REPLAYED:
        raise BadInput.field("origin", f"at this speed lies more than {MOST_REPLAYED.days:,} story days back")
    return Remembered(
        seed=seed,
        players=players,
        origin=origin.astimezone(UTC),
        reset_at=RESET_AT if wish.reset_at is None else wish.reset_at,
        week_starts=0 if wish.week_starts is None else wish.week_starts,
        # The story has been running since its origin, so that the same flags tell the same story again.
        anchor=Anchor(real_at=min(origin, now), speed=speed),
        traps={},
    )


def _check_speed(speed: float) -> None:
    if not 0 <= speed <= FASTEST:
        raise BadInput.field("speed", f"must be from 0 to {FASTEST:g}")


def _refuse_another_story(held: Remembered, wish: Wish, path: Path) -> None:
    for part in ("seed", "players", "origin", "reset_at", "week_starts"):
        asked = getattr(wish, part)
        if asked is not None and asked != getattr(held, part):
            raise AnotherStory(path, part, held=getattr(held, part), asked=asked)
