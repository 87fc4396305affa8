"""What a process takes down of its requests, and that nothing of it ever waits or breaks."""

from collections import Counter
from typing import Any

import anyio
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import Scope

from goatedvips.accounts.identity import Identity
from goatedvips.accounts.roles import Role
from goatedvips.kit.postgres import create_engine
from goatedvips.request_log.recorder import AT_ONCE, FAILED, FULL, MOST_WAITING, RequestRecorder
from tests.people import Person, add_person
from tests.pipeline import NOON, Hands
from tests.roles import app_dsn, reader_dsn

ASKED = "goatedvips.asked"
LOGGED = "SELECT {} FROM api_request_logs ORDER BY at, {}"


def scope_of(path: str = "/api/tiers", **more: object) -> Scope:
    return {"path": path, "request_id": "r1", "client": ("203.0.113.9", 5), "query_string": b"q=x", **more}


def note(recorder: RequestRecorder, scope: Scope | None = None, *, times: int = 1, status: int = 200) -> None:
    for _ in range(times):
        recorder.note(scope or scope_of(), method="GET", status=status, seconds=0.0123)


async def logged(engine: AsyncEngine, columns: str = "*", *, by: str = "id") -> list[tuple[Any, ...]]:
    async with engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(LOGGED.format(columns, by)))]


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def recorder(engine: AsyncEngine, clock: Hands) -> RequestRecorder:
    return RequestRecorder(engine, clock)


def value(counter: Any) -> float:  # noqa: ANN401 - Prometheus' child of a counter
    counted: float = counter._value.get()
    return counted


async def test_nothing_is_written_while_a_request_is_answered(
    recorder: RequestRecorder, engine: AsyncEngine
) -> None:
    note(recorder)
    before = await logged(engine)
    await recorder.write()

    assert before == []
    assert await logged(engine, "at, request_id, method, path, status, milliseconds, address") == [
        (NOON, "r1", "GET", "/api/tiers", 200, 12, "203.0.113.9")
    ]


async def test_many_requests_are_few_statements(recorder: RequestRecorder, engine: AsyncEngine) -> None:
    note(recorder, times=2 * AT_ONCE + 1)
    await recorder.write()

    # What one statement writes has one transaction.
    batches = Counter(transaction for (transaction,) in await logged(engine, "xmin::text"))
    assert sorted(batches.values()) == [1, AT_ONCE, AT_ONCE]


async def test_what_was_taken_down_is_written_within_a_second_and_the_rest_at_the_end(
    recorder: RequestRecorder, engine: AsyncEngine
) -> None:
    async with recorder.running():
        note(recorder)
        with anyio.fail_after(10):
            while not await logged(engine):  # noqa: ASYNC110 - the database tells nobody
                await anyio.sleep(0.01)
        note(recorder, times=3)

    assert len(await logged(engine)) == 4


async def test_much_at_once_does_not_wait_for_the_second(
    recorder: RequestRecorder, engine: AsyncEngine
) -> None:
    recorder.every = 3600
    async with recorder.running():
        note(recorder, times=AT_ONCE)
        with anyio.fail_after(10):
            while not await logged(engine):  # noqa: ASYNC110 - the database tells nobody
                await anyio.sleep(0.01)


async def test_a_full_memory_loses_the_newest_and_counts_them(recorder: RequestRecorder) -> None:
    before = value(FULL)
    note(recorder, scope_of("/api/first"), times=MOST_WAITING)
    note(recorder, scope_of("/api/too-late"), times=7)

    assert value(FULL) - before == 7
    assert {answered.path for answered in recorder.waiting} == {"/api/first"}


async def test_a_database_that_is_down_loses_what_it_would_have_got_and_no_more(
    recorder: RequestRecorder, engine: AsyncEngine, clock: Hands
) -> None:
    gone = create_engine("postgresql://nobody:nothing@127.0.0.1:1/nowhere", acting="system")
    lost, recorder.engine = value(FAILED), gone
    note(recorder, times=AT_ONCE + 5)
    await recorder.write()
    recorder.engine = engine
    note(recorder)
    await recorder.write()
    await gone.dispose()

    assert value(FAILED) - lost == AT_ONCE + 5
    assert len(await logged(engine)) == 1


