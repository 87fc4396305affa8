"""Under a server that offers no more than ASGI, the endpoints do the same with what there is."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from goatedvips.realtime.options import RealtimeOptions
from tests.realtime.conftest import Site, race, running
from tests.realtime.raw_client import PAGE, idle_client


@pytest.fixture
def plain(options: RealtimeOptions) -> Iterator[Site]:
    with running(replace(options, stall_after=0.3, error_burst=1), ws="websockets-sansio") as site:
        yield site


async def test_frames_and_answers_go_out(plain: Site) -> None:
    plain.publish(race(1), default=True)

    async with plain.client() as client:
        first = await client.hear()
        await client.hears_nothing()
        await client.subscribe("race:7", version=1, mode="delta")
        plain.publish(race(2, delta=True))
        second = await client.hear()

    assert [first["type"], second["type"]] == ["RACE_UPDATE", "RACE_DELTA"]
    await plain.until(lambda: plain.hub.counts.connections == 0)


async def test_whoever_talks_nonsense_is_closed(plain: Site) -> None:
    async with plain.client() as client:
        await client.say(type="nonsense")
        await client.say(type="nonsense")

        assert await client.close_code() == 1008


async def test_whoever_never_reads_is_let_go(plain: Site) -> None:
    with idle_client(plain):
        for version in range(1, 31):
            plain.publish(race(version, padding=PAGE), default=True)
        await plain.until(lambda: plain.hub.counts.connections == 0)

    assert plain.hub.counts.stalled == 1


async def test_a_closing_hub_says_goodbye(plain: Site) -> None:
    async with plain.client() as client:
        await client.hears_nothing()
        await asyncio.to_thread(plain.stop)

        assert await client.close_code() == 1001
