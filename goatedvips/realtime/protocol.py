"""The messages, both ways. Nothing here waits, reads a clock or touches a socket."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import msgspec

from goatedvips.kit.errors import BadInput, FieldError, GoatedError, Malformed
from goatedvips.realtime.topics import EXPECTED_TOPIC, Frame, is_topic

MAX_VERSION = 2**53 - 1
"""The largest whole number that every JSON reader keeps exact."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Follow a topic; `version` is what the client holds of it, `delta` whether it can apply changes."""

    topic: str
    version: int | None = None
    delta: bool = False


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Follow a topic no longer."""

    topic: str


@dataclass(frozen=True, slots=True)
class Ping:
    """Ask for a sign of life."""


ClientMessage: TypeAlias = Subscribe | Unsubscribe | Ping

_FIELDS: dict[str, frozenset[str]] = {
    "subscribe": frozenset({"type", "topic", "version", "mode"}),
    "unsubscribe": frozenset({"type", "topic"}),
    "ping": frozenset({"type"}),
}


def parse(text: str) -> ClientMessage:
    """Read a client's message; raise `Malformed` if it is no JSON object, or `BadInput`."""
    try:
        message: object = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed(f"A message is one JSON object, and this is not JSON: {error}.") from error
    if not isinstance(message, dict):
        raise Malformed('A message is one JSON object, like {"type":"subscribe","topic":"races"}.')
    kind = message.get("type")
    if not isinstance(kind, str) or kind not in _FIELDS:
        raise BadInput.field("type", f"expected one of {', '.join(_FIELDS)}")
    for field in message.keys() - _FIELDS[kind]:
        raise BadInput.field(str(field)[:64], f"{kind} has no such field")
    if kind == "ping":
        return Ping()
    topic = parse_topic(message.get("topic"))
    if kind == "unsubscribe":
        return Unsubscribe(topic)
    return Subscribe(topic, version=_version(message.get("version")), delta=parse_mode(message.get("mode")))


def parse_topic(value: object, *, field: str = "topic") -> str:
    """Read the name of a topic or raise `BadInput`."""
    if not isinstance(value, str) or not is_topic(value):
        raise BadInput.field(field, f"expected {EXPECTED_TOPIC}")
    return value


def parse_mode(value: object) -> bool:
    """Say whether deltas are wanted: `delta`, `whole` or nothing; raise `BadInput` for anything else."""
    if value not in (None, "whole", "delta"):
        raise BadInput.field("mode", "expected whole or delta")
    return value == "delta"


def _version(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_VERSION:
        raise BadInput.field("version", f"expected a whole number from 0 to {MAX_VERSION}")
    return value


def page_frame(
    kind: Literal["RACE", "LEADERBOARD"],
    topic: str,
    *,
    version: int,
    data: object,
    base: int | None = None,
    delta: object = None,
    whole_type: str | None = None,
) -> Frame:
    """Encode a page once, and the way to it from `base` if that is shorter.

    `data` and `delta` are anything msgspec can encode; JSON that is ready goes in as
    `msgspec.Raw`. `whole_type` is for pages that say more than UPDATE, like RACE_COMPLETED.
    """
    whole = _encode(
        {"type": whole_type or f"{kind}_UPDATE", "topic": topic, "version": version, "data": data}
    )
    if base is None or delta is None:
        return Frame(topic, version, whole)
    change = _encode(
        {"type": f"{kind}_DELTA", "topic": topic, "base": base, "version": version, "data": delta},
    )
    if len(change) >= len(whole):
        return Frame(topic, version, whole)
    return Frame(topic, version, whole, base=base, delta=change)


def subscribed(topic: str, version: int) -> str:
    """Confirm a subscription and say which version is the present one."""
    return _encode({"type": "SUBSCRIBED", "topic": topic, "version": version})


def unsubscribed(topic: str) -> str:
    """Confirm that nothing more of a topic will come."""
    return _encode({"type": "UNSUBSCRIBED", "topic": topic})


def denied(topic: str, message: str) -> str:
    """Refuse a topic, or take it back."""
    return _encode({"type": "DENIED", "topic": topic, "message": message})


def pong(now: str) -> str:
    """Answer a ping with the server's time, RFC 3339."""
    return _encode({"type": "pong", "now": now})


def error_frame(error: GoatedError, *, topic: str | None = None) -> str:
    """Tell a client what was wrong with its message, and with which field."""
    first = (
        error.errors[0] if isinstance(error, BadInput) else FieldError("topic" if topic else "", error.detail)
    )
    frame = {"type": "ERROR", "code": error.code, "message": first.message}
    if first.field:
        frame["field"] = first.field
    if topic is not None:
        frame["topic"] = topic
    return _encode(frame)


def _encode(message: dict[str, Any]) -> str:
    return msgspec.json.encode(message).decode()