async def test_an_end_does_not_wait_for_a_database_that_does_not_answer(
    recorder: RequestRecorder, dsn: str
) -> None:
    recorder.last_within = 0.05
    lost, owner = value(FAILED), create_engine(dsn)
    async with owner.begin() as blocking:
        await blocking.execute(text("LOCK TABLE api_request_logs IN ACCESS EXCLUSIVE MODE"))
        with anyio.fail_after(10):
            async with recorder.running():
                note(recorder, times=AT_ONCE + 3)
    await owner.dispose()

    assert value(FAILED) - lost == AT_ONCE + 3


async def test_room_is_made_for_each_day(
    recorder: RequestRecorder, engine: AsyncEngine, clock: Hands, dsn: str
) -> None:
    note(recorder)
    clock.move(days=1)
    note(recorder)
    await recorder.write()
    clock.move(days=40)
    note(recorder)
    await recorder.write()

    assert await logged(engine, "tableoid::regclass::text") == [
        ("api_request_logs_20250326",),
        ("api_request_logs_20250327",),
        ("api_request_logs_20250506",),
    ]


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/api/" + "x" * 8000, "/api/" + "x" * 195),
        ("/api/a\0b", "/api/a\ufffdb"),
        ("/api/\ud800", "/api/?"),
        ("/api/Ünal,\t\"'\\N", "/api/Ünal,\t\"'\\N"),
    ],
)
async def test_what_no_route_has_is_kept_as_far_as_it_can_be(
    recorder: RequestRecorder, engine: AsyncEngine, path: str, kept: str
) -> None:
    note(recorder, scope_of(path), status=404)
    await recorder.write()

    assert await logged(engine, "path") == [(kept,)]


async def test_a_row_that_cannot_be_written_stops_no_other(
    recorder: RequestRecorder, engine: AsyncEngine
) -> None:
    lost = value(FAILED)
    note(recorder, status=2**70)
    await recorder.write()
    note(recorder)
    await recorder.write()

    assert value(FAILED) - lost == 1
    assert len(await logged(engine)) == 1


@pytest.mark.parametrize(("host", "kept"), [("127.0.0.1", None), ("2001:db8::1", "2001:0db8:0000:0000::/64")])
async def test_an_address_is_kept_as_it_is_counted(
    recorder: RequestRecorder, engine: AsyncEngine, host: str, kept: str | None
) -> None:
    note(recorder, scope_of(client=(host, 1)))
    note(recorder, scope_of(client=None))
    await recorder.write()

    assert await logged(engine, "address") == [(kept,), (None,)]


async def test_who_had_himself_erased_meanwhile_leaves_no_trace(
    recorder: RequestRecorder, engine: AsyncEngine, dsn: str
) -> None:
    stays, erased = add_person(dsn, "stays"), add_person(dsn, "goes")
    for person in (stays, erased):
        note(recorder, {**scope_of(), ASKED: identity(person)})
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE users SET status = 'erased' WHERE id = :id"), {"id": erased.id})

    await recorder.write()

    assert await logged(engine, "user_id, api_key_id, address") == [
        (stays.id, 7, "203.0.113.9"),
        (None, None, None),
    ]


def identity(person: Person) -> Identity:
    return Identity(
        user_id=person.id,
        username=person.username,
        role=Role.USER,
        permissions=frozenset(),
        session_id=None,
        key_id=7,
        until=None,
        proved_at=None,
    )


async def test_who_acts_for_nobody_sees_nothing_and_who_only_looks_no_address(
    recorder: RequestRecorder, dsn: str
) -> None:
    note(recorder)
    await recorder.write()
    nobody, reader = create_engine(app_dsn(dsn)), create_engine(reader_dsn(dsn))

    assert await logged(nobody) == []
    assert await logged(reader, "method, path", by="path") == [("GET", "/api/tiers")]
    with pytest.raises(ProgrammingError, match="permission denied"):
        await logged(reader, "address", by="path")
    await nobody.dispose()
    await reader.dispose()
