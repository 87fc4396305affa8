"""Rows by the million, over PostgreSQL's COPY: out as arrays, in as lines, never as an object a field."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy.ext.asyncio import AsyncConnection

# PostgreSQL's binary COPY: a header of 19 bytes, rows of length-prefixed big-endian fields, a trailer of 2.
_HEADER, _TRAILER = 19, 2
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


async def read_bigints(
    connection: AsyncConnection,
    query: sql.Composable,
    values: Sequence[Any] | Mapping[str, Any] = (),
    *,
    columns: int,
) -> NDArray[np.int64]:
    """Return what a query gives, a row a row: every field a `bigint`, and none of them null.

    Placeholders are psycopg's (`%s`); it is run in the connection's transaction.
    """
    driver = await _driver(connection)
    statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT binary)").format(query)
    async with driver.cursor() as cursor, cursor.copy(statement, values) as copy:
        body = b"".join([bytes(block) async for block in copy])
    row = np.dtype([("fields", ">i2"), ("sized", [("size", ">i4"), ("value", ">i8")], columns)])
    rows, rest = divmod(len(body) - _HEADER - _TRAILER, row.itemsize)
    assert not rest, "a field is no bigint, or null"  # noqa: S101 - the query is ours, and wrong
    return np.frombuffer(body, row, rows, _HEADER)["sized"]["value"].astype(np.int64)


async def write_lines(connection: AsyncConnection, table: sql.Composable, lines: Iterable[str]) -> None:
    """Write lines of COPY's text format, without their ends, into `table (columns)`."""
    driver = await _driver(connection)
    statement = sql.SQL("COPY {} FROM STDIN").format(table)
    async with driver.cursor() as cursor, cursor.copy(statement) as copy:
        await copy.write("".join(f"{line}\n" for line in lines))


def bigint_array(numbers: NDArray[np.int64]) -> str:
    """Return numbers as PostgreSQL writes a `bigint[]`: as a list, psycopg would look at each of them."""
    return f"{{{','.join(map(str, numbers.tolist()))}}}"


def escaped(text: str) -> str:
    r"""Return a text as COPY's text format writes it; `\N` stands for null."""
    return text.translate(_ESCAPES)


async def _driver(connection: AsyncConnection) -> psycopg.AsyncConnection[Any]:
    driver = (await connection.get_raw_connection()).driver_connection
    assert isinstance(driver, psycopg.AsyncConnection)  # noqa: S101 - the only driver we use
    return driver
