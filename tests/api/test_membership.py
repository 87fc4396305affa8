"""What administrators do with accounts, and what everybody may have done with his own."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from goatedvips.kit.clock import utc_now
from tests.api.browser import Browser, browsing, fresh_name
from tests.people import Person, add_person

if TYPE_CHECKING:
    from tests.api.conftest import Site

ADA, BOB = "uidAda00000000000001", "uidBob00000000000002"


@pytest.fixture
def browser(shared: "Site") -> Iterator[Browser]:
    with browsing(shared) as browser:
        yield browser


def act(site: "Site", person: Person | int, verb: str, **body: object) -> httpx2.Response:
    number = person if isinstance(person, int) else person.id
    return site.client.post(f"/api/admin/users/{number}/{verb}", json=body, headers=site.admins)


def acts_of(site: "Site", subject: str) -> list[str]:
    rows = site.execute("SELECT action FROM audit_log WHERE subject = %s ORDER BY id", subject)
    return [action for (action,) in rows]


def test_users_are_found_by_name_address_number_and_uid(shared: "Site") -> None:
    person = add_person(shared.dsn, fresh_name("findme"))

    for search in (person.username[2:], f"{person.username}@EXAMPLE", str(person.id)):
        found = shared.client.get(f"/api/admin/users?search={search}", headers=shared.admins).json()
        assert person.id in {each["id"] for each in found["data"]}
    assert found["pagination"]["total"] >= 1
    linked = shared.client.get(f"/api/admin/users?search={ADA}&linked=true", headers=shared.admins).json()
    assert [each["goatedId"] for each in linked["data"]] == [ADA]


def test_no_answer_holds_a_hash(shared: "Site") -> None:
    person = add_person(shared.dsn, fresh_name())

    for path in ("/api/admin/users", f"/api/admin/users/{person.id}"):
        text = shared.client.get(path, headers=shared.admins).text
        assert "$2b$" not in text
        assert "totpSecret" not in text


def test_a_ban_shuts_out_and_is_lifted(shared: "Site", browser: Browser) -> None:
    person = add_person(shared.dsn, fresh_name())
    browser.sign_in(person.username)

    banned = act(shared, person, "ban", reason="Two accounts.")
    twice = act(shared, person, "ban", reason="Two accounts.")
    during = browser.get("/api/auth/me").status_code
    seen = shared.get(f"/api/users/{person.id}").status_code
    lifted = act(shared, person, "unban", reason="A mistake.")

    assert banned.json()["status"] == "banned"
    assert (twice.status_code, twice.json()["code"]) == (409, "not_in_that_state")
    assert (during, seen) == (401, 404)
    assert lifted.json()["status"] == "active"
    assert lifted.json()["banReason"] is None
    assert browser.sign_in(person.username).status_code == 200
    assert acts_of(shared, f"user:{person.id}") == ["user.banned", "user.unbanned"]


def test_a_banned_players_exclusion_comes_and_goes_with_the_ban(site: "Site") -> None:
    person = add_person(site.dsn, "banned_one", uid=BOB)
    act(site, person, "ban", reason="Two accounts.")
    first = site.execute("SELECT kind, lifted_at IS NULL FROM exclusions ORDER BY id")
    act(site, person, "unban", reason="A mistake.")
    then = site.execute("SELECT kind, lifted_at IS NULL FROM exclusions ORDER BY id")

    assert first == [("banned", True)]
    assert then == [("banned", False)]


def test_a_role_needs_a_second_factor_and_ends_the_sessions(shared: "Site", browser: Browser) -> None:
    person = add_person(shared.dsn, fresh_name())
    browser.sign_in(person.username)
    without = act(shared, person, "role", role="support")
    shared.execute(
        "UPDATE user_credentials SET totp_secret = 'x', totp_confirmed_at = now() WHERE user_id = %s",
        person.id,
    )

    given = act(shared, person, "role", role="support")

    assert (without.status_code, without.json()["code"]) == (409, "second_factor_first")
    assert given.json()["role"] == "support"
    assert browser.get("/api/auth/me").status_code == 401
    assert act(shared, person, "role", role="king").status_code == 422


def test_nobody_bans_promotes_or_disarms_himself(shared: "Site") -> None:
    me = shared.client.get("/api/auth/me", headers=shared.admins).json()["user"]["id"]

    answers = [
        act(shared, me, "ban", reason="x"),
        act(shared, me, "role", role="user"),
        act(shared, me, "remove-second-factor", reason="x"),
    ]

    assert [answer.json()["code"] for answer in answers] == ["oneself_not"] * 3


def test_the_last_administrator_stays(site: "Site") -> None:
    boss = site.client.get("/api/auth/me", headers=site.admins).json()["user"]["id"]
    other = add_person(site.dsn, "second_boss", role="admin")
    demoted = act(site, other, "role", role="user")

    with browsing(site) as browser:
        browser.sign_in("the_boss")
        gone = browser.ask("DELETE", "/api/users/me")

    assert demoted.status_code == 200
    assert (gone.status_code, gone.json()["code"]) == (409, "last_administrator")
    assert site.execute("SELECT status FROM users WHERE id = %s", boss) == [("active",)]


def test_support_looks_and_sends_a_reset_but_changes_nothing(shared: "Site") -> None:
    support, person = (
        add_person(shared.dsn, fresh_name(), role="support"),
        add_person(shared.dsn, fresh_name()),
    )

    def ask(method: str, path: str, **body: object) -> int:
        url = f"/api/admin/users/{person.id}{path}"
        return shared.client.request(method, url, json=body or None, headers=support.bearer).status_code

    assert shared.client.get("/api/admin/users", headers=support.bearer).status_code == 200
    assert ask("GET", "") == 200
    assert ask("POST", "/password-reset") == 200
    assert ask("POST", "/ban", reason="x") == 403
    assert ask("POST", "/role", role="admin") == 403
    assert ask("DELETE", "", reason="x") == 403
    shown = shared.client.get(f"/api/admin/users/{person.id}", headers=support.bearer).json()
    assert shown["names"] is None


def test_former_names_are_for_oneself_and_administrators(shared: "Site", browser: Browser) -> None:
    person = add_person(shared.dsn, fresh_name("before"))
    browser.sign_in(person.username)
    renamed = fresh_name("after")
    browser.ask("PATCH", "/api/users/me", {"username": renamed})

    shown = shared.client.get(f"/api/admin/users/{person.id}", headers=shared.admins).json()

    assert [name["username"] for name in shown["names"]] == [person.username]
    assert person.username not in shared.get(f"/api/users/{person.id}").text
    assert browser.me()["username"] == renamed


@pytest.mark.parametrize("until", ["2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "soon", "2027-01-01"])
def test_a_self_exclusion_lasts_a_day_to_ten_years(shared: "Site", browser: Browser, until: str) -> None:
    browser.sign_in(add_person(shared.dsn, fresh_name()).username)

    answer = browser.ask("POST", "/api/users/me/self-exclusion", {"until": until})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "until"


def test_a_self_exclusion_is_made_longer_and_never_shorter(shared: "Site", browser: Browser) -> None:
    browser.sign_in(add_person(shared.dsn, fresh_name()).username)

    def exclude(days: int | None) -> httpx2.Response:
        until = None if days is None else (utc_now() + timedelta(days=days)).isoformat()
        return browser.ask("POST", "/api/users/me/self-exclusion", {} if until is None else {"until": until})

    answers = [exclude(days).status_code for days in (30, 10, 60, None, 90, None)]

    assert answers == [200, 409, 200, 200, 409, 409]
    assert (browser.me()["selfExcluded"], browser.me()["selfExcludedUntil"]) == (True, None)


def unpacked(answer: httpx2.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return {
            name: json.loads(archive.read(name)) if name.endswith(".json") else archive.read(name).decode()
            for name in archive.namelist()
        }


def test_all_that_is_kept_of_somebody_is_his_to_have(site: "Site") -> None:
    person = add_person(site.dsn, "exported", uid=ADA)
    other = add_person(site.dsn, "somebody_else", uid=BOB)
    site.feed.wager(ADA, "1.5")
    site.pull()
    with browsing(site) as browser:
        browser.sign_in(person.username)
        browser.ask("PATCH", "/api/users/me", {"bio": "=1+1"})
        files = unpacked(browser.get("/api/users/me/export"))

    assert files["account.json"][0]["email"] == "exported@example.com"
    assert files["player.json"][0]["goated_id"] == ADA
    assert [reading["all_time"] for reading in files["readings.json"]] == ["12000.00000000", "12001.50000000"]
    assert "'=1+1" in files["profile.csv"]
    assert files["awards.json"] == []
    everything = json.dumps(files)
    assert other.username not in everything
    assert BOB not in everything
    assert "$2b$" not in everything
    assert {name.rpartition(".")[0] for name in files} >= {"sessions", "names", "tiers", "results"}


def test_an_export_is_had_three_times_an_hour(shared: "Site", browser: Browser) -> None:
    browser.sign_in(add_person(shared.dsn, fresh_name()).username)

    answers = [browser.get("/api/users/me/export").status_code for _ in range(4)]

    assert answers == [200, 200, 200, 429]


def everything_kept(site: "Site") -> str:
    """All rows of all tables as text, but for the raw reports, which nobody is served."""
    tables = site.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " AND relname <> 'feed_reports'"
    )
    rows = [row for (table,) in tables for row in site.execute(f"SELECT t::text FROM {table} AS t")]
    return "\n".join(text for (text,) in rows)


def test_who_is_erased_is_nowhere_and_races_stay_as_they_were(site: "Site") -> None:
    person = add_person(site.dsn, "to_be_erased", uid=ADA)
    race = site.race(endDate=(utc_now() + timedelta(seconds=1)).isoformat(), rejectPolicy="move_up")["id"]
    site.feed.wager(ADA, "10")
    site.feed.wager(BOB, "5")
    site.pull()
    site.until(lambda: bool(site.json(f"/api/wager-races/{race}")["metadata"]["phase"] == "settling"))
    site.pull()
    site.settle()
    site.until(lambda: bool(site.json(f"/api/wager-races/{race}")["status"] == "completed"))
    before = site.json(f"/api/wager-races/{race}")
    assert before["participants"][0]["username"] == "Ada"
    with browsing(site) as browser:
        browser.sign_in(person.username)
        browser.ask("PATCH", "/api/users/me", {"bio": "An unmistakable bio", "username": "erased_later"})
        gone = browser.ask("DELETE", "/api/users/me")
        assert gone.status_code == 204
        assert browser.get("/api/auth/me").status_code == 401

    site.until(lambda: "Deleted player" in site.get("/api/leaderboard").text)
    site.until(lambda: "Deleted player" in site.get(f"/api/wager-races/{race}").text)
    after = site.json(f"/api/wager-races/{race}")
    kept = everything_kept(site)

    assert [row["prize"] for row in after["participants"]] == [row["prize"] for row in before["participants"]]
    assert [row["wagered"] for row in after["participants"]] == [
        row["wagered"] for row in before["participants"]
    ]
    assert after["participants"][0]["username"] == "Deleted player"
    assert after["metadata"]["result"] == before["metadata"]["result"]
    for trace in ("to_be_erased", "erased_later", "unmistakable", "Ada,", '"Ada"', "@example.com"):
        assert trace not in kept.replace("the_boss@example.com", ""), trace
    assert site.get(f"/api/users/{person.id}").status_code == 404
    assert site.get(f"/api/users/{ADA}").status_code == 404
    proof = site.get(f"/api/wager-races/{race}/proof")
    assert ADA not in proof.text
    assert BOB in proof.text
    # His amounts go on to count, and what the feed calls him is not taken up again.
    site.feed.wager(ADA, "7")
    site.pull()
    assert "Ada" not in everything_kept(site).replace(ADA, "")
    assert site.execute("SELECT count(*) FROM race_awards WHERE status <> 'rejected'") == [(2,)]
