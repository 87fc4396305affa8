from datetime import datetime

from goatedvips.kit.errors import NotFound


class NothingKnownYet(NotFound):
    """The moment lies before the first report."""

    code = "nothing_known_yet"

    def __init__(self, first: datetime | None) -> None:
        super().__init__(
            "No report has come yet."
            if first is None
            else f"The first report is of {first:%Y-%m-%d %H:%M:%S} UTC; nothing is known of the time before."
        )
