"""Programs that act for somebody."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from goatedvips.kit.clock import utc_now
from tests.api.browser import Browser, browsing, fresh_name
from tests.people import add_person

if TYPE_CHECKING:
    from tests.api.conftest import Site

KEYS = "/api/users/me/api-keys"


@pytest.fixture
def boss(shared: "Site") -> Iterator[Browser]:
    with browsing(shared) as browser:
        browser.sign_in(add_person(shared.dsn, fresh_name("boss"), role="admin").username)
        yield browser


def made(browser: Browser, **more: object) -> dict[str, Any]:
    answer = browser.ask("POST", KEYS, {"name": "My program", "scopes": ["own"]} | more)
    assert answer.status_code == 201, answer.text
    key: dict[str, Any] = answer.json()
    return key


def with_key(site: "Site", key: str, method: str, path: str) -> int:
    return site.client.request(method, path, headers={"Authorization": f"Bearer {key}"}).status_code


def test_a_key_acts_within_its_scopes(shared: "Site", boss: Browser) -> None:
    own, keys = made(boss), made(boss, scopes=["own", "keys:write"])

    assert own["key"].startswith("gvip_")
    assert own["key"].startswith(own["hint"])
    assert with_key(shared, own["key"], "GET", "/api/auth/me") == 200
    assert with_key(shared, own["key"], "GET", "/api/admin/api-keys") == 403
    assert with_key(shared, keys["key"], "GET", "/api/admin/api-keys") == 200
    # What lets a key live on or its owner in takes a browser.
    assert with_key(shared, keys["key"], "GET", KEYS) == 401


def test_the_secret_is_shown_once(shared: "Site", boss: Browser) -> None:
    key = made(boss)

    assert key["key"] not in boss.get(KEYS).text
    assert shared.execute(
        "SELECT count(*) FROM api_keys WHERE api_keys::text LIKE '%%' || %s || '%%'", key["key"]
    ) == [(0,)]


def test_the_last_use_is_shown(shared: "Site", boss: Browser) -> None:
    key = made(boss)
    with_key(shared, key["key"], "GET", "/api/auth/me")

    listed = {each["id"]: each for each in boss.get(KEYS).json()["data"]}

    assert key["lastUsedAt"] is None
    assert listed[key["id"]]["lastUsedAt"] is not None


def test_a_key_ends(shared: "Site", boss: Browser) -> None:
    revoked, ended = made(boss), made(boss, expiresAt=(utc_now() + timedelta(hours=1)).isoformat())
    shared.execute("UPDATE api_keys SET expires_at = now() WHERE id = %s", ended["id"])

    gone = boss.ask("DELETE", f"{KEYS}/{revoked['id']}")
    again = boss.ask("DELETE", f"{KEYS}/{revoked['id']}")

    assert (gone.status_code, again.status_code) == (204, 404)
    assert with_key(shared, revoked["key"], "GET", "/api/auth/me") == 401
    assert with_key(shared, ended["key"], "GET", "/api/auth/me") == 401
    assert with_key(shared, "gvip_nonsense", "GET", "/api/auth/me") == 401
    assert with_key(shared, "x" * 50, "GET", "/api/auth/me") == 401


def test_nobody_gives_a_key_more_than_he_has(shared: "Site") -> None:
    with browsing(shared) as browser:
        browser.sign_in(add_person(shared.dsn, fresh_name()).username)
        beyond = browser.ask("POST", KEYS, {"name": "x", "scopes": ["own", "races:write"]})
        unknown = browser.ask("POST", KEYS, {"name": "x", "scopes": ["everything"]})
        none = browser.ask("POST", KEYS, {"name": "x", "scopes": []})
        past = browser.ask(
            "POST", KEYS, {"name": "x", "scopes": ["own"], "expiresAt": "2020-01-01T00:00:00Z"}
        )

    assert [answer.status_code for answer in (beyond, unknown, none, past)] == [422] * 4
    assert "races:write" in beyond.json()["errors"][0]["message"]


def test_a_key_loses_what_its_owner_loses(shared: "Site") -> None:
    person = add_person(shared.dsn, fresh_name(), role="admin")
    assert with_key(shared, person.key, "GET", "/api/admin/api-keys") == 200

    shared.execute("UPDATE users SET role = 'user' WHERE id = %s", person.id)

    assert with_key(shared, person.key, "GET", "/api/admin/api-keys") == 403
    assert with_key(shared, person.key, "GET", "/api/auth/me") == 200


def test_administrators_see_and_revoke_everybodys(shared: "Site", boss: Browser) -> None:
    with browsing(shared) as browser:
        browser.sign_in(add_person(shared.dsn, fresh_name()).username)
        key = made(browser)
        other = boss.ask("DELETE", f"{KEYS}/{key['id']}")
        refused = browser.ask("DELETE", f"/api/admin/api-keys/{key['id']}")

        assert (other.status_code, refused.status_code) == (404, 403)
        assert key["id"] in {each["id"] for each in boss.get("/api/admin/api-keys").json()["data"]}
        assert boss.ask("DELETE", f"/api/admin/api-keys/{key['id']}").status_code == 204
        assert with_key(shared, key["key"], "GET", "/api/auth/me") == 401


def test_making_and_revoking_is_in_the_audit_log(shared: "Site", boss: Browser) -> None:
    key = made(boss)
    boss.ask("DELETE", f"{KEYS}/{key['id']}")

    entries = shared.execute(
        "SELECT action, actor FROM audit_log WHERE subject = %s ORDER BY id", f"api_key:{key['id']}"
    )

    actor = f"user:{key['userId']}"
    assert entries == [("api_key.made", actor), ("api_key.revoked", actor)]


def test_nobody_needs_more_than_twenty_five(shared: "Site") -> None:
    with browsing(shared) as browser:
        browser.sign_in(add_person(shared.dsn, fresh_name()).username)

        answers = [browser.ask("POST", KEYS, {"name": "x", "scopes": ["own"]}).status_code for _ in range(25)]

    assert answers == [201] * 24 + [409]
