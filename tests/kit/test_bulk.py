"""Rows by the million come in order and whole."""

import numpy as np
import pytest
from psycopg import sql

from goatedvips.kit.bulk import bigint_array, escaped, read_bigints, write_lines
from goatedvips.kit.postgres import create_engine


async def test_rows_come_in_the_order_that_was_asked_for(dsn: str) -> None:
    engine = create_engine(dsn)
    query = sql.SQL("SELECT n, -n FROM unnest(%s::bigint[]) AS n ORDER BY n DESC")
    numbers = np.random.default_rng(7).permutation(40_000).astype(np.int64)
    async with engine.connect() as connection:
        rows = await read_bigints(connection, query, (bigint_array(numbers),), columns=2)
        none = await read_bigints(connection, query, (bigint_array(numbers[:0]),), columns=2)
    await engine.dispose()

    assert rows[:, 0].tolist() == list(range(39_999, -1, -1))
    assert (rows[:, 1] == -rows[:, 0]).all()
    assert none.shape == (0, 2)


async def test_a_null_is_no_row_left_out(dsn: str) -> None:
    engine = create_engine(dsn)
    async with engine.connect() as connection:
        with pytest.raises(ValueError, match="null"):
            await read_bigints(connection, sql.SQL("VALUES (1::bigint), (NULL), (3)"), columns=1)
    await engine.dispose()


async def test_whatever_a_text_holds_is_written_as_it_is(dsn: str) -> None:
    engine = create_engine(dsn)
    texts = ["plain", "tab\tnew\nline\rback\\slash", r"\N", r"\.", "", "ünï 🐐"]
    async with engine.connect() as connection:
        await connection.exec_driver_sql("CREATE TEMPORARY TABLE held (text text)")
        await write_lines(connection, sql.SQL("held (text)"), map(escaped, texts))
        held = (await connection.exec_driver_sql("SELECT text FROM held")).scalars().all()
    await engine.dispose()

    assert held == texts
