"""Signing in with an authenticator."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pyotp
import pytest

from goatedvips.kit.clock import utc_now
from tests.api.browser import Browser, browsing, fresh_name
from tests.people import PASSWORD, Person, add_person

if TYPE_CHECKING:
    from tests.api.conftest import Site


@pytest.fixture
def person(shared: "Site") -> Person:
    return add_person(shared.dsn, fresh_name())


@pytest.fixture
def browser(shared: "Site", person: Person) -> Iterator[Browser]:
    with browsing(shared) as browser:
        browser.sign_in(person.username)
        yield browser


def code(secret: str, *, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(utc_now() + timedelta(seconds=30 * steps))


def enrolled(browser: Browser) -> tuple[str, list[str]]:
    """Set an authenticator up; return its secret and the recovery codes."""
    begun = browser.post("/api/auth/totp").json()
    confirmed = browser.post("/api/auth/totp/confirm", code=code(begun["secret"]))
    assert confirmed.status_code == 200, confirmed.text
    return begun["secret"], confirmed.json()["recoveryCodes"]


def test_an_authenticator_counts_once_it_is_confirmed(
    shared: "Site", browser: Browser, person: Person
) -> None:
    begun = browser.post("/api/auth/totp").json()
    with browsing(shared) as other:
        without = other.sign_in(person.username)
        wrong = browser.post("/api/auth/totp/confirm", code="000000")
        before = browser.client.cookies["gvip_session"]
        confirmed = browser.post("/api/auth/totp/confirm", code=code(begun["secret"]))

        assert begun["uri"].startswith("otpauth://totp/GoatedVIPs:")
        assert begun["qrCode"].startswith("data:image/svg+xml")
        assert without.status_code == 200
        assert wrong.status_code == 401
        assert len(set(confirmed.json()["recoveryCodes"])) == 10
        assert browser.client.cookies["gvip_session"] != before
        assert other.get("/api/auth/me").status_code == 401

        asked = other.sign_in(person.username)
        assert (asked.status_code, asked.json()["code"]) == (401, "totp_required")
        assert other.sign_in(person.username, totp=code(begun["secret"], steps=1)).status_code == 200
    assert browser.me()["totpEnabled"] is True
    assert browser.post("/api/auth/totp").status_code == 409


def test_a_code_counts_once(shared: "Site", browser: Browser, person: Person) -> None:
    secret, _ = enrolled(browser)
    once = code(secret, steps=1)
    with browsing(shared) as other:
        assert other.sign_in(person.username, totp=once).status_code == 200
        again = other.sign_in(person.username, totp=once)
        older = other.sign_in(person.username, totp=code(secret))
        far = other.sign_in(person.username, totp=code(secret, steps=3))

    assert [again.status_code, older.status_code, far.status_code] == [401] * 3
    assert again.json()["code"] == "wrong_totp"


def test_a_recovery_code_stands_in_once(shared: "Site", browser: Browser, person: Person) -> None:
    _, codes = enrolled(browser)
    with browsing(shared) as other:
        first = other.sign_in(person.username, totp=codes[0].upper())
        again = other.sign_in(person.username, totp=codes[0])

    assert (first.status_code, again.status_code) == (200, 401)
    assert browser.me()["recoveryCodesLeft"] == 9
    assert shared.execute("SELECT count(*) FROM recovery_codes WHERE user_id = %s", person.id) == [(10,)]


def test_new_recovery_codes_replace_the_old(shared: "Site", browser: Browser, person: Person) -> None:
    _, old = enrolled(browser)
    fresh = browser.post("/api/auth/totp/recovery-codes", code=old[0]).json()["recoveryCodes"]
    with browsing(shared) as other:
        assert other.sign_in(person.username, totp=old[1]).status_code == 401
        assert other.sign_in(person.username, totp=fresh[1]).status_code == 200


def test_giving_it_up_needs_a_code(shared: "Site", browser: Browser, person: Person) -> None:
    secret, codes = enrolled(browser)

    wrong = browser.post("/api/auth/totp/disable", code="000000")
    right = browser.post("/api/auth/totp/disable", code=code(secret, steps=1))

    assert (wrong.status_code, right.status_code) == (401, 204)
    assert browser.me()["totpEnabled"] is False
    assert browser.post("/api/auth/totp/disable", code=codes[0]).status_code == 409
    with browsing(shared) as other:
        assert other.sign_in(person.username).status_code == 200


def test_codes_cannot_be_guessed_at_will(browser: Browser) -> None:
    enrolled(browser)

    tries = [browser.post("/api/auth/totp/disable", code=f"{guess:06}").status_code for guess in range(11)]

    assert tries == [401] * 10 + [429]


def test_it_takes_a_password_of_late_and_a_browser(shared: "Site", browser: Browser, person: Person) -> None:
    shared.execute(
        "UPDATE user_sessions SET authenticated_at = now() - interval '16 minutes' WHERE user_id = %s",
        person.id,
    )

    late = browser.post("/api/auth/totp")
    by_key = shared.client.post("/api/auth/totp", headers=person.bearer)

    assert (late.status_code, late.json()["code"]) == (403, "proof_needed")
    assert by_key.status_code == 401


def test_the_secret_is_not_kept_in_the_clear(shared: "Site", browser: Browser, person: Person) -> None:
    secret, _ = enrolled(browser)

    kept = shared.execute("SELECT totp_secret FROM user_credentials WHERE user_id = %s", person.id)[0][0]

    assert secret.encode() not in bytes(kept)


def test_staff_do_without_it_only_with_a_long_password(shared: "Site") -> None:
    with browsing(shared) as browser:
        browser.sign_in(add_person(shared.dsn, fresh_name(), role="admin").username)
        secret, _ = enrolled(browser)
        given = code(secret, steps=1)

        without = browser.post("/api/auth/totp/disable", code=given)
        wrong = browser.post("/api/auth/totp/disable", code=given, password="not the password at all")
        right = browser.post("/api/auth/totp/disable", code=given, password=PASSWORD)

    assert (without.status_code, without.json()["errors"][0]["field"]) == (422, "password")
    assert (wrong.status_code, right.status_code) == (401, 204)
