"""How moments are written. To ask for the present one is the business of `kit.clock`."""

from datetime import UTC, datetime


def rfc3339(instant: datetime) -> str:
    """Write an aware instant as RFC 3339 in UTC with a `Z`, to the millisecond."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
