"""Everything that the real feed has been seen to do wrong, switchable one by one.

A trap is named, and most take a value: `slow=8` waits eight seconds. `times` makes
it spring so often and then switch itself off: `unavailable*2` fails two calls.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import TypeAlias

from goatedvips.kit.errors import BadInput, FieldError

Value: TypeAlias = float | str

SHAPES = ("array", "nested", "results", "users", "unknown")


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a trap can be told: a number within bounds, or one of some words."""

    unit: str
    default: Value
    low: float = 0.0
    high: float = 0.0
    words: tuple[str, ...] = ()

    def complaint(self, value: object) -> str | None:
        """Say what is wrong with a value, or nothing."""
        if self.words:
            return None if value in self.words else f"must be one of {', '.join(self.words)}"
        if isinstance(value, bool) or not isinstance(value, int | float):
            return f"must be a number ({self.unit})"
        if not self.low <= value <= self.high:
            return f"must be {self.unit} from {self.low:g} to {self.high:g}"
        if self.unit == "a count" and value != int(value):
            return "must be a whole number"
        return None


@dataclass(frozen=True, slots=True)
class Trap:
    """One trap: its name, what it does, and what it can be told."""

    name: str
    does: str
    parameter: Parameter | None = None


def _seconds(default: float) -> Parameter:
    return Parameter("seconds", default, 0.0, 3600.0)


def _share(default: float) -> Parameter:
    return Parameter("a share", default, 0.0, 1.0)


def _count(default: float) -> Parameter:
    return Parameter("a count", default, 1, 100_000)


_ALL = (
    Trap(
        "frozen_month",
        "this_month does not move from the moment on which this is switched on; newcomers show 0",
    ),
    Trap(
        "contradictions",
        "a quarter of the week's players show this_week > this_month, a tenth today > this_week",
    ),
    Trap(
        "today_falls",
        "today is repriced with four made-up tokens and so falls for some, by cents or a few percent",
    ),
    Trap(
        "drift", "this_week runs up to 0.20 ahead of all_time and back for half of the players; neither falls"
    ),
    Trap(
        "late_reset",
        "windows start over at an hour and a first day of the week that follow from the seed only",
    ),
    Trap(
        "falling_all_time", "all_time is a tenth lower for this share of those who ever wagered", _share(0.02)
    ),
    Trap("appear", "so many more players are listed, who wagered elsewhere before", _count(25)),
    Trap("rename", "so many players go by another name", _count(10)),
    Trap(
        "vanish", "so many players, half of whom have wagered, are not listed; off, they return", _count(10)
    ),
    Trap("slow", "the answer begins so much later", _seconds(10)),
    Trap("drip", "the body comes in twenty pieces spread over this time", _seconds(20)),
    Trap("timeout", "no answer ever comes; the connection stays open"),
    Trap("not_found", "404"),
    Trap("rate_limited", "429 with Retry-After", _seconds(30)),
    Trap("unavailable", "503"),
    Trap("empty_body", "200 and nothing in it"),
    Trap("html", "200 and a page for people"),
    Trap("truncated", "200 and only this share of the bytes, declared as if they were all", _share(0.5)),
    Trap("duplicate_uid", "so many players are listed twice, the second time with other amounts", _count(1)),
    Trap("shrunk", "only this share of the players is listed", _share(0.5)),
    Trap("all_zeros", "this share of the players shows 0 in every window", _share(1.0)),
    Trap("bad_rows", "so many rows hold null, 'NaN', 1e999, a negative or no wagered, in turn", _count(5)),
    Trap("wrong_sums", "the top-level sums are so much too high", Parameter("dollars", 1.0, 0.01, 1e9)),
    Trap("shape", "the rows come in another wrapping", Parameter("a word", SHAPES[0], words=SHAPES)),
)
TRAPS: Mapping[str, Trap] = {trap.name: trap for trap in _ALL}

FAILURES = {"not_found": 404, "rate_limited": 429, "unavailable": 503}

