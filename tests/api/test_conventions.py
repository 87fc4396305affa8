"""What every answer keeps to: tags, caching, links, ids, limits, and headers that keep browsers safe."""

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.api.conftest import Feed, Site

from goatedvips.kit.requests import CONTENT_SECURITY_POLICY, SECURITY_HEADERS
from tests.api.conftest import serving

TAGGED = [
    "/api/leaderboard",
    "/api/leaderboard?search=ada",
    "/api/leaderboard/around/uidAda00000000000001",
    "/api/users/uidAda00000000000001",
    "/api/users/search?q=ada",
    "/api/tiers",
    "/api/wager-races",
    "/api/wager-races/1",
    "/api/wager-races/1/standings",
    "/api/wager-races/1/standings.csv",
    "/api/wager-races/1/position/uidAda00000000000001",
    "/api/wager-races/current",
]


@pytest.mark.parametrize("path", TAGGED)
def test_who_holds_an_answer_is_told_that_it_still_holds(shared: "Site", path: str) -> None:
    first = shared.get(path)
    etag = first.headers["etag"]

    again = shared.get(path, headers={"If-None-Match": f'"other", W/{etag.removeprefix("W/")}'})

    assert first.status_code == 200
    assert first.headers["cache-control"] == "no-cache"
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == etag


def test_a_held_answer_of_an_older_version_is_replaced(site: "Site") -> None:
    held = site.get("/api/leaderboard").headers["etag"]
    site.feed.wager("uidAda00000000000001", "1")
    site.pull()

    answer = site.get("/api/leaderboard", headers={"If-None-Match": held})

    assert answer.status_code == 200
    assert answer.headers["etag"] != held


def test_pages_differ_by_their_tag_and_link_to_their_neighbours(shared: "Site") -> None:
    answer = shared.get("/api/leaderboard?period=today&page=2&limit=3")

    assert answer.json()["pagination"] == {"total": 7, "page": 2, "limit": 3, "pages": 3}
    assert (
        answer.headers["etag"] != shared.get("/api/leaderboard?period=today&page=1&limit=3").headers["etag"]
    )
    links = {name: url for url, name in re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers["link"])}
    pages = {name: shared.json(url)["pagination"]["page"] for name, url in links.items()}
    assert pages == {"first": 1, "prev": 1, "next": 3, "last": 3}


@pytest.mark.parametrize(
    "path",
    ["/api/leaderboard", "/api/users/search?q=ada", "/api/wager-races", "/api/wager-races/1/standings"],
)
def test_a_page_beyond_the_end_is_empty_and_leads_back(shared: "Site", path: str) -> None:
    answer = shared.get(f"{path}{'&' if '?' in path else '?'}page=900&limit=10")

    body = answer.json()
    assert answer.status_code == 200
    assert body.get("data", body.get("results")) == []
    assert 'rel="last"' in answer.headers["link"]
    assert 'rel="next"' not in answer.headers["link"]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/leaderboard?page=0", "page"),
        ("/api/leaderboard?limit=101", "limit"),
        ("/api/leaderboard?limit=ten", "limit"),
        ("/api/leaderboard?period=yesterday", "period"),
        ("/api/leaderboard?search=a", "search"),
        ("/api/leaderboard?sort=asc", "sort"),
        ("/api/leaderboard?page=1&page=2", "page"),
        ("/api/leaderboard/around/1?radius=51", "radius"),
        ("/api/users/search", "q"),
        ("/api/users/search?q=a", "q"),
        (f"/api/users/search?q={'a' * 65}", "q"),
        ("/api/users/1/history?window=2d", "window"),
        ("/api/wager-races?status=running", "status"),
        ("/api/wager-races?type=yearly", "type"),
        ("/api/wager-races/current?type=yearly", "type"),
        ("/api/wager-races/one", "race_id"),
        ("/api/wager-races/1/standings?limit=0", "limit"),
        ("/api/tiers?x=1", "x"),
        ("/api/users/1?x=1", "x"),
    ],
)
def test_a_parameter_that_cannot_be_is_named(shared: "Site", path: str, field: str) -> None:
    answer = shared.get(path)

    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_fields"
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert all(error["message"] for error in answer.json()["errors"])


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/api/users/999999", "person_not_found"),
        ("/api/users/nobody", "person_not_found"),
        ("/api/users/nobody/history", "person_not_found"),
        ("/api/leaderboard/around/nobody", "person_not_found"),
        ("/api/wager-races/999999", "race_not_found"),
        ("/api/wager-races/999999/standings", "race_not_found"),
        ("/api/wager-races/999999/standings.csv", "race_not_found"),
        ("/api/wager-races/1/position/nobody", "person_not_found"),
        ("/api/wager-races/previous?type=special", "no_race"),
        ("/api/nothing", "not_found"),
        ("/assets/nothing.js", "not_found"),
    ],
)
def test_what_is_not_there_says_so(shared: "Site", path: str, code: str) -> None:
    answer = shared.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/api/leaderboard", {"GET"}),
        ("/api/admin/sync", {"GET", "POST"}),
        ("/api/admin/race-series/1", {"GET", "PATCH"}),
        ("/api/admin/awards/pay", {"POST"}),
    ],
)
def test_who_uses_a_method_that_an_address_does_not_have_is_told_those_it_has(
    shared: "Site", path: str, methods: set[str]
) -> None:
    answer = shared.client.request("TRACE", path)

    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == methods


