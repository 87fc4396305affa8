"""Clients that read slowly, or not at all, over real sockets."""

import asyncio
from dataclasses import replace

from goatedvips.realtime.options import RealtimeOptions
from tests.realtime.conftest import Site, race, running
from tests.realtime.raw_client import PAGE, idle_client


async def test_a_slow_reader_gets_the_newest_version_and_none_of_those_it_slept_through(site: Site) -> None:
    with idle_client(site) as slow:
        version = 0
        while site.do(lambda: [w.blocked_since for w in site.hub._watchers]) == [None]:
            version += 1
            site.publish(race(version, padding=PAGE), default=True)
        blocked_at = version
        for version in range(blocked_at + 1, blocked_at + 51):
            site.publish(race(version, padding=PAGE), default=True)
        reading = asyncio.create_task(asyncio.to_thread(slow.read_all))
        await site.until_blocked(0)
        await asyncio.to_thread(site.stop)
        versions = [message["version"] for message in await reading]

    assert [*range(1, blocked_at), version] == versions
    assert site.hub.counts.dropped == 50


async def test_a_client_that_never_reads_is_closed_with_1013_and_costs_the_others_nothing(
    options: RealtimeOptions,
) -> None:
    with running(replace(options, stall_after=0.3)) as site, idle_client(site) as never:
        async with site.client() as one, site.client() as other:
            heard = []
            for version in range(1, 31):
                site.publish(race(version, padding=PAGE), default=True)
                heard += [(await one.hear())["version"], (await other.hear())["version"]]
            await site.until(lambda: site.hub.counts.connections == 2)
            site.publish(race(31), default=True)
            heard += [(await one.hear())["version"], (await other.hear())["version"]]

        last_words = await asyncio.to_thread(never.read_all)

    assert [version for version in range(1, 32) for _ in range(2)] == heard
    assert site.hub.counts.stalled == 1
    assert len(last_words) < 31
    assert never.protocol.close_code == 1013


async def test_a_client_that_never_reads_does_not_hold_up_a_shutdown(site: Site) -> None:
    with idle_client(site):
        for version in range(1, 31):
            site.publish(race(version, padding=PAGE), default=True)
        await site.until_blocked(1)

        await asyncio.wait_for(asyncio.to_thread(site.stop), 10)


async def test_a_client_that_says_goodbye_but_never_reads_is_hung_up_on(site: Site) -> None:
    with idle_client(site) as rude:
        for version in range(1, 31):
            site.publish(race(version, padding=PAGE), default=True)
        await site.until_blocked(1)
        rude.protocol.send_close(1000)
        rude.connection.sendall(b"".join(rude.protocol.data_to_send()))
        await site.until(lambda: site.hub.counts.connections == 0)
