"""Time zones of the tests' own, whose rules can change under a running program as a tzdata update's do."""

import struct
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_HEADER = b"TZif2" + bytes(15)
# One kind of time, UTC, and a name of one byte for it: the footer says everything (RFC 8536, 3.3).
_BODY = _HEADER + struct.pack(">6l", 0, 0, 0, 0, 1, 1) + bytes(6) + b"\0"


class OwnZones:
    """Zones by POSIX rules like `<+01>-1` or `CET-1CEST,M3.5.0,M10.5.0/3`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def set(self, name: str, rule: str) -> str:
        """Give a zone this rule from now on, and for all of the past; return its name."""
        path = self._folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(_BODY + _BODY + b"\n" + rule.encode() + b"\n")
        zoneinfo.ZoneInfo.clear_cache()
        return name


@contextmanager
def own_zones(folder: Path) -> Iterator[OwnZones]:
    """Let the program find zones in a folder too."""
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([str(folder), *before])
    try:
        yield OwnZones(folder)
    finally:
        zoneinfo.reset_tzpath(before)
        zoneinfo.ZoneInfo.clear_cache()
