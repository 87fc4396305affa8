"""What the database itself refuses, and that models and migrations agree."""

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from goatedvips.kit.migrations import migrate, revisions
from goatedvips.kit.postgres import sqlalchemy_url


def test_a_migrated_database_needs_nothing_more(dsn: str) -> None:
    before, after = migrate(dsn)

    assert before == after == revisions(dsn)[1]


def test_the_models_say_what_the_migrations_made(dsn: str) -> None:
    config = Config()
    config.set_main_option("script_location", "goatedvips:migrations")
    engine = create_engine(sqlalchemy_url(dsn))
    with engine.connect() as connection:
        config.attributes["connection"] = connection

        command.check(config)
    engine.dispose()


@pytest.mark.parametrize("column", ["today", "this_week", "this_month", "all_time"])
def test_no_amount_is_ever_negative(dsn: str, column: str) -> None:
    with psycopg.connect(dsn) as connection, pytest.raises(psycopg.errors.CheckViolation, match=column):
        connection.execute(
            "ALTER TABLE wager_totals DROP CONSTRAINT fk_wager_totals_player_id_players;"
            "INSERT INTO wager_totals VALUES (1, 0, 0, 0, 0, 1, 1, 1, 1);"
            f"UPDATE wager_totals SET {column} = -1"
        )
