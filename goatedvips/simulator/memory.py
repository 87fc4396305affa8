"""The file by which a simulator that is started again goes on with the same story."""

import os
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from goatedvips.kit.errors import Conflict
from goatedvips.simulator.timeline import Anchor
from goatedvips.simulator.traps import Switch

_VERSION = 1


class UnreadableStateFile(Conflict):
    """The state file is not one of ours, or of another version."""

    code = "unreadable_state_file"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The simulator's state file {path} cannot be read: {reason}. Move it away to begin anew."
        )


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the file holds: the plot, the story's clock and the traps that are on."""

    seed: int
    players: int
    origin: datetime
    reset_at: timedelta
    week_starts: int
    anchor: Anchor
    traps: dict[str, Switch]
    version: int = _VERSION


def recall(path: Path) -> Remembered | None:
    """Read the file, or return nothing where there is none; raise `UnreadableStateFile`."""
    try:
        body = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        remembered = msgspec.json.decode(body, type=Remembered)
    except msgspec.DecodeError as error:
        raise UnreadableStateFile(path, str(error)) from None
    if remembered.version != _VERSION:
        raise UnreadableStateFile(path, f"it has version {remembered.version}, not {_VERSION}")
    return remembered


def remember(path: Path, remembered: Remembered) -> None:
    """Write the file in one step: a reader finds the old one or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, unfinished = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(remembered)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
