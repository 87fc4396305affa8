"""A user and his player: asked for, decided, proved, undone."""

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from goatedvips.kit.clock import utc_now
from goatedvips.kit.postgres import create_engine
from goatedvips.linking.service import recognize
from tests.api.browser import Browser, browsing, fresh_name
from tests.api.conftest import serving, until_ready
from tests.people import Person, add_person
from tests.roles import app_dsn

if TYPE_CHECKING:
    from tests.api.conftest import Feed, Site

ADA, BOB, GUS = "uidAda00000000000001", "uidBob00000000000002", "uidGus00000000000007"
REQUESTS = "/api/account/link-requests"


@pytest.fixture
def person(site: "Site") -> Person:
    return add_person(site.dsn, fresh_name())


@pytest.fixture
def browser(site: "Site", person: Person) -> Iterator[Browser]:
    with browsing(site) as browser:
        browser.sign_in(person.username)
        yield browser


def asked(browser: Browser, uid: str = ADA) -> dict[str, Any]:
    answer = browser.post(REQUESTS, goatedId=uid, message="It is me.")
    assert answer.status_code == 201, answer.text
    request: dict[str, Any] = answer.json()
    return request


def decide(
    site: "Site", request: dict[str, Any], verb: str, reason: str = "Looked at it."
) -> httpx2.Response:
    path = f"/api/admin/link-requests/{request['id']}/{verb}"
    return site.client.post(path, json={"reason": reason}, headers=site.admins)


def test_a_request_is_approved_and_shows_everywhere(site: "Site", browser: Browser, person: Person) -> None:
    request = asked(browser)
    queue = site.client.get("/api/admin/link-requests", headers=site.admins).json()["data"]

    approved = decide(site, request, "approve")

    assert [(each["userId"], each["goatedId"], each["message"]) for each in queue] == [
        (person.id, ADA, "It is me.")
    ]
    assert approved.json()["status"] == "approved"
    assert browser.me()["goatedId"] == ADA
    assert browser.get(REQUESTS).json()["data"][0]["reason"] == "Looked at it."
    site.until(lambda: person.id in {row["userId"] for row in site.json("/api/leaderboard")["data"]})
    assert site.json(f"/api/users/{person.id}")["goatedAccountLinked"] is True
    assert site.execute("SELECT actor FROM audit_log WHERE action = 'user.linked'") == [
        (f"user:{site.client.get('/api/auth/me', headers=site.admins).json()['user']['id']}",)
    ]
    assert decide(site, request, "reject").status_code == 409


def test_a_name_will_do_if_only_one_player_has_it(site: "Site", browser: Browser) -> None:
    found = browser.post(REQUESTS, goatedUsername="ADA")
    site.execute("UPDATE players SET goated_username = 'Ada' WHERE goated_id = %s", BOB)
    with browsing(site) as other:
        other.sign_in(add_person(site.dsn, fresh_name()).username)
        several = other.post(REQUESTS, goatedUsername="ada")
        unknown = other.post(REQUESTS, goatedUsername="Nobody at all")
        pattern = other.post(REQUESTS, goatedUsername="%da")

    assert found.json()["goatedId"] == ADA
    assert (several.status_code, several.json()["code"]) == (409, "several_players")
    assert [unknown.status_code, pattern.status_code] == [404, 404]


@pytest.mark.parametrize(
    "body",
    [{}, {"goatedId": ADA, "goatedUsername": "Ada"}, {"goatedId": ""}, {"goatedId": 7}, {"playerId": 1}],
)
def test_a_request_names_one_player(site: "Site", browser: Browser, body: dict[str, object]) -> None:
    assert browser.ask("POST", REQUESTS, body).status_code == 422


