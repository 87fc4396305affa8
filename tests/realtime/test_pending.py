from hypothesis import given
from hypothesis import strategies as st

from goatedvips.realtime.pending import Pending
from goatedvips.realtime.topics import Frame

TOPICS = ["race:1", "race:2", "races"]


def frame(topic: str, version: int, *, base: int | None = None) -> Frame:
    delta = None if base is None else f"delta {topic} {base} {version}"
    return Frame(topic, version, f"whole {topic} {version}", base=base, delta=delta)


def test_the_newest_frame_takes_the_place_of_the_older_one() -> None:
    pending = Pending()
    for each in (frame("races", 1), frame("race:1", 1), frame("races", 2)):
        pending.offer(each)

    assert [pending.take() for _ in range(3)] == ["whole races 2", "whole race:1 1", None]


def test_a_topic_in_a_hurry_does_not_overtake_the_others() -> None:
    pending = Pending()
    sent = []
    pending.offer(frame("races", 0))
    for version in range(1, 4):
        pending.offer(frame("race:1", version))
        sent.append(pending.take())
        pending.offer(frame("race:1", version + 10))

    assert sent == ["whole races 0", "whole race:1 11", "whole race:1 12"]


def test_an_older_frame_never_takes_the_place_of_a_newer_one() -> None:
    pending = Pending()
    pending.offer(frame("races", 2))

    assert pending.offer(frame("races", 1)) is False
    assert pending.take() == "whole races 2"


def test_a_topic_that_was_left_is_not_sent() -> None:
    pending = Pending()
    pending.expect("races", version=3, delta=True)
    pending.offer(frame("races", 4, base=3))
    pending.forget("races")

    assert pending.take() is None
    assert pending.held == {}


acts = st.lists(
    st.tuples(
        st.sampled_from(["publish", "publish", "take", "resume"]), st.sampled_from(TOPICS), st.booleans()
    )
)


@given(acts)
def test_whoever_applies_what_he_is_sent_ends_at_the_present_and_never_misses_a_base(
    acts: list[tuple[str, str, bool]],
) -> None:
    pending = Pending()
    present = dict.fromkeys(TOPICS, 0)
    client: dict[str, int] = {}

    def receive(text: str | None) -> None:
        match (text or "").split():
            case ["whole", topic, version]:
                client[topic] = int(version)
            case ["delta", topic, base, version]:
                assert client[topic] == int(base)
                client[topic] = int(version)

    for act, topic, flag in acts:
        if act == "publish":
            present[topic] += 1
            pending.offer(frame(topic, present[topic], base=present[topic] - 1 if flag else None))
        elif act == "take":
            receive(pending.take())
        else:
            pending.expect(topic, version=client.get(topic), delta=flag)
            pending.offer(frame(topic, present[topic], base=present[topic] - 1 if flag else None))
    while len(pending):
        receive(pending.take())

    assert {topic: version for topic, version in present.items() if version} == {
        topic: version for topic, version in client.items() if version
    }
