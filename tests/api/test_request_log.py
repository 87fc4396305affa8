"""What the log holds of a request that was made, and what it never holds."""

from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from tests.api.browser import browsing, fresh_name
from tests.api.conftest import serving, until_ready
from tests.people import add_person

if TYPE_CHECKING:
    from tests.api.conftest import Feed, Site

_LOGGED = "SELECT {} FROM api_request_logs WHERE request_id = %s"
_NUMBERS = iter(range(1, 10**6))


def log_of(site: "Site", request_id: str, columns: str = "method, path, status") -> list[tuple[Any, ...]]:
    return site.execute(_LOGGED.format(columns), request_id)


def logged(
    site: "Site", method: str, path: str, columns: str = "method, path, status", **headers: str
) -> tuple[Any, ...]:
    """Make a request, and return what is logged of it as soon as it is."""
    request_id = f"logged-{next(_NUMBERS)}"
    site.client.request(method, path, headers={"X-Request-Id": request_id} | headers)
    site.until(lambda: bool(log_of(site, request_id)))
    (row,) = log_of(site, request_id, columns)
    return row


def passed_over(site: "Site", *requests: tuple[str, str]) -> list[str]:
    """Make requests, then one that is logged; return which of those before it are in the log."""
    made = {f"passed-{next(_NUMBERS)}": request for request in requests}
    for request_id, (method, path) in made.items():
        site.client.request(method, path, headers={"X-Request-Id": request_id})
    logged(site, "GET", "/api/tiers")
    return [f"{method} {path}" for request_id, (method, path) in made.items() if log_of(site, request_id)]


@pytest.mark.parametrize(
    ("method", "path", "kept"),
    [
        ("GET", "/api/tiers", ("GET", "/api/tiers", 200)),
        ("HEAD", "/api/tiers", ("HEAD", "/api/tiers", 200)),
        ("GET", "/api/users/uidAda00000000000001", ("GET", "/api/users/{person}", 200)),
        ("GET", "/api/users/nobody", ("GET", "/api/users/{person}", 404)),
        ("GET", "/api/leaderboard?page=0", ("GET", "/api/leaderboard", 422)),
        ("DELETE", "/api/tiers", ("DELETE", "/api/tiers", 405)),
        ("GET", "/api/no/such%20route", ("GET", "/api/no/such route", 404)),
        ("GET", "/api/no/nul%00", ("GET", "/api/no/nul\N{REPLACEMENT CHARACTER}", 400)),
        ("GET", "/api/auth/me", ("GET", "/api/auth/me", 401)),
    ],
)
def test_what_was_asked_and_what_came_of_it_is_logged(
    shared: "Site", method: str, path: str, kept: tuple[str, str, int]
) -> None:
    assert logged(shared, method, path) == kept


def test_who_asked_is_logged_whether_he_was_let_through_or_not(shared: "Site") -> None:
    person = add_person(shared.dsn, fresh_name())
    who = "user_id, api_key_id IS NOT NULL, status"

    assert logged(shared, "GET", "/api/auth/me", who, **person.bearer) == (person.id, True, 200)
    assert logged(shared, "GET", "/api/admin/api-keys", who, **person.bearer) == (person.id, True, 403)
    assert logged(shared, "GET", "/api/auth/me", who, Authorization="Bearer gvip_x") == (None, False, 401)
    assert logged(shared, "GET", "/api/tiers", who, **person.bearer) == (None, False, 200), "nobody looked"


def test_a_browser_is_logged_by_its_user(shared: "Site") -> None:
    with browsing(shared) as browser:
        person = add_person(shared.dsn, fresh_name())
        browser.sign_in(person.username)
        cookies = "; ".join(f"{name}={value}" for name, value in browser.client.cookies.items())

        who = logged(shared, "GET", "/api/auth/me", "user_id, api_key_id, status", Cookie=cookies)
        forged = logged(shared, "POST", "/api/auth/logout", "user_id, status", Cookie=cookies)

    assert who == (person.id, None, 200)
    assert forged == (person.id, 403), "a page of another site made his browser ask"


def test_when_and_how_long_is_logged(shared: "Site") -> None:
    (before,), *_ = shared.execute("SELECT now()")
    at, milliseconds = logged(shared, "GET", "/api/users/search?q=ada", "at, milliseconds")
    (after,), *_ = shared.execute("SELECT now()")

    assert before <= at <= after
    assert 0 <= milliseconds < 20_000