def test_one_request_waits_at_a_time(browser: Browser) -> None:
    first = asked(browser)
    second = browser.post(REQUESTS, goatedId=BOB)
    withdrawn = browser.ask("DELETE", f"{REQUESTS}/{first['id']}")
    again = browser.ask("DELETE", f"{REQUESTS}/{first['id']}")
    third = browser.post(REQUESTS, goatedId=BOB)

    assert (second.status_code, second.json()["code"]) == (409, "request_open")
    assert [withdrawn.status_code, again.status_code, third.status_code] == [204, 409, 201]


def test_a_rejected_request_says_why_and_another_can_be_made(site: "Site", browser: Browser) -> None:
    decide(site, asked(browser), "reject", "The names do not match.")

    shown = browser.get(REQUESTS).json()["data"][0]
    assert (shown["status"], shown["reason"]) == ("rejected", "The names do not match.")
    assert asked(browser)["status"] == "pending"


def test_a_player_has_one_user(site: "Site", browser: Browser) -> None:
    with browsing(site) as other:
        other.sign_in(add_person(site.dsn, fresh_name()).username)
        mine, theirs = asked(browser), asked(other)
        first, second = decide(site, mine, "approve"), decide(site, theirs, "approve")
        more = browser.post(REQUESTS, goatedId=BOB)
        other.ask("DELETE", f"{REQUESTS}/{theirs['id']}")
        late = other.post(REQUESTS, goatedId=ADA)

    assert first.status_code == 200
    assert (second.status_code, second.json()["code"]) == (409, "player_taken")
    assert (more.status_code, more.json()["code"]) == (409, "already_linked")
    assert (late.status_code, late.json()["code"]) == (409, "player_taken")
    assert site.execute("SELECT count(*) FROM users WHERE player_id IS NOT NULL") == [(1,)]


@pytest.mark.parametrize(
    ("flags", "code"), [({"verified": False}, "email_not_verified"), ({"of_age": False}, "age_not_confirmed")]
)
def test_only_grown_ups_who_can_be_written_to_are_linked(
    site: "Site", flags: dict[str, bool], code: str
) -> None:
    with browsing(site) as browser:
        browser.sign_in(add_person(site.dsn, fresh_name(), **flags).username)  # type: ignore[arg-type]
        answer = browser.post(REQUESTS, goatedId=ADA)

        assert (answer.status_code, answer.json()["code"]) == (403, code)
        if code == "age_not_confirmed":
            assert browser.ask("PUT", "/api/users/me/age", {"birthDate": "2015-05-05"}).status_code == 403
            assert browser.ask("PUT", "/api/users/me/age", {"birthDate": "1990-05-05"}).status_code == 200
            assert browser.post(REQUESTS, goatedId=ADA).status_code == 201


def test_a_link_is_undone_by_oneself_or_by_staff(site: "Site", browser: Browser, person: Person) -> None:
    decide(site, asked(browser), "approve")
    undone = browser.ask("DELETE", "/api/account/link")
    again = browser.ask("DELETE", "/api/account/link")
    decide(site, asked(browser), "approve")
    by_staff = site.client.post(
        f"/api/admin/users/{person.id}/unlink", json={"reason": "Not his."}, headers=site.admins
    )

    assert [undone.status_code, again.status_code, by_staff.status_code] == [204, 409, 204]
    assert browser.me()["goatedId"] is None


def test_a_player_is_given_to_another_user_in_one_step(
    site: "Site", browser: Browser, person: Person
) -> None:
    decide(site, asked(browser), "approve")
    other = add_person(site.dsn, fresh_name())
    (player,) = site.execute("SELECT id FROM players WHERE goated_id = %s", ADA)[0]

    def transfer(to: int) -> httpx2.Response:
        path = f"/api/admin/players/{player}/transfer"
        return site.client.post(path, json={"userId": to, "reason": "His new account."}, headers=site.admins)

    moved, same, nobody = transfer(other.id), transfer(other.id), transfer(999_999)

    assert moved.status_code == 204
    assert site.execute("SELECT id FROM users WHERE player_id = %s", player) == [(other.id,)]
    assert browser.me()["goatedAccountLinked"] is False
    # Nothing half done: whoever has him keeps him.
    assert [same.status_code, nobody.status_code] == [204, 404]
    assert site.execute("SELECT id FROM users WHERE player_id = %s", player) == [(other.id,)]


