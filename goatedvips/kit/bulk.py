"""Rows by the million: out of PostgreSQL as arrays, in as lines of COPY, never as an object a field."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy.ext.asyncio import AsyncConnection

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


# Packed in PostgreSQL: a million rows, however small, cost Python seconds.
_PACKED = sql.SQL("""
    SELECT string_agg({fields}, '' ORDER BY place), count(*)
      FROM (SELECT row_number() OVER () AS place, found.* FROM ({query}) AS found({names})) AS found
     GROUP BY place >> 14
     ORDER BY place >> 14
""")


async def read_bigints(
    connection: AsyncConnection,
    query: sql.Composable,
    values: Sequence[Any] | Mapping[str, Any] = (),
    *,
    columns: int,
) -> NDArray[np.int64]:
    """Return what a query gives, in its order: every field a `bigint`. A null raises `ValueError`.

    Placeholders are psycopg's (`%s`); it is run in the connection's transaction.
    """
    names = [sql.Identifier(f"c{number}") for number in range(columns)]
    fields = sql.SQL(" || ").join(sql.SQL("int8send({})").format(name) for name in names)
    packed = _PACKED.format(fields=fields, query=query, names=sql.SQL(", ").join(names))
    driver = await _driver(connection)
    async with driver.cursor(binary=True) as cursor:
        await cursor.execute(packed, values)
        pieces = await cursor.fetchall()
    numbers = np.frombuffer(b"".join([piece for piece, _ in pieces if piece]), ">i8").reshape(-1, columns)
    # A row with a null would be left out without a word.
    if len(numbers) != sum(rows for _, rows in pieces):
        raise ValueError("a field is null")
    return numbers.astype(np.int64)


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
