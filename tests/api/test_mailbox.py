"""Mail addresses that are verified, passwords that were forgotten, and what nobody learns by asking."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.api.browser import Browser, Post, browsing, fresh_name
from tests.people import PASSWORD, add_person

if TYPE_CHECKING:
    from tests.api.conftest import Site

FRESH = "a password of my own"


@pytest.fixture
def browser(shared: "Site") -> Iterator[Browser]:
    with browsing(shared) as browser:
        yield browser


@pytest.fixture
def post(shared: "Site", tmp_path: Path) -> Post:
    return Post(shared, tmp_path)


def newest(post: Post, address: str) -> tuple[str, str]:
    return asyncio.run(post.to(address))[-1]


def token(post: Post, address: str) -> str:
    return asyncio.run(post.token(address))


def test_an_address_is_verified_once_by_what_its_mail_holds(browser: Browser, post: Post) -> None:
    name = fresh_name()
    browser.register(name)
    sent = token(post, f"{name}@example.com")

    verified = browser.post("/api/auth/verify-email", token=sent)
    again = browser.post("/api/auth/verify-email", token=sent)
    wrong = browser.post("/api/auth/verify-email", token="x" * 43)

    assert [verified.status_code, again.status_code, wrong.status_code] == [200, 403, 403]
    assert again.json()["code"] == "token_not_good"
    assert browser.me()["emailVerified"] is True
    assert browser.post("/api/auth/resend-verification").status_code == 409


def test_a_link_is_good_for_two_days(shared: "Site", browser: Browser, post: Post) -> None:
    name = fresh_name()
    browser.register(name)
    sent = token(post, f"{name}@example.com")
    shared.execute(
        "UPDATE user_tokens SET expires_at = expires_at - interval '48 hours' WHERE user_id = %s",
        browser.me()["id"],
    )

    assert browser.post("/api/auth/verify-email", token=sent).status_code == 403


def test_the_mail_can_be_had_again_three_times_an_hour(browser: Browser, post: Post) -> None:
    name = fresh_name()
    browser.register(name)
    first = token(post, f"{name}@example.com")

    answers = [browser.post("/api/auth/resend-verification") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 3600
    assert token(post, f"{name}@example.com") != first
    # The newest and the oldest are both good, until one of them is used.
    assert browser.post("/api/auth/verify-email", token=first).status_code == 200


def test_an_address_that_has_an_account_makes_no_difference_to_who_registers(
    shared: "Site", browser: Browser, post: Post
) -> None:
    owner = add_person(shared.dsn, fresh_name("owner"))
    address = f"{owner.username}@example.com"
    taken, free = fresh_name(), fresh_name()

    made = [browser.register(taken, email=address), browser.register(free)]
    subject, text = newest(post, address)

    assert [answer.status_code for answer in made] == [201, 201]
    assert made[0].json().keys() == made[1].json().keys()
    assert made[0].headers.keys() == made[1].headers.keys()
    assert subject == "You have an account already"
    assert owner.username in text
    assert "#" not in text
    # Whoever signs in by the address is its owner.
    assert browser.sign_in(address).json()["user"]["id"] == owner.id


def test_of_two_who_claim_an_address_the_first_to_verify_it_has_it(browser: Browser, post: Post) -> None:
    address = f"{fresh_name()}@example.com"
    tokens = []
    for _ in range(2):
        browser.register(fresh_name(), email=address)
        tokens.append(token(post, address))

    first = browser.post("/api/auth/verify-email", token=tokens[0])
    second = browser.post("/api/auth/verify-email", token=tokens[1])

    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json()["code"] == "address_is_anothers"


def test_a_forgotten_password_is_replaced(shared: "Site", browser: Browser, post: Post) -> None:
    person = add_person(shared.dsn, fresh_name())
    with browsing(shared) as elsewhere:
        elsewhere.sign_in(person.username)
        asked = browser.post("/api/auth/forgot-password", email=f"{person.username}@EXAMPLE.com")
        sent = token(post, f"{person.username}@example.com")

        weak = browser.post("/api/auth/reset-password", token=sent, password="password1")
        reset = browser.post("/api/auth/reset-password", token=sent, password=FRESH)
        again = browser.post("/api/auth/reset-password", token=sent, password="another one of mine")

        assert [asked.status_code, weak.status_code, reset.status_code, again.status_code] == [
            202,
            422,
            200,
            403,
        ]
        assert browser.sign_in(person.username).status_code == 401
        assert browser.sign_in(person.username, FRESH).status_code == 200
        assert elsewhere.get("/api/auth/me").status_code == 401
        assert newest(post, f"{person.username}@example.com")[0] == "Your password was changed"


def test_a_reset_is_good_for_half_an_hour(shared: "Site", browser: Browser, post: Post) -> None:
    person = add_person(shared.dsn, fresh_name())
    browser.post("/api/auth/forgot-password", email=f"{person.username}@example.com")
    sent = token(post, f"{person.username}@example.com")
    shared.execute(
        "UPDATE user_tokens SET expires_at = expires_at - interval '30 minutes' WHERE user_id = %s", person.id
    )

    assert browser.post("/api/auth/reset-password", token=sent, password=FRESH).status_code == 403


def test_a_token_of_one_purpose_is_none_of_another(browser: Browser, post: Post) -> None:
    name = fresh_name()
    browser.register(name)
    sent = token(post, f"{name}@example.com")

    assert browser.post("/api/auth/reset-password", token=sent, password=FRESH).status_code == 403


def test_asking_for_a_stranger_is_answered_the_same(browser: Browser, post: Post) -> None:
    address = f"{fresh_name('stranger')}@example.com"

    answers = [browser.post("/api/auth/forgot-password", email=address) for _ in range(5)]

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.text for answer in answers}) == 1
    assert asyncio.run(post.to(address)) == []


def test_no_more_than_three_mails_an_hour_fill_a_mailbox(
    shared: "Site", browser: Browser, post: Post
) -> None:
    person = add_person(shared.dsn, fresh_name())
    for _ in range(5):
        assert (
            browser.post("/api/auth/forgot-password", email=f"{person.username}@example.com").status_code
            == 202
        )

    assert len(asyncio.run(post.to(f"{person.username}@example.com"))) == 3


def test_nothing_secret_waits_in_the_outbox(shared: "Site", browser: Browser, post: Post) -> None:
    name = fresh_name()
    browser.register(name)
    waiting = shared.execute("SELECT payload::text FROM outbox WHERE kind = 'mail.verify_email'")
    sent = token(post, f"{name}@example.com")
    kept = shared.execute(
        "SELECT payload::text FROM outbox UNION ALL SELECT user_tokens::text FROM user_tokens"
    )

    assert all(sent not in row[0] for row in [*waiting, *kept])
    assert shared.execute(
        "SELECT count(*) FROM outbox"
        " WHERE kind LIKE 'mail.%%' AND delivered_at IS NOT NULL AND payload <> '{}'"
    ) == [(0,)]


def test_strangers_lock_out_strangers_only(shared: "Site", browser: Browser, post: Post) -> None:
    person = add_person(shared.dsn, fresh_name())
    with browsing(shared) as known, browsing(shared) as attacker:
        known.sign_in(person.username)
        known.post("/api/auth/logout")

        tries = [attacker.sign_in(person.username, "guess").status_code for _ in range(11)]
        right = attacker.sign_in(person.username)
        # His own browser is known; a new one of his comes in by his mail.
        own = known.sign_in(person.username)
        browser.post("/api/auth/forgot-password", email=f"{person.username}@example.com")
        sent = token(post, f"{person.username}@example.com")
        locked = browser.sign_in(person.username)
        browser.post("/api/auth/reset-password", token=sent, password=FRESH)
        back = browser.sign_in(person.username, FRESH)

        assert tries == [401] * 10 + [429]
        assert right.status_code == 429
        assert 0 < int(right.headers["retry-after"]) <= 900
        assert (own.status_code, locked.status_code, back.status_code) == (200, 429, 200)


def test_a_name_that_nobody_has_is_locked_just_the_same(browser: Browser) -> None:
    name = fresh_name("nobody")

    tries = [browser.sign_in(name, "guess").status_code for _ in range(11)]

    assert tries == [401] * 10 + [429]


def test_right_passwords_are_no_tries(shared: "Site") -> None:
    person = add_person(shared.dsn, fresh_name())

    for _ in range(15):
        with browsing(shared) as fresh:
            assert fresh.sign_in(person.username, PASSWORD).status_code == 200
