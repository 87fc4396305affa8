"""What is kept how long: the one place that says it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of a table go when they are older than so long."""

    table: str
    age: timedelta
    after: str
    """After what, in words, and what stays whatever its age."""
    by_the_day: bool = False
    """Whether whole days go, with their partitions: then the oldest is up to a day older."""
    at_once: int = 5_000
    """Rows in one transaction, so that none lasts long."""

    def before(self, now: datetime) -> datetime:
        """Return the moment before which it goes."""
        return now - self.age


EVENTS_KEPT = 30 * _DAY
_LAPSE_AFTER = 30 * _DAY


def rules(report_age: timedelta) -> tuple[Rule, ...]:
    """Return every rule; how long raw reports are kept is the operator's choice."""
    return (
        Rule("transformation_logs", 30 * _DAY, "the step", by_the_day=True),
        Rule("api_request_logs", 7 * _DAY, "the request", by_the_day=True),
        # A report may be megabytes.
        Rule(
            "feed_reports",
            report_age,
            "it came last; those that bound a race stay, and the last that was applied",
            at_once=50,
        ),
        Rule("outbox", EVENTS_KEPT, "it was delivered; what was not stays"),
        Rule("idempotency_keys", 24 * _HOUR, "the first answer"),
        Rule("login_attempts", _DAY, "the attempt"),
        Rule("user_tokens", 7 * _DAY, "it was used, or ended"),
        # Until then they tell when an account was last used.
        Rule("user_sessions", _LAPSE_AFTER, "its end"),
        Rule("user_devices", 365 * _DAY, "it last signed in"),
        Rule(
            "users",
            _LAPSE_AFTER,
            "it registered and was last used; only accounts that verified no address and did nothing",
            at_once=500,
        ),
    )


FOR_EVER = frozenset(
    {
        *("players", "player_names", "wager_totals", "wager_readings", "tier_changes"),
        *("wager_races", "race_series", "wager_race_participants", "exclusions"),
        *("race_standings", "race_awards", "race_proofs", "ledger_transfers", "audit_log"),
        *("sync_logs", "sync_requests", "quarantine_reviews", "link_requests", "link_signatures"),
        *("self_exclusions", "face_revision"),
        *("legacy_rows", "legacy_races", "legacy_race_participants"),
    }
)
"""Race data and readings, what proves them, and who did what."""

UNTIL_DELETION = frozenset({"user_accounts", "user_credentials", "user_names", "recovery_codes", "api_keys"})
"""What goes with its account."""