def test_a_ban_outlives_the_link_and_being_staff_does_not(site: "Site") -> None:
    banned = add_person(site.dsn, "banned_one", uid=ADA)
    staff = add_person(site.dsn, "staff_one", uid=BOB)
    site.execute("UPDATE user_credentials SET totp_secret = 'x', totp_confirmed_at = now()")
    for person, verb, body in (
        (banned, "ban", {"reason": "x"}),
        (staff, "role", {"role": "support"}),
        (banned, "unlink", {"reason": "x"}),
        (staff, "unlink", {"reason": "x"}),
    ):
        path = f"/api/admin/users/{person.id}/{verb}"
        assert site.client.post(path, json=body, headers=site.admins).is_success

    assert site.execute("SELECT kind, lifted_at IS NULL FROM exclusions ORDER BY kind") == [
        ("banned", True),
        ("staff", False),
    ]


def test_who_excluded_himself_takes_his_exclusion_to_his_player(site: "Site", browser: Browser) -> None:
    request = asked(browser)
    browser.post("/api/users/me/self-exclusion")

    decide(site, request, "approve")
    browser.ask("DELETE", "/api/account/link")

    assert site.execute("SELECT kind, lifted_at, until FROM exclusions") == [("self_excluded", None, None)]


def recognized(site: "Site") -> int:
    async def run() -> int:
        engine = create_engine(app_dsn(site.dsn), acting="system")
        try:
            async with engine.begin() as connection:
                return await recognize(connection, now=utc_now())
        finally:
            await engine.dispose()

    return asyncio.run(run())


def test_a_proof_by_wager_is_off_unless_switched_on(browser: Browser) -> None:
    answer = browser.post(f"{REQUESTS}/{asked(browser)['id']}/signature")

    assert (answer.status_code, answer.json()["code"]) == (403, "signatures_off")


def test_two_wagers_prove_whose_a_player_is(dsn: str, feed: "Feed") -> None:
    with serving(dsn, feed, goatedvips_link_by_wager=True) as site, browsing(site) as browser:
        until_ready(site)
        site.pull()
        person = add_person(dsn, fresh_name())
        browser.sign_in(person.username)
        request = asked(browser, GUS)
        amounts = browser.post(f"{REQUESTS}/{request['id']}/signature").json()["signature"]
        again = browser.post(f"{REQUESTS}/{request['id']}/signature").json()["signature"]
        site.feed.wager(GUS, "3")
        site.pull()
        before = recognized(site)
        for amount in (amounts["secondAmount"], amounts["firstAmount"]):
            site.feed.wager(GUS, amount)
            site.pull()

        assert again == amounts
        assert (before, recognized(site), recognized(site)) == (0, 1, 0)
        assert browser.me()["goatedId"] == GUS
        shown = browser.get(REQUESTS).json()["data"][0]
        assert (shown["status"], shown["signature"]["isSeen"]) == ("approved", True)
        assert site.execute("SELECT actor FROM audit_log WHERE action = 'user.linked'") == [("worker",)]


def test_of_one_player_three_proofs_are_asked_for_in_a_month(dsn: str, feed: "Feed") -> None:
    with serving(dsn, feed, goatedvips_link_by_wager=True) as site:
        until_ready(site)
        site.pull()
        answers = []
        for _ in range(4):
            with browsing(site) as browser:
                browser.sign_in(add_person(dsn, fresh_name()).username)
                answers.append(browser.post(f"{REQUESTS}/{asked(browser)['id']}/signature").status_code)

        assert answers == [200, 200, 200, 429]
