import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import httpx2
import pytest

from goatedvips.realtime.options import RealtimeOptions
from goatedvips.realtime.stream import event_id, versions_of
from tests.realtime.conftest import Site, race, running


@dataclass
class Events:
    lines: AsyncIterator[str]

    async def block(self) -> dict[str, str]:
        """Read up to the next empty line."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(10):
            async for line in self.lines:
                if not line:
                    return fields
                name, _, value = line.partition(":")
                fields[name] = value.strip()
        raise EOFError


@asynccontextmanager
async def listening(site: Site, query: str = "", **headers: str) -> AsyncIterator[Events]:
    url = f"http://127.0.0.1:{site.port}/api/events{query}"
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx2.AsyncClient(timeout=20) as client, client.stream("GET", url, headers=names) as response:
        assert response.status_code == 200
        events = Events(response.aiter_lines())
        assert await events.block() == {"retry": "2000"}
        yield events


async def test_a_stream_without_topics_carries_every_live_race(site: Site) -> None:
    site.publish(race(1), default=True)

    async with listening(site) as events:
        present = await events.block()
        site.publish(race(2), default=True)
        change = await events.block()

    assert (present["event"], present["id"]) == ("RACE_UPDATE", "race:7=1")
    assert (change["event"], change["id"]) == ("RACE_UPDATE", "race:7=2")
    assert race(2).whole == change["data"]


async def test_a_stream_resumes_from_the_last_event_id(site: Site) -> None:
    site.publish(race(4, race_id=7, delta=True))
    site.publish(race(4, race_id=8, delta=True))
    query = "?topics=race:7,race:8&mode=delta"

    async with listening(site, query, Last_Event_ID="race:7=3,race:8=4") as events:
        received = [await events.block() for _ in range(3)]
        site.publish(race(5, race_id=8, delta=True))
        received.append(await events.block())

    assert [event["event"] for event in received] == ["SUBSCRIBED", "SUBSCRIBED", "RACE_DELTA", "RACE_DELTA"]
    assert received[2]["id"] == "race:7=4,race:8=4"
    assert received[3]["id"] == "race:7=4,race:8=5"


async def test_a_silent_stream_shows_that_it_is_alive(options: RealtimeOptions) -> None:
    with running(replace(options, heartbeat=0.05)) as site:
        async with listening(site) as events:
            assert await events.block() == {"": "still here"}


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("?topics=weather", 422, "invalid_fields"),
        ("?topics=races&mode=fast", 422, "invalid_fields"),
        ("?topics=" + ",".join(f"race:{n}" for n in range(1, 40)), 422, "invalid_fields"),
        ("?topics=race:1", 404, "topic_unknown"),
        ("?topics=me", 403, "topic_denied"),
    ],
)
async def test_what_cannot_be_followed_is_said_before_the_stream_begins(
    site: Site, query: str, status: int, code: str
) -> None:
    async with httpx2.AsyncClient() as client:
        response = await client.get(f"http://127.0.0.1:{site.port}/api/events{query}")

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert site.hub.counts.connections == 0


async def test_a_head_request_does_not_wait_for_events(site: Site) -> None:
    async with httpx2.AsyncClient() as client:
        response = await client.head(f"http://127.0.0.1:{site.port}/api/events")

    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"


async def test_a_listener_that_leaves_is_forgotten(site: Site) -> None:
    async with listening(site):
        assert site.hub.counts.connections == 1
    await site.until(lambda: site.hub.counts.connections == 0)


async def test_streams_end_at_shutdown_instead_of_holding_it_up(site: Site) -> None:
    async with listening(site) as events:
        await asyncio.to_thread(site.stop)

        with pytest.raises(EOFError):
            await events.block()


async def test_a_listener_that_never_reads_is_let_go(options: RealtimeOptions) -> None:
    with running(replace(options, stall_after=0.3), log_config=None) as site, socket.socket() as never:
        never.connect(("127.0.0.1", site.port))
        never.sendall(b"GET /api/events HTTP/1.1\r\nHost: here\r\n\r\n")
        await site.until(lambda: site.hub.counts.connections == 1)
        # Far more than the buffers between us hold.
        for version in range(1, 101):
            site.publish(race(version, padding=512 * 1024), default=True)
        await site.until(lambda: site.hub.counts.connections == 0)

        assert site.hub.counts.stalled == 1


def test_an_event_id_says_what_is_held_and_nonsense_says_nothing() -> None:
    held = {"race:7": 42, "leaderboard:this_week": 3, "races": 0}

    assert versions_of(event_id(held)) == held
    assert versions_of(event_id({"me:5": 2})) == {"me": 2}
    assert versions_of("race:7=,=4,weather=1,race:7=99999999999999999999,\x00") == {}
    assert versions_of("races=1," * 1000) == {}
