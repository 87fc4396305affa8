"""Series and instants that calendars must get right."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from goatedvips.races.rules.calendar import SeriesRule

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "America/Nuuk",
    "America/St_Johns",
    "UTC",
)
rules = st.builds(
    SeriesRule,
    type=st.sampled_from(["daily", "weekly", "monthly"]),
    zone=st.sampled_from(ZONES),
    start_hour=st.integers(0, 23),
    weekday=st.integers(0, 6),
    day_of_month=st.integers(1, 31),
)
instants = st.datetimes(datetime(2005, 1, 1), datetime(2045, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone
# Days on which the clocks of these zones change, or a date is skipped.
instants |= st.sampled_from(
    [(2011, 12, 29), (2024, 3, 30), (2024, 10, 26), (2018, 11, 3), (2021, 10, 2), (2008, 11, 1)]
).flatmap(
    lambda day: st.timedeltas(timedelta(0), timedelta(days=3)).map(
        lambda later: datetime(*day, tzinfo=UTC) + later
    )
)
LONGEST = {"daily": timedelta(hours=48), "weekly": timedelta(days=8), "monthly": timedelta(days=32)}
