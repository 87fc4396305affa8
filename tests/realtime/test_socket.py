import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from goatedvips.realtime.options import RealtimeOptions
from tests.realtime.conftest import Client, Site, SomeUser, race, running
from tests.realtime.raw_client import idle_client


async def test_a_client_that_just_connects_gets_every_live_race_and_then_each_change(site: Site) -> None:
    site.publish(race(1, race_id=7), default=True)
    site.publish(race(1, race_id=8), default=True)
    site.publish(race(1, race_id=9))

    async with site.client() as client:
        present = [await client.hear(), await client.hear()]
        site.publish(race(2, race_id=8, delta=True), default=True)
        change = await client.hear()

    assert [message["topic"] for message in present] == ["race:7", "race:8"]
    assert {message["type"] for message in present} == {"RACE_UPDATE"}
    assert change["type"] == "RACE_UPDATE"
    assert change["data"]["seen"] == 2


async def test_a_race_that_goes_live_reaches_a_plain_client_and_one_that_is_withdrawn_does_not(
    site: Site,
) -> None:
    async with site.client() as client:
        await client.hears_nothing()
        site.publish(race(1))
        await client.hears_nothing()
        site.publish(race(1), default=True)
        went_live = await client.hear()
        site.publish(race(2), default=True)
        site.do(lambda: site.hub.withdraw("race:7"))
        last = await client.hear()
        site.publish(race(3))
        await client.hears_nothing()

    assert went_live["version"] == 1
    assert last["version"] == 2


async def test_after_its_first_subscription_a_client_gets_only_what_it_asked_for(site: Site) -> None:
    site.publish(race(1, race_id=7), default=True)
    site.publish(race(1, race_id=8), default=True)

    async with site.client() as client:
        await client.hear()
        await client.hear()
        assert await client.subscribe("race:8") == {"type": "SUBSCRIBED", "topic": "race:8", "version": 1}
        assert (await client.hear())["topic"] == "race:8"
        site.publish(race(2, race_id=7), default=True)
        site.publish(race(2, race_id=8), default=True)
        assert (await client.hear())["topic"] == "race:8"
        await client.say(type="unsubscribe", topic="race:8")
        assert await client.hear() == {"type": "UNSUBSCRIBED", "topic": "race:8"}
        site.publish(race(3, race_id=8), default=True)
        await client.hears_nothing()


@pytest.mark.parametrize(
    ("asks", "gets"),
    [
        ({}, ["RACE_UPDATE"]),
        ({"version": 4}, []),
        ({"version": 3}, ["RACE_UPDATE"]),
        ({"version": 3, "mode": "delta"}, ["RACE_DELTA"]),
        ({"version": 2, "mode": "delta"}, ["RACE_UPDATE"]),
        ({"version": 9, "mode": "delta"}, ["RACE_UPDATE"]),
        ({"mode": "delta"}, ["RACE_UPDATE"]),
    ],
)
async def test_resuming_sends_the_least_that_leads_to_the_present(
    site: Site, asks: dict[str, object], gets: list[str]
) -> None:
    site.publish(race(4, delta=True))

    async with site.client() as client:
        confirmed = await client.subscribe("race:7", **asks)
        received = [await client.hear() for _ in gets]
        await client.hears_nothing()

    assert confirmed["version"] == 4
    assert [message["type"] for message in received] == gets
    assert all(message["version"] == 4 for message in received)


async def test_deltas_follow_one_another_and_a_gap_is_bridged_by_a_whole_page(site: Site) -> None:
    site.publish(race(1))

    async with site.client() as client:
        await client.subscribe("race:7", mode="delta")
        received = [await client.hear()]
        for frame in (race(2, delta=True), race(4, delta=True), race(5, delta=True)):
            site.publish(frame)
            received.append(await client.hear())

    assert [it["type"] for it in received] == ["RACE_UPDATE", "RACE_DELTA", "RACE_UPDATE", "RACE_DELTA"]
    assert received[1] == {
        "type": "RACE_DELTA",
        "topic": "race:7",
        "base": 1,
        "version": 2,
        "data": {"seen": 2},
    }


