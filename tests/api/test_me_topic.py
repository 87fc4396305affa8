"""One's own account, live: told at once, to nobody else, and no longer once signed out."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from websockets.sync.client import connect

from tests.api.browser import Browser, browsing, fresh_name
from tests.api.conftest import Socket, serving, until_ready
from tests.people import add_person

if TYPE_CHECKING:
    from tests.api.conftest import Site


@pytest.fixture
def browser(shared: "Site") -> Iterator[Browser]:
    with browsing(shared) as browser:
        browser.sign_in(add_person(shared.dsn, fresh_name()).username)
        yield browser


@contextmanager
def socket_of(site: "Site", browser: Browser) -> Iterator[Socket]:
    """A socket that the browser opens: it sends its cookies along."""
    cookies = "; ".join(f"{name}={value}" for name, value in browser.client.cookies.items())
    url = f"{site.url.replace('http', 'ws', 1)}/ws"
    with connect(url, compression=None, proxy=None, additional_headers={"Cookie": cookies}) as connection:
        socket = Socket(connection)
        socket.say(type="subscribe", topic="me")
        yield socket


def test_a_change_of_the_account_is_told_at_once(shared: "Site", browser: Browser) -> None:
    with socket_of(shared, browser) as socket:
        first = socket.hear_of("me")
        browser.ask("PATCH", "/api/users/me", {"bio": "Told at once"})
        news = socket.hear_of("me", after=first["version"])

    assert (first["type"], first["data"]["bio"]) == ("ME_UPDATE", None)
    assert news["data"]["bio"] == "Told at once"


def test_it_is_denied_to_strangers_and_told_to_nobody_else(shared: "Site", browser: Browser) -> None:
    with shared.socket() as stranger, browsing(shared) as other:
        other.sign_in(add_person(shared.dsn, fresh_name()).username)
        stranger.say(type="subscribe", topic="me")
        with socket_of(shared, other) as theirs:
            first = theirs.hear_of("me")
            browser.ask("PATCH", "/api/users/me", {"bio": "Not for others"})
            other.ask("PATCH", "/api/users/me", {"bio": "For me"})
            news = theirs.hear_of("me", after=first["version"])

        denied = next(message for message in iter(stranger.hear, None) if message.get("topic") == "me")
        assert denied["type"] == "DENIED"
        assert news["data"]["bio"] == "For me"


@pytest.mark.parametrize("path", ["/api/auth/logout", "/api/auth/sessions"])
def test_signing_out_closes_it_in_every_process(shared: "Site", browser: Browser, path: str) -> None:
    with serving(shared.dsn, shared.feed) as elsewhere, browsing(shared) as second:
        until_ready(elsewhere)
        username = browser.me()["username"]
        second.sign_in(username)
        with socket_of(elsewhere, browser) as socket:
            socket.hear_of("me")
            if path.endswith("logout"):
                browser.post(path)
            else:
                second.ask("DELETE", path)

            told = next(message for message in iter(socket.hear, None) if message["type"] == "DENIED")
            assert told["topic"] == "me"
            socket.say(type="subscribe", topic="me")
            assert next(m for m in iter(socket.hear, None) if m.get("topic") == "me")["type"] == "DENIED"


def test_a_session_that_ended_unheard_is_found_out(shared: "Site", browser: Browser) -> None:
    with socket_of(shared, browser) as socket:
        socket.hear_of("me")
        shared.execute("DELETE FROM user_sessions WHERE user_id = %s", browser.me()["id"])

        # Nobody announced it: the process looks for itself now and then.
        told = next(message for message in iter(socket.hear, None) if message["type"] == "DENIED")

    assert "signed out" in json.dumps(told)
