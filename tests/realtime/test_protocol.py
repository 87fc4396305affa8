import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import HTTPConnection

from goatedvips.kit.errors import BadInput, Malformed
from goatedvips.realtime.allowance import Allowance
from goatedvips.realtime.doorkeeper import address_of, is_welcome
from goatedvips.realtime.protocol import Ping, Subscribe, Unsubscribe, page_frame, parse


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"type":"ping"}', Ping()),
        ('{"type":"unsubscribe","topic":"me"}', Unsubscribe("me")),
        ('{"type":"subscribe","topic":"race:7"}', Subscribe("race:7")),
        (
            '{"type":"subscribe","topic":"leaderboard:today","version":41,"mode":"delta"}',
            Subscribe("leaderboard:today", version=41, delta=True),
        ),
        ('{"type":"subscribe","topic":"races","version":null,"mode":"whole"}', Subscribe("races")),
    ],
)
def test_a_message_is_read(text: str, message: object) -> None:
    assert message == parse(text)


@pytest.mark.parametrize("version", ["-1", "true", "1.5", str(2**53), '"1"'])
def test_a_version_is_a_whole_number_that_every_client_keeps_exact(version: str) -> None:
    with pytest.raises(BadInput, match="version: expected a whole number"):
        parse(f'{{"type":"subscribe","topic":"races","version":{version}}}')


@pytest.mark.parametrize(
    "topic", ["race:0", "race:", "race:07", "race:٣", "leaderboard:daily", "RACES", 7, None]
)
def test_a_topic_is_one_of_those_that_can_be(topic: object) -> None:
    with pytest.raises(BadInput, match=r"topic: expected race:\{id\}"):
        parse(json.dumps({"type": "subscribe", "topic": topic}))


@given(st.text() | st.recursive(st.none() | st.booleans() | st.text(), st.lists).map(json.dumps))
def test_no_text_makes_the_parser_stumble(text: str) -> None:
    with pytest.raises((Malformed, BadInput)):
        parse(text)


def test_a_page_is_encoded_once_with_the_way_to_it() -> None:
    frame = page_frame(
        "RACE",
        "race:7",
        version=42,
        data=msgspec.Raw(b'{"id":7,"name":"The July race"}'),
        base=41,
        delta={"changed": []},
    )

    assert (
        frame.whole
        == '{"type":"RACE_UPDATE","topic":"race:7","version":42,"data":{"id":7,"name":"The July race"}}'
    )
    assert (
        frame.delta == '{"type":"RACE_DELTA","topic":"race:7","base":41,"version":42,"data":{"changed":[]}}'
    )


def test_a_delta_that_is_longer_than_the_page_is_left_out() -> None:
    frame = page_frame("RACE", "race:7", version=42, data={}, base=41, delta={"changed": ["x" * 50]})

    assert (frame.base, frame.delta) == (None, None)


def test_a_page_may_say_more_than_that_it_changed() -> None:
    frame = page_frame("RACE", "race:7", version=9, data={}, whole_type="RACE_COMPLETED")

    assert json.loads(frame.whole)["type"] == "RACE_COMPLETED"


@pytest.mark.parametrize(
    ("origin", "host", "welcome"),
    [
        (None, "goated.example", True),
        ("https://goated.example", "goated.example", True),
        ("https://GOATED.example", "goated.example:443", True),
        ("http://goated.example:8000", "goated.example:8000", True),
        ("http://[::1]:8000", "[::1]:8000", True),
        ("https://partner.example", "goated.example", True),
        ("https://goated.example.foe.example", "goated.example", False),
        ("https://goated.example@foe.example", "goated.example", False),
        ("http://goated.example:8001", "goated.example:8000", False),
        ("null", "goated.example", False),
        ("", "goated.example", False),
        ("https://", "", False),
        ("https://[", "goated.example", False),
        ("https://goated.example:x", "goated.example", False),
        ("file://goated.example", "goated.example", False),
    ],
)
def test_a_page_is_welcome_if_it_is_ours_or_listed(origin: str | None, host: str, welcome: bool) -> None:  # noqa: FBT001 - a parameter of the table
    assert is_welcome(origin, host, frozenset({"https://partner.example"})) is welcome


@pytest.mark.parametrize(
    ("client", "counted_as"),
    [
        (None, None),
        (("", 0), ""),
        (("127.0.0.1", 1), None),
        (("::1", 1), None),
        (("203.0.113.9", 1), "203.0.113.9"),
        (("::ffff:203.0.113.9", 1), "203.0.113.9"),
        (("2001:db8:1:2:3::4", 1), "2001:0db8:0001:0002::/64"),
    ],
)
def test_clients_are_counted_by_who_they_are(client: tuple[str, int] | None, counted_as: str | None) -> None:
    assert counted_as == address_of(HTTPConnection({"type": "websocket", "client": client}))


def test_an_allowance_is_spent_and_fills_up_again_but_never_over_the_brim() -> None:
    allowance = Allowance(2, 0.5, now=0)

    assert [allowance.spend(at) for at in (0, 0, 0, 1, 2, 2)] == [True, True, False, False, True, False]
    assert [allowance.spend(1000) for _ in range(3)] == [True, True, False]