async def test_what_the_hub_does_not_hold_is_read_once_for_all_who_wait_and_never_overtakes_news(
    site: Site,
) -> None:
    site.source.frames["race:7"] = race(1)
    site.source.gate = asyncio.Event()

    async with site.client() as one, site.client() as other:
        await one.say(type="subscribe", topic="race:7")
        await other.say(type="subscribe", topic="race:7")
        await site.until(lambda: site.hub.watching("race:7") == 2)
        site.publish(race(2))
        site.do(site.source.gate.set)
        heard = [await one.hear(), await one.hear(), await other.hear(), await other.hear()]
        await one.hears_nothing()

    assert site.source.asked == ["race:7"]
    assert [message["version"] for message in heard] == [2, 2, 2, 2]


async def test_a_snapshot_that_fails_is_said_and_may_be_asked_for_again(site: Site) -> None:
    site.source.fails = True

    async with site.client() as client:
        failed = await client.subscribe("races")
        site.source.fails = False
        unknown = await client.subscribe("races")
        site.publish(race(1, race_id=5))
        found = await client.subscribe("race:5")

    assert (failed["type"], failed["code"], failed["topic"]) == ("ERROR", "not_ready", "races")
    assert (unknown["type"], unknown["code"], unknown["field"]) == ("ERROR", "topic_unknown", "topic")
    assert found["type"] == "SUBSCRIBED"


async def test_the_private_topic_is_denied_to_strangers_and_taken_back_at_sign_out(site: Site) -> None:
    site.source.frames["me:5"] = replace(race(1), topic="me:5")

    async with site.client() as stranger, site.client(X_User="5") as member:
        denied = await stranger.subscribe("me")
        welcome = await member.subscribe("me")
        await member.hear()
        site.do(lambda: site.hub.sign_out(lambda viewer: viewer == SomeUser(5)))
        taken_back = await member.hear()
        again = await member.subscribe("me")

    assert (denied["type"], denied["topic"]) == ("DENIED", "me")
    assert welcome["type"] == "SUBSCRIBED"
    assert (taken_back["type"], again["type"]) == ("DENIED", "DENIED")


async def test_a_ping_is_answered_with_the_time(site: Site) -> None:
    async with site.client() as client:
        await client.say(type="ping")

        assert await client.hear() == {"type": "pong", "now": "2026-07-01T12:00:00.000Z"}


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ("{", "malformed", None),
        ("[" * 60_000, "malformed", None),
        ("[1]", "malformed", None),
        (b"{}", "malformed", None),
        ("{}", "invalid_fields", "type"),
        ('{"type":"subscribe"}', "invalid_fields", "topic"),
        ('{"type":"subscribe","topic":"me:5"}', "invalid_fields", "topic"),
        ('{"type":"subscribe","topic":"races","version":"1"}', "invalid_fields", "version"),
        ('{"type":"subscribe","topic":"races","mode":"fast"}', "invalid_fields", "mode"),
        ('{"type":"ping","topic":"races"}', "invalid_fields", "topic"),
    ],
)
async def test_a_message_that_makes_no_sense_is_answered_with_what_is_wrong(
    site: Site, text: str | bytes, code: str, field: str | None
) -> None:
    async with site.client() as client:
        await client.connection.send(text)
        answer = await client.hear()
        await client.hears_nothing()

    assert (answer["type"], answer["code"], answer.get("field")) == ("ERROR", code, field)


async def test_whoever_goes_on_talking_nonsense_is_closed_with_1008(site: Site) -> None:
    async with site.client() as client:
        with suppress(ConnectionClosed):
            for _ in range(1000):
                await client.connection.send("nonsense")
                await client.hear()

        assert await client.close_code() == 1008