def test_a_stream_is_logged_when_it_ends(shared: "Site") -> None:
    request_id = f"stream-{next(_NUMBERS)}"
    with shared.client.stream("GET", "/api/events", headers={"X-Request-Id": request_id}) as answer:
        lines = answer.iter_lines()
        next(lines)
        logged(shared, "GET", "/api/tiers")
        before = log_of(shared, request_id)
    shared.until(lambda: bool(log_of(shared, request_id)))

    assert before == []
    assert log_of(shared, request_id) == [("GET", "/api/events", 200)]


def test_nothing_of_query_body_or_headers_is_ever_logged(shared: "Site") -> None:
    secret = "s3cr3t-marker"
    headers = {"User-Agent": secret, "Referer": f"http://x/{secret}", "Cookie": f"gvip_session={secret}"}
    body = {"login": secret, "password": secret}
    answers = [
        shared.client.post(f"/api/auth/login?token={secret}", json=body, headers=headers),
        shared.client.post("/api/auth/verify-email", json={"token": secret}, headers=headers),
        shared.client.get(f"/api/auth/me?key={secret}", headers={"Authorization": f"Bearer gvip_{secret}"}),
        shared.client.get(f"/api/users/{secret}", headers=headers),
        shared.client.get(f"/api/wager-races/1/position/{secret}", headers=headers),
    ]
    for answer in answers:
        request_id = answer.headers["x-request-id"]
        shared.until(lambda request_id=request_id: bool(log_of(shared, request_id)))  # type: ignore[misc]

    assert (
        shared.execute(
            "SELECT path FROM api_request_logs AS log WHERE log::text LIKE '%%' || %s || '%%'", secret
        )
        == []
    )


def test_only_the_api_is_logged(shared: "Site") -> None:
    others = ["/", "/docs", "/openapi.json", "/assets/nothing.js", "/livez", "/readyz", "/metrics", "/apis"]

    with shared.socket():
        assert passed_over(shared, *(("GET", path) for path in others)) == []
    assert shared.execute("SELECT path FROM api_request_logs WHERE path = ANY(%s)", others) == []


def test_a_flood_that_is_turned_away_does_not_fill_the_log(dsn: str, feed: "Feed") -> None:
    with serving(dsn, feed, goatedvips_rate_limit=3) as site:
        statuses = [site.get("/api/health").status_code for _ in range(6)]

    assert statuses == [200] * 3 + [429] * 3
    assert site.execute("SELECT status FROM api_request_logs") == [(200,)] * 3


def test_what_is_left_when_the_server_stops_is_written(dsn: str, feed: "Feed") -> None:
    with serving(dsn, feed) as site:
        for _ in range(25):
            site.get("/api/health")

    assert site.execute("SELECT count(*) FROM api_request_logs") == [(25,)]


@pytest.mark.parametrize(("setting", "kept"), [("all", 2), ("signed_in", 1), ("off", 0)])
def test_the_operator_chooses_what_is_logged(dsn: str, feed: "Feed", setting: str, kept: int) -> None:
    person = add_person(dsn, "chosen")
    with serving(dsn, feed, goatedvips_request_log=setting) as site:
        site.get("/api/health")
        site.get("/api/auth/me", headers=person.bearer)

    assert site.execute("SELECT count(*) FROM api_request_logs") == [(kept,)]


def test_requests_are_answered_though_nothing_can_be_logged(dsn: str, feed: "Feed") -> None:
    with serving(dsn, feed) as site:
        until_ready(site)
        site.execute("ALTER TABLE api_request_logs RENAME TO gone")
        before = _dropped(site.client)
        statuses = {site.get("/api/tiers").status_code for _ in range(10)}
        site.until(lambda: _dropped(site.client) - before == 10)
        site.execute("ALTER TABLE gone RENAME TO api_request_logs")
        last = logged(site, "GET", "/api/tiers")

    assert statuses == {200}
    assert last == ("GET", "/api/tiers", 200)


def _dropped(client: httpx2.Client) -> float:
    lines = client.get("/metrics").text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if "request_log_dropped_total{" in line)
