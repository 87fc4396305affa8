"""The first system's database, as the seed writes it out; its statements are written here by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

SCHEMA = """
CREATE TABLE users (
    id serial PRIMARY KEY,
    username text NOT NULL UNIQUE,
    email text UNIQUE,
    password text,
    bio text,
    profile_color text DEFAULT '#D7FF00',
    created_at timestamp DEFAULT now(),
    last_login timestamp,
    is_admin boolean DEFAULT false,
    email_verified boolean DEFAULT false,
    verification_token text,
    goated_id text UNIQUE,
    goated_username text,
    goated_account_linked boolean DEFAULT false,
    total_wager text,
    daily_wager text,
    weekly_wager text,
    monthly_wager text,
    last_wager_sync timestamp,
    last_updated timestamp
);
CREATE TABLE wager_races (
    id serial PRIMARY KEY,
    name text NOT NULL,
    type text NOT NULL,
    start_date timestamp NOT NULL,
    end_date timestamp NOT NULL,
    status text DEFAULT 'scheduled',
    prize_pool numeric NOT NULL,
    created_at timestamp DEFAULT now(),
    updated_at timestamp DEFAULT now(),
    metadata jsonb
);
CREATE TABLE wager_race_participants (
    id serial PRIMARY KEY,
    race_id integer REFERENCES wager_races (id),
    user_id integer REFERENCES users (id),
    goated_id text,
    wagered numeric DEFAULT '0',
    position integer,
    prize numeric,
    joined_at timestamp DEFAULT now(),
    last_updated timestamp
);
CREATE TABLE transformation_logs (
    id serial PRIMARY KEY,
    transformation_type text NOT NULL,
    source_type text NOT NULL,
    records_processed integer DEFAULT 0,
    records_created integer DEFAULT 0,
    records_updated integer DEFAULT 0,
    records_skipped integer DEFAULT 0,
    start_time timestamp DEFAULT now(),
    end_time timestamp,
    status text DEFAULT 'running',
    error text,
    metadata jsonb
);
CREATE TABLE sync_logs (
    id serial PRIMARY KEY,
    sync_type text NOT NULL,
    target_entity text NOT NULL,
    records_processed integer DEFAULT 0,
    records_created integer DEFAULT 0,
    records_updated integer DEFAULT 0,
    records_skipped integer DEFAULT 0,
    start_time timestamp DEFAULT now(),
    end_time timestamp,
    status text DEFAULT 'running',
    error text,
    metadata jsonb
);
"""


class FirstSystem:
    """A database of the first system."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn

    def add(self, table: str, **columns: Any) -> int:  # noqa: ANN401 - what SQL takes
        """Add a row; return its number."""
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING id").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join(map(sql.Placeholder, columns)),
        )
        with self.connected() as connection:
            row = connection.execute(statement, columns).fetchone()
        assert row is not None
        return int(row[0])

    def user(self, username: str, **columns: Any) -> int:  # noqa: ANN401 - what SQL takes
        """Add somebody with an address and a password that can be kept; return his number."""
        kept = {"email": f"{username}@example.com", "password": HASHED, "created_at": "2025-03-01 12:00:00"}
        return self.add("users", username=username, **kept | columns)

    def execute(self, statement: str) -> None:
        """Change the database."""
        with self.connected() as connection:
            connection.execute(statement.encode())

    @contextmanager
    def connected(self) -> Iterator[psycopg.Connection]:
        """Yield a connection."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            yield connection


PASSWORD = "correct horse battery"
HASHED = "$2a$04$8GuFrGSG.jm3s8hWdOs3Me6BUia1HnZLbzewaxuPLWkq7Grvs5466"
"""Of that password, as the first system's library wrote it."""
CLEAR = "hunter2-in-clear-text"
