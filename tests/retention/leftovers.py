"""What is there to be let go: rows and days of logs, made behind the program's back."""

from collections.abc import Mapping
from datetime import timedelta

from goatedvips.models import Base
from goatedvips.retention.rules import rules
from goatedvips.retention.service import Retention
from tests.people import add_person
from tests.pipeline import NOON, Pipeline

REST = {
    "idempotency_keys": {"user_id": "{user}", "key": "'k' || {n}", "request_sha256": "sha256('x')"},
    "login_attempts": {"kind": "'sign_in'", "subject_sha256": "sha256('x')"},
    "user_tokens": {
        "user_id": "{user}",
        "sha256": "sha256(('x' || {n})::bytea)",
        "purpose": "'verify_email'",
        "email": "'a@example.com'",
        "created_at": "'-infinity'",
    },
    "user_sessions": {
        "user_id": "{user}",
        "token_sha256": "sha256(('x' || {n})::bytea)",
        "created_at": "'-infinity'",
        "authenticated_at": "'-infinity'",
        "last_seen_at": "'-infinity'",
    },
    "user_devices": {"user_id": "{user}", "token_sha256": "sha256(('x' || {n})::bytea)"},
    "outbox": {
        "key": "'k' || {n}",
        "kind": "'race.completed'",
        "subject": "'race:1'",
        "payload": "'{}'",
        "created_at": "'-infinity'",
        "due_at": "'-infinity'",
    },
}
"""What a row of each table needs besides the instants that count, as SQL."""


def keeping(pipeline: Pipeline, *, days: int = 30) -> Retention:
    """The rules as a worker keeps to them."""
    return Retention(pipeline.engine, pipeline.clock, rules(timedelta(days=days)))


async def add_row(
    pipeline: Pipeline, table: str, instants: Mapping[str, int | None], *, times: int = 1
) -> None:
    """Add rows whose instants are so many minutes after noon; None for none."""
    values = dict(REST[table])
    for column, minutes in instants.items():
        values[column] = "NULL" if minutes is None else f"'{NOON + timedelta(minutes=minutes)}'"
    columns, expressions = ", ".join(values), ", ".join(values.values())
    user = add_person(pipeline.dsn, f"owner_of_{table}").id if "{user}" in expressions else 0
    expressions = expressions.replace("{user}", str(user)).replace("{n}", "number")
    await pipeline.execute(
        f"INSERT INTO {table} ({columns}) SELECT {expressions} FROM generate_series(1, {times}) AS number"
    )


async def add_log_days(pipeline: Pipeline, days: int) -> None:
    """Add a row to both logs for each of so many days from noon on."""
    await pipeline.execute(
        "INSERT INTO sync_logs (sync_type, target_entity, start_time, end_time, status)"
        f" VALUES ('test', 'wagers', '{NOON}', '{NOON}', 'failed')"
    )
    for day in range(days):
        at = NOON + timedelta(days=day)
        for table in ("transformation_logs", "api_request_logs"):
            await pipeline.execute(f"SELECT make_room('{table}', '{at.date()}')")
        await pipeline.execute(
            "INSERT INTO transformation_logs (run_id, transformation_type, source_type, start_time, status)"
            f" SELECT max(id), 'test', 'test', '{at}', 'completed' FROM sync_logs"
        )
        await pipeline.execute(
            "INSERT INTO api_request_logs (at, request_id, method, path, status, milliseconds)"
            f" VALUES ('{at}', 'r', 'GET', '/api/tiers', 200, 1)"
        )


async def counts(pipeline: Pipeline) -> dict[str, int]:
    """Return how many rows each table has."""
    every = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in Base.metadata.tables)
    return {str(table): int(rows) for table, rows in await pipeline.fetch(every)}
