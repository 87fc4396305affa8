"""How Alembic reaches the database: over a connection it is handed, or over `DATABASE_URL`."""

import os
import re
from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine

from goatedvips.kit.postgres import sqlalchemy_url
from goatedvips.models import Base

_MADE_ELSEWHERE = re.compile(r"(wager_readings|transformation_logs|api_request_logs)_\d{6,8}|ix_\w+_trgm")
"""Partitions come by the month and the day; trigram indexes only where the extension is to be had."""


def _include_object(_object: Any, name: str | None, *_rest: Any) -> bool:  # noqa: ANN401 - Alembic's own signature
    return name is None or not _MADE_ELSEWHERE.match(name)


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=_include_object,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


handed = context.config.attributes.get("connection")
if handed is not None:
    _run(handed)
else:
    with create_engine(sqlalchemy_url(os.environ["DATABASE_URL"])).connect() as own:
        _run(own)