MANY_TIMES = 1_000_000
_SPELLED = re.compile(r"(?P<name>[^=*]+)(=(?P<value>[^*]*))?(\*(?P<times>.*))?")


@dataclass(frozen=True, slots=True)
class Switch:
    """A trap that is on: its value, how often it still springs, and since when."""

    value: Value | None = None
    times: int | None = None
    since: float = 0.0
    """Seconds of story time."""


Wanted: TypeAlias = dict[str, Switch | None]
"""What to change: a switch to turn on, `None` to turn off."""


class Switchboard:
    """The traps that are on. May be turned and sprung from several threads."""

    def __init__(self) -> None:
        self.on: dict[str, Switch] = {}
        self._lock = Lock()

    def turn(self, wanted: Wanted, *, now: float) -> None:
        """Apply a change at a second of story time; a trap that stays on keeps its `since`."""
        with self._lock:
            for name, switch in wanted.items():
                if switch is None:
                    self.on.pop(name, None)
                else:
                    since = self.on[name].since if name in self.on else now
                    self.on[name] = replace(switch, since=since)

    def spring(self) -> dict[str, Switch]:
        """Return what is on for one answer, and count it."""
        with self._lock:
            sprung = dict(self.on)
            for name, switch in sprung.items():
                if switch.times == 1:
                    del self.on[name]
                elif switch.times is not None:
                    self.on[name] = replace(switch, times=switch.times - 1)
            return sprung


def read_traps(wishes: Mapping[str, object]) -> Wanted:
    """Read the JSON form: `true`, `false`, a value, or `{"value": …, "times": …}`; raise `BadInput`."""
    wanted: Wanted = {}
    errors = []
    for name, wish in wishes.items():
        try:
            wanted[name] = _switch(name, wish)
        except ValueError as error:
            errors.append(FieldError(f"traps.{name}", str(error)))
    if errors:
        raise BadInput(errors)
    return wanted


def spell_traps(words: Iterable[str]) -> Wanted:
    """Read the command line's form, `name[=value][*times]`; raise `BadInput`."""
    wishes: dict[str, object] = {}
    for word in words:
        spelled = _SPELLED.fullmatch(word.strip())
        if spelled is None:
            raise BadInput.field("traps", f"{word!r} is not like slow, slow=8 or unavailable*2")
        value, times = spelled["value"], spelled["times"]
        wish: dict[str, object] = {"value": True if value is None else _number_or_word(value)}
        if times is not None:
            wish["times"] = _number_or_word(times)
        wishes[spelled["name"]] = wish
    return read_traps(wishes)


def _number_or_word(text: str) -> Value:
    try:
        return int(text) if text.isdecimal() else float(text)
    except ValueError:
        return text


def _switch(name: str, wish: object) -> Switch | None:
    trap = TRAPS.get(name)
    if trap is None:
        raise ValueError(f"is not a trap; there are {', '.join(TRAPS)}")
    times = None
    if isinstance(wish, dict):
        if unknown := set(wish) - {"value", "times"}:
            raise ValueError(f"has no {', '.join(sorted(map(str, unknown)))}, only value and times")
        times = _times(wish.get("times"))
        wish = wish.get("value", True)
    if wish is False:
        return None
    if trap.parameter is None:
        if wish is not True:
            raise ValueError("takes no value, only true or false")
        return Switch(times=times)
    value = trap.parameter.default if wish is True else wish
    if complaint := trap.parameter.complaint(value):
        raise ValueError(complaint)
    assert isinstance(value, int | float | str)  # noqa: S101 - what `complaint` has just made sure of
    return Switch(value=value, times=times)


def _times(times: object) -> int | None:
    if times is None:
        return None
    if isinstance(times, bool) or not isinstance(times, int) or not 1 <= times <= MANY_TIMES:
        raise ValueError(f"springs a whole number of times from 1 to {MANY_TIMES}")
    return times