async def test_whoever_talks_too_fast_is_told_so(options: RealtimeOptions) -> None:
    with running(replace(options, message_burst=3, messages_per_second=0.001)) as site:
        async with site.client() as client:
            for _ in range(4):
                await client.say(type="ping")
            answers = [await client.hear() for _ in range(4)]

    assert [answer["type"] for answer in answers] == ["pong", "pong", "pong", "ERROR"]
    assert answers[3]["code"] == "too_many_requests"


@pytest.mark.parametrize("size", [64 * 1024 + 1, 5_000_000])
async def test_a_message_over_64_kib_closes_with_1009(site: Site, size: int) -> None:
    with idle_client(site) as client:
        await asyncio.to_thread(client.say, "x" * size)
        await asyncio.to_thread(client.read_all)

    assert client.protocol.close_code == 1009


async def test_a_message_of_64_kib_is_read(site: Site) -> None:
    async with site.client() as client:
        await client.connection.send('{"type":"ping"' + " " * (64 * 1024 - 15) + "}")

        assert (await client.hear())["type"] == "pong"


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1:{port}", 101),
        ("https://friend.example", 101),
        ("https://foe.example", 403),
        ("http://127.0.0.1:1", 403),
        ("null", 403),
    ],
)
async def test_only_our_own_pages_and_friends_may_open_a_socket(
    options: RealtimeOptions, origin: str, status: int
) -> None:
    with running(replace(options, allowed_origins=frozenset({"https://friend.example/"}))) as site:
        origin = origin.format(port=site.port)
        try:
            async with site.client(Origin=origin) as client:
                await client.hears_nothing()
                got = 101
        except InvalidStatus as refused:
            got = refused.response.status_code

    assert status == got


async def test_a_client_follows_only_so_many_topics(options: RealtimeOptions) -> None:
    with running(replace(options, max_topics=1)) as site:
        site.publish(race(1, race_id=7))
        site.publish(race(1, race_id=8))
        async with site.client() as client:
            await client.subscribe("race:7")
            await client.hear()
            refused = await client.subscribe("race:8")
            again = await client.subscribe("race:7")

    assert refused["code"] == "too_many_topics"
    assert again["type"] == "SUBSCRIBED"


async def test_one_process_takes_only_so_many_clients_and_room_that_is_left_is_used(
    options: RealtimeOptions,
) -> None:
    with running(replace(options, max_connections=1)) as site:
        async with site.client() as first:
            await first.hears_nothing()
            with pytest.raises(InvalidStatus) as refused:
                await site.client().__aenter__()
        await site.until(lambda: site.hub.counts.connections == 0)
        async with site.client() as second:
            await second.hears_nothing()

    assert refused.value.response.status_code == 503
    assert site.hub.counts.refused == 1


async def test_a_refusal_is_no_error_of_the_servers(
    options: RealtimeOptions, caplog: pytest.LogCaptureFixture
) -> None:
    statuses = []
    with running(replace(options, max_connections=1), log_config=None) as site:
        async with site.client() as first:
            await first.hears_nothing()
            for headers in ({}, {"Origin": "https://foe.example"}):
                with pytest.raises(InvalidStatus) as refused:
                    await site.client(**headers).__aenter__()
                statuses.append(refused.value.response.status_code)

    assert statuses == [503, 403]
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


async def test_one_address_takes_only_so_many_clients(options: RealtimeOptions) -> None:
    # uvicorn believes the proxies it is told of about who is there.
    proxied = {"X_Forwarded_For": "203.0.113.9"}
    with running(replace(options, max_per_address=1), forwarded_allow_ips="*") as site:
        async with site.client(**proxied) as first, site.client() as other:
            await first.hears_nothing()
            await other.hears_nothing()
            with pytest.raises(InvalidStatus) as refused:
                await site.client(**proxied).__aenter__()

    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "30"


async def test_at_shutdown_every_client_is_closed_with_1001(site: Site) -> None:
    clients: list[Client] = []
    async with site.client() as one, site.client() as other:
        clients = [one, other]
        for client in clients:
            await client.hears_nothing()
        await asyncio.to_thread(site.stop)

        assert [await client.close_code() for client in clients] == [1001, 1001]
