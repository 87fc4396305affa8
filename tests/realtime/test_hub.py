from goatedvips.realtime.hub import Hub
from goatedvips.realtime.watcher import Watcher
from tests.realtime.conftest import race


async def test_what_waited_for_a_plain_client_is_not_sent_once_it_chooses() -> None:
    hub = Hub()
    hub.publish(race(1), default=True)
    watcher = Watcher(hub.counts)
    hub.greet(watcher)

    hub.choose(watcher)

    assert watcher.take() is None


async def test_a_topic_nobody_follows_any_more_is_forgotten_unless_it_is_live() -> None:
    hub = Hub()
    watcher = Watcher(hub.counts)
    for race_id in (7, 8):
        hub.publish(race(1, race_id=race_id), default=race_id == 8)
        hub.join(watcher, f"race:{race_id}")
        hub.leave(watcher, f"race:{race_id}")

    assert list(hub._topics) == ["race:8"]


async def test_an_older_version_published_late_changes_nothing() -> None:
    hub = Hub()
    watcher = Watcher(hub.counts)
    hub.join(watcher, "race:7")
    hub.publish(race(2))
    hub.publish(race(1))

    assert watcher.take() == race(2).whole
    assert watcher.take() is None
