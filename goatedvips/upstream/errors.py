"""What can go wrong with the feed.

UpstreamError               502
├── FeedUnavailable         502  no usable answer, however often it was asked
├── FeedTimedOut            504  too slow, or silent for too long
├── FeedRefused             502  answered 4xx: the address, the code or the token is wrong
├── FeedTooLarge            502  more bytes than we agreed to hold
├── FeedRedirected          502  sent us where our token must not go
├── CircuitOpen             503  failed so often that it is left alone for a while
└── UnreadableReport        502  answered 200 with something that is not a report

No message, field or cause of these ever holds the token.
"""

from datetime import datetime

from goatedvips.kit.errors import GoatedError
from goatedvips.kit.instants import rfc3339


class UpstreamError(GoatedError):
    """The feed, not we, failed to deliver a report."""

    status = 502
    code = "feed_failed"
    title = "The wager feed failed"


class FeedUnavailable(UpstreamError):
    """The feed gave no usable answer; the sentence says what was seen instead."""

    code = "feed_unavailable"


class FeedTimedOut(UpstreamError):
    """The feed was too slow, or fell silent in the middle."""

    status = 504
    code = "feed_timed_out"


class FeedRefused(UpstreamError):
    """The feed answered with a 4xx that asking again does not cure."""

    code = "feed_refused"

    def __init__(self, detail: str, *, answered: int) -> None:
        super().__init__(detail)
        self.answered = answered


class FeedTooLarge(UpstreamError):
    """The report is larger than we agreed to hold in memory."""

    code = "feed_too_large"

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"The report is larger than the {max_bytes:,} bytes that are allowed.")
        self.max_bytes = max_bytes


class FeedRedirected(UpstreamError):
    """The feed redirected to another host, to plain HTTP, or without end."""

    code = "feed_redirected"


class CircuitOpen(UpstreamError):
    """The feed failed so often that it is not asked at all before `retry_at`."""

    status = 503
    code = "feed_circuit_open"

    def __init__(self, retry_at: datetime) -> None:
        super().__init__(f"The feed failed too often and is left alone until {rfc3339(retry_at)}.")
        self.retry_at = retry_at


class UnreadableReport(UpstreamError):
    """A body that is not a report as a whole; single bad rows are rejected, not raised."""

    code = "unreadable_report"
