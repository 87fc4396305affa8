"""What never gets into a log."""

import io
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from goatedvips.kit.logging import configure_logging
from goatedvips.kit.postgres import create_engine

ADD = text("INSERT INTO user_accounts (user_id, email) VALUES (:user_id, :email)")
ROW = {"user_id": 4711, "email": "ada@secret.example"}


@pytest.fixture(params=[True, False], ids=["JSON", "text"])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    with redirect_stderr(io.StringIO()) as errors:
        configure_logging(as_json=request.param)
    yield errors
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


async def test_an_error_of_the_database_is_logged_without_the_row_that_it_refused(
    dsn: str, written: io.StringIO
) -> None:
    engine = create_engine(dsn, acting="system")
    try:
        async with engine.begin() as connection:
            await connection.execute(ADD, ROW)
    except IntegrityError:
        structlog.get_logger().exception("request.crashed")
    await engine.dispose()

    logged = written.getvalue()
    assert "request.crashed" in logged
    assert "ForeignKeyViolation" in logged
    assert "INSERT INTO user_accounts" in logged
    assert "ada@secret" not in logged
    assert "=(4711)" not in logged
