"""Accounts as a visitor makes and uses them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx2
import pytest
from structlog.testing import capture_logs

from tests.api.browser import Browser, browsing, fresh_name
from tests.people import PASSWORD, add_person

if TYPE_CHECKING:
    from tests.api.conftest import Site


@pytest.fixture
def browser(shared: "Site") -> Iterator[Browser]:
    with browsing(shared) as browser:
        yield browser


def test_who_registers_is_signed_in(browser: Browser) -> None:
    name = fresh_name()

    made = browser.register(name)

    assert made.status_code == 201
    assert made.json()["user"]["username"] == name
    assert made.json()["user"]["emailVerified"] is False
    assert made.json()["user"]["role"] == "user"
    assert browser.me()["id"] == made.json()["user"]["id"]
    cookie = made.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert made.headers["cache-control"] == "no-store"


def test_the_cookie_travels_over_tls_only_unless_on_ones_own_machine(shared: "Site") -> None:
    add_person(shared.dsn, name := fresh_name())
    here = shared.client.post("/api/auth/login", json={"login": name, "password": PASSWORD})
    there = shared.client.post(
        "/api/auth/login",
        json={"login": name, "password": PASSWORD},
        headers={"Host": "vips.example"},
    )
    shared.client.cookies.clear()

    assert "Secure" not in here.headers["set-cookie"]
    assert all("Secure" in cookie for cookie in there.headers.get_list("set-cookie"))
    assert all(cookie.startswith("__Host-gvip_") for cookie in there.headers.get_list("set-cookie"))


def test_signing_in_goes_by_name_or_address_whatever_the_case(shared: "Site", browser: Browser) -> None:
    person = add_person(shared.dsn, fresh_name("Mixed"))

    for login in (person.username.upper(), f" {person.username} ", f"{person.username}@EXAMPLE.com"):
        assert browser.sign_in(login).json()["user"]["id"] == person.id


def test_a_wrong_name_and_a_wrong_password_are_answered_alike(shared: "Site", browser: Browser) -> None:
    person = add_person(shared.dsn, fresh_name())

    answers = [
        browser.sign_in(person.username, "not the password"),
        browser.sign_in(fresh_name("nobody"), "not the password"),
        browser.sign_in("nobody@example.com", "not the password"),
        browser.sign_in("no\u0000body".replace("\u0000", " "), "not the password"),
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.json()["detail"] for answer in answers}) == 1


def test_signing_out_ends_the_session(shared: "Site", browser: Browser) -> None:
    browser.sign_in(add_person(shared.dsn, fresh_name()).username)
    kept = dict(browser.client.cookies)

    out = browser.post("/api/auth/logout")
    browser.client.cookies.update(kept)

    assert out.status_code == 204
    assert browser.get("/api/auth/me").status_code == 401


def test_a_write_needs_the_token_of_the_session(shared: "Site", browser: Browser) -> None:
    browser.sign_in(add_person(shared.dsn, fresh_name()).username)
    browser.csrf, right = None, browser.csrf

    without = browser.ask("PATCH", "/api/users/me", {"bio": "x"})
    wrong = browser.ask("PATCH", "/api/users/me", {"bio": "x"}, **{"X-CSRF-Token": "x" * 43})
    odd = browser.client.patch("/api/users/me", json={"bio": "x"}, headers={b"X-CSRF-Token": b"\xff"})
    browser.csrf = right

    assert [without.status_code, wrong.status_code, odd.status_code] == [403] * 3
    assert without.json()["code"] == "csrf_token_needed"
    assert browser.ask("PATCH", "/api/users/me", {"bio": "x"}).status_code == 200


def test_another_site_may_not_write_here(browser: Browser) -> None:
    answer = browser.ask(
        "POST", "/api/auth/login", {"login": "a", "password": "b"}, **{"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403


def test_sessions_are_listed_and_ended(shared: "Site", browser: Browser) -> None:
    person = add_person(shared.dsn, fresh_name())
    with browsing(shared) as other, browsing(shared) as third:
        for each in (browser, other, third):
            each.client.headers["User-Agent"] = "Test/1"
            each.sign_in(person.username)
        listed = browser.get("/api/auth/sessions").json()["data"]
        theirs = next(session["id"] for session in listed if not session["isThis"])

        ended = browser.ask("DELETE", f"/api/auth/sessions/{theirs}")
        again = browser.ask("DELETE", f"/api/auth/sessions/{theirs}")
        left = [each.get("/api/auth/me").status_code for each in (other, third)]
        rest = browser.ask("DELETE", "/api/auth/sessions")

        assert [session["userAgent"] for session in listed] == ["Test/1"] * 3
        assert sum(session["isThis"] for session in listed) == 1
        assert (ended.status_code, again.status_code, rest.status_code) == (204, 404, 204)
        assert sorted(left) == [200, 401]
        assert [each.get("/api/auth/me").status_code for each in (other, third, browser)] == [401, 401, 200]


def test_whoever_signs_in_again_leaves_no_session_behind(shared: "Site", browser: Browser) -> None:
    person = add_person(shared.dsn, fresh_name())
    browser.sign_in(person.username)
    before = browser.client.cookies["gvip_session"]

    browser.sign_in(person.username)

    assert len(browser.get("/api/auth/sessions").json()["data"]) == 1
    held = {"Cookie": f"gvip_session={before}"}
    assert httpx2.get(f"{shared.url}/api/auth/me", headers=held, trust_env=False).status_code == 401


def test_who_is_let_in_and_who_is_not_is_logged_without_what_he_typed(
    shared: "Site", browser: Browser
) -> None:
    person = add_person(shared.dsn, fresh_name())
    with capture_logs() as logs:
        browser.sign_in(person.username, "not it at all")
        browser.sign_in("nobody_of_this_name", "not it either")
        browser.sign_in(person.username)

    said = [(line["event"], line.get("why"), line["user"]) for line in logs if "sign" in line["event"]]
    assert said == [
        ("sign_in.refused", "wrong_credentials", person.id),
        ("sign_in.refused", "wrong_credentials", None),
        ("signed_in", None, person.id),
    ]
    assert "nobody_of_this_name" not in str(logs)
    assert "not it" not in str(logs)


def test_another_ones_session_cannot_be_ended(shared: "Site", browser: Browser) -> None:
    with browsing(shared) as victim:
        victim.sign_in(add_person(shared.dsn, fresh_name()).username)
        theirs = victim.get("/api/auth/sessions").json()["data"][0]["id"]
        browser.sign_in(add_person(shared.dsn, fresh_name()).username)

        assert browser.ask("DELETE", f"/api/auth/sessions/{theirs}").status_code == 404
        assert victim.get("/api/auth/me").status_code == 200


def test_a_changed_password_ends_the_other_sessions_and_renews_this_one(
    shared: "Site", browser: Browser
) -> None:
    person = add_person(shared.dsn, fresh_name())
    with browsing(shared) as other:
        browser.sign_in(person.username)
        other.sign_in(person.username)
        before = browser.client.cookies["gvip_session"]

        wrong = browser.post("/api/auth/change-password", password="not it", newPassword="a new long one")
        weak = browser.post("/api/auth/change-password", password=PASSWORD, newPassword="password1")
        changed = browser.post("/api/auth/change-password", password=PASSWORD, newPassword="a new long one")

        assert (wrong.status_code, weak.status_code, changed.status_code) == (401, 422, 200)
        assert weak.json()["errors"][0]["field"] == "newPassword"
        assert browser.client.cookies["gvip_session"] != before
        assert browser.me()["id"] == person.id
        assert other.get("/api/auth/me").status_code == 401
        assert other.sign_in(person.username).status_code == 401
        assert other.sign_in(person.username, "a new long one").status_code == 200


@pytest.mark.parametrize(
    "password", ["p" * 7 + "ä" * 60 + "!", " leading and trailing ", "nul\0inside it", "🐐🐏" * 10]
)
def test_every_character_of_a_password_counts(shared: "Site", browser: Browser, password: str) -> None:
    name = fresh_name()
    made = browser.register(name, password=password)
    with browsing(shared) as other:
        assert made.status_code == 201, made.text
        assert other.sign_in(name, password).status_code == 200
        assert other.sign_in(name, password[:-1]).status_code == 401
        assert other.sign_in(name, password.strip() + "x").status_code == 401


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "ab"}, "username"),
        ({"username": "a" * 33}, "username"),
        ({"username": "admin"}, "username"),
        ({"username": "g0ated-vips"}, "username"),
        ({"username": "p\u0430ypal"}, "username"),
        ({"username": "12345"}, "username"),
        ({"username": "a b c"}, "username"),
        ({"username": "<script>"}, "username"),
        ({"username": "a\u0000bcd"}, "username"),
        ({"username": "a\u202ebcd"}, "username"),
        ({"username": None}, "username"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@b@c.de"}, "email"),
        ({"email": "a@example.com\r\nBcc: all@example.com"}, "email"),
        ({"email": "x" * 250 + "@example.com"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "password1"}, "password"),
        ({"password": "goatedvips!"}, "password"),
        ({"password": "a" * 129}, "password"),
        ({"password": "x" * 600}, "password"),
        ({"password": 12345678}, "password"),
        ({"birthDate": "yesterday"}, "birthDate"),
        ({"role": "admin"}, "role"),
        ({"isAdmin": True}, "isAdmin"),
    ],
)
def test_what_cannot_be_an_account_names_the_field(
    browser: Browser, change: dict[str, object], field: str
) -> None:
    answer = browser.register(fresh_name(), **change)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_all_fields_that_are_wrong_are_named_at_once(browser: Browser) -> None:
    answer = browser.register("admin", password="password1")

    assert [error["field"] for error in answer.json()["errors"]] == ["username", "password"]


def test_a_name_that_looks_like_anothers_is_taken(shared: "Site", browser: Browser) -> None:
    add_person(shared.dsn, "look_alike_one")

    for name in ("Look_Alike_One", "l00k_alike_0ne", "look_aIike_one"):
        answer = browser.register(name)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "username"


def test_nobody_too_young_gets_in(browser: Browser) -> None:
    name = fresh_name()
    young = browser.register(name, birthDate="2015-01-01")
    old = browser.register(name, birthDate="1990-02-28")

    assert (young.status_code, young.json()["code"]) == (403, "too_young")
    assert old.json()["user"]["ageConfirmed"] is True


def test_who_is_banned_is_told_so_and_kept_out(shared: "Site", browser: Browser) -> None:
    person = add_person(shared.dsn, fresh_name())
    browser.sign_in(person.username)
    shared.execute("UPDATE users SET status = 'banned' WHERE id = %s", person.id)
    shared.execute(
        "UPDATE user_accounts SET banned_at = now(), banned_by = 'x', ban_reason = 'Two accounts.'"
        " WHERE user_id = %s",
        person.id,
    )

    assert browser.get("/api/auth/me").status_code == 401
    assert shared.client.get("/api/auth/me", headers=person.bearer).status_code == 401
    answer = browser.sign_in(person.username)
    assert (answer.status_code, answer.json()["code"]) == (403, "banned")
    assert "Two accounts." in answer.json()["detail"]
    assert browser.sign_in(person.username, "not it").status_code == 401


def test_a_session_ends_by_itself(shared: "Site", browser: Browser) -> None:
    player, boss = add_person(shared.dsn, fresh_name()), add_person(shared.dsn, fresh_name(), role="admin")
    idle = "UPDATE user_sessions SET last_seen_at = now() - %s::interval WHERE user_id = %s"
    whole = "UPDATE user_sessions SET expires_at = now() - interval '1 second' WHERE user_id = %s"

    for person, still, over in ((player, "13 days", "14 days"), (boss, "59 minutes", "61 minutes")):
        browser.sign_in(person.username)
        shared.execute(idle, still, person.id)
        assert browser.get("/api/auth/me").status_code == 200
        shared.execute(idle, over, person.id)
        assert browser.get("/api/auth/me").status_code == 401
        browser.sign_in(person.username)
        shared.execute(whole, person.id)
        assert browser.get("/api/auth/me").status_code == 401


def test_a_hash_of_less_cost_is_made_anew_at_the_next_sign_in(shared: "Site", browser: Browser) -> None:
    person = add_person(shared.dsn, fresh_name())
    held = "SELECT password, truncates FROM user_credentials WHERE user_id = %s"
    before = shared.execute(held, person.id)
    shared.execute("UPDATE user_credentials SET truncates = true WHERE user_id = %s", person.id)

    assert browser.sign_in(person.username).status_code == 200

    after = shared.execute(held, person.id)
    assert after[0][0] != before[0][0]
    assert after[0][1] is False
    assert browser.sign_in(person.username).status_code == 200