def test_a_request_keeps_the_id_it_came_with_unless_that_is_no_id(shared: "Site") -> None:
    given = shared.get("/api/tiers", headers={"X-Request-Id": "abc-1.2_3"}).headers["x-request-id"]
    made = shared.get("/api/tiers", headers={"X-Request-Id": "a b\tc" + "x" * 100}).headers["x-request-id"]

    assert given == "abc-1.2_3"
    assert re.fullmatch(r"[0-9a-f]{16}", made)


@pytest.mark.parametrize(
    "path", ["/", "/api/tiers", "/api/nothing", "/api/leaderboard?page=0", "/metrics", "/livez"]
)
def test_every_answer_keeps_browsers_safe(shared: "Site", path: str) -> None:
    headers = shared.get(path).headers

    assert {name: headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "server" not in headers
    assert "strict-transport-security" not in headers


def test_a_failure_of_ours_is_a_problem_that_tells_no_secrets(site: "Site") -> None:
    site.execute("ALTER TABLE users RENAME TO gone")

    answer = site.get("/api/users/1")

    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert answer.json()["requestId"] == answer.headers["x-request-id"]
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "users" not in answer.text


def test_other_sites_may_read_only_if_the_settings_name_them(dsn: str, feed: "Feed", shared: "Site") -> None:
    friend = {"Origin": "https://friend.example"}
    with serving(dsn, feed, goatedvips_cors_origins=["https://friend.example"]) as site:
        welcome = site.get("/livez", headers=friend)
        stranger = site.get("/livez", headers={"Origin": "https://stranger.example"})
        asked = site.client.options("/api/tiers", headers=friend | {"Access-Control-Request-Method": "GET"})

    assert welcome.headers["access-control-allow-origin"] == "https://friend.example"
    assert "access-control-allow-origin" not in stranger.headers
    assert asked.status_code == 200
    assert "x-request-id" in asked.headers
    assert "access-control-allow-origin" not in shared.get("/livez", headers=friend).headers


def test_a_friends_page_can_read_that_it_was_refused(dsn: str, feed: "Feed") -> None:
    friend = {"Origin": "https://friend.example"}
    with serving(
        dsn, feed, goatedvips_cors_origins=["https://friend.example"], goatedvips_rate_limit=1
    ) as site:
        site.get("/api/tiers", headers=friend)
        refused = site.get("/api/tiers", headers=friend)

    assert refused.status_code == 429
    assert refused.headers["access-control-allow-origin"] == "https://friend.example"
    assert "Retry-After" in refused.headers["access-control-expose-headers"]


def test_production_asks_browsers_to_stay_on_https(dsn: str, feed: "Feed") -> None:
    with serving(dsn, feed, goatedvips_env="production") as site:
        assert "max-age=" in site.get("/livez").headers["strict-transport-security"]


def test_who_asks_too_often_is_told_when_to_come_back(dsn: str, feed: "Feed") -> None:
    with serving(dsn, feed, goatedvips_rate_limit=3) as site:
        answers = [site.get("/api/health") for _ in range(4)]
        probe = site.get("/livez")

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    refused = answers[-1]
    assert refused.json()["code"] == "too_many_requests"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert probe.status_code == 200


def statuses(site: "Site", *addresses: str) -> list[int]:
    return [site.get("/api/health", headers={"X-Forwarded-For": it}).status_code for it in addresses]


def test_a_proxy_we_trust_says_who_asks(dsn: str, feed: "Feed") -> None:
    with serving(dsn, feed, goatedvips_rate_limit=1, goatedvips_trusted_proxies=["127.0.0.1"]) as site:
        assert statuses(site, "203.0.113.1", "203.0.113.2", "203.0.113.1") == [200, 200, 429]
        assert statuses(site, "198.51.100.9, 203.0.113.2") == [429], "what the client wrote itself counts"


def test_a_stranger_cannot_say_to_be_somebody_else(dsn: str, feed: "Feed") -> None:
    with serving(dsn, feed, goatedvips_rate_limit=1) as site:
        assert statuses(site, "203.0.113.1", "203.0.113.2") == [200, 429]


def test_the_documents_of_the_wire_are_served(shared: "Site") -> None:
    assert shared.json("/openapi.json")["openapi"].startswith("3.1")


def test_what_a_formula_would_be_is_text_in_a_spreadsheet(shared: "Site") -> None:
    shown = shared.get("/api/wager-races/1/standings.csv")

    assert shown.headers["content-type"].startswith("text/csv")
    assert "attachment" in shown.headers["content-disposition"]
    assert not re.search(r"(^|,)[=+@-]", shown.text, re.MULTILINE)
