"""Whoever was in the first system comes into this one, through the real API."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.browser import Post, browsing
from tests.api.conftest import Feed, Site, serving, until_ready
from tests.legacy.conftest import Migration
from tests.legacy.first_system import CLEAR, HASHED, PASSWORD

LONG = "$2b$04$H912zc0idBFR30K79W8.lOvbOjtlFOYIuo.n1w/4Yv6MHnYX7X8Hm"
"""Of 72 times x: what comes behind them was never looked at."""


@pytest.fixture
def site(migration: Migration, feed: Feed) -> Iterator[Site]:
    with serving(migration.dsn, feed) as site:
        until_ready(site)
        yield site


@pytest.mark.parametrize("form", ["$2a$", "$2b$", "$2y$"])
def test_the_old_password_opens_and_is_hashed_anew(migration: Migration, site: Site, form: str) -> None:
    migration.first.user(
        "ada", password=form + HASHED[4:], goated_id="uidAda00000000000001", goated_account_linked=True
    )
    migration.run()

    with browsing(site) as browser:
        wrong = browser.sign_in("ada", PASSWORD + "?")
        signed_in = browser.sign_in("Ada@example.com", PASSWORD)
        me = browser.me()
    with browsing(site) as browser:
        again = browser.sign_in("ada", PASSWORD)

    assert (wrong.status_code, signed_in.status_code, again.status_code) == (401, 200, 200)
    assert (me["username"], me["goatedId"], me["ageConfirmed"]) == ("ada", "uidAda00000000000001", False)
    ((hashed, truncates),) = migration.fetch("SELECT password, truncates FROM user_credentials")
    assert hashed != form + HASHED[4:]
    assert not truncates


def test_a_password_longer_than_bcrypt_sees_opens_as_it_did(migration: Migration, site: Site) -> None:
    migration.first.user("ada", password=LONG)
    migration.run()

    with browsing(site) as browser:
        assert browser.sign_in("ada", "x" * 80).status_code == 200


@pytest.fixture
def mailed(migration: Migration) -> None:
    """Somebody whose password was in clear text has been sent a mail."""
    migration.first.user("ada", password=CLEAR)
    migration.run("--send-resets")


async def test_a_password_in_clear_text_opens_nothing_and_a_mail_brings_a_new_one(
    mailed: None, site: Site, tmp_path: Path
) -> None:
    with browsing(site) as browser:
        old = browser.sign_in("ada", CLEAR)
        token = await Post(site, tmp_path / "post").token("ada@example.com")
        reset = browser.post("/api/auth/reset-password", token=token, password="a better one than that")
        new = browser.sign_in("ada", "a better one than that")

    assert (old.status_code, reset.status_code, new.status_code) == (401, 200, 200)
