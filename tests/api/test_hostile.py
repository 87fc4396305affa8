"""Whatever a client sends, the answer is ours: never a 500, and a problem whenever it is no success."""

import http.client
import socket
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import httpx2
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.api.conftest import Site

PROBLEM = {"type", "title", "status", "detail", "code", "requestId"}

TEXTS = st.one_of(
    st.text(max_size=80),
    st.text(st.sampled_from("%_\\'\"\x00\n;/.?#&=+ äß\u202e\ud7ff\U0001f600"), max_size=20),
    st.integers().map(str),
    st.sampled_from(["", "0", "-1", "9" * 18, "9" * 19, "9" * 400, "1e9", "NaN", "١٢", "null", "a" * 5000]),
)
PATHS = st.sampled_from(
    [
        "/api/leaderboard",
        "/api/leaderboard/around/{}",
        "/api/users/search",
        "/api/users/{}",
        "/api/users/{}/history",
        "/api/tiers",
        "/api/wager-races",
        "/api/wager-races/current",
        "/api/wager-races/previous",
        "/api/wager-races/{}",
        "/api/wager-races/{}/standings",
        "/api/wager-races/{}/standings.csv",
        "/api/wager-races/{}/position/{}",
        "/api/wager-races/1/position/{}",
        "/api/admin/wager-races/{}/cancel",
        "/api/health",
        "/readyz",
        "/openapi.json",
        "/api/{}",
        "/assets/{}",
    ]
)
NAMES = st.one_of(
    st.sampled_from(
        ["page", "limit", "period", "search", "q", "username", "radius", "window", "type", "status", "x"]
    ),
    TEXTS,
)
QUERIES = st.lists(st.tuples(NAMES, TEXTS), max_size=4)
MANY = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def spelled(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


def assert_ours(answer: httpx2.Response) -> None:
    """A success, or a problem that says its own status; never our own failure."""
    assert answer.status_code < 500, (answer.url, answer.text)
    assert answer.headers["x-request-id"]
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem.keys() >= PROBLEM
        assert problem["status"] == answer.status_code
        assert problem["requestId"] == answer.headers["x-request-id"]
        assert problem["detail"]


@MANY
@given(path=PATHS, people=st.tuples(TEXTS, TEXTS), query=QUERIES)
@example(path="/api/users/{}", people=("\x00", ""), query=[])
@example(path="/api/users/search", people=("", ""), query=[("q", "a\x00b")])
@example(path="/api/leaderboard", people=("", ""), query=[("search", "a\x00b")])
@example(path="/api/wager-races/1/standings", people=("", ""), query=[("search", "a\x00b")])
@example(path="/api/leaderboard/around/{}", people=("9" * 18, ""), query=[])
@example(path="/api/wager-races/{}", people=("9" * 18, ""), query=[])
@example(path="/api/wager-races", people=("", ""), query=[("page", "1000000000"), ("limit", "100")])
def test_no_question_makes_us_fail(
    shared: "Site", path: str, people: tuple[str, str], query: list[tuple[str, str]]
) -> None:
    url = path.format(*map(spelled, people))
    if query:
        url += "?" + "&".join(f"{spelled(name)}={spelled(value)}" for name, value in query)

    assert_ours(shared.get(url))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("path", ["/api/leaderboard", "/api/users/search", "/api/health", "/nowhere", "/"])
def test_a_method_that_a_path_does_not_have_is_refused(shared: "Site", method: str, path: str) -> None:
    answer = shared.client.request(method, path)

    # Where somebody else's method needs a name, a stranger hears of that first.
    assert answer.status_code in {401, 404, 405}
    assert_ours(answer)


@pytest.mark.parametrize(
    "path",
    [
        "/api/leaderboard",
        "/api/leaderboard?search=ada",
        "/api/tiers",
        "/api/users/1",
        "/api/users/search?q=ada",
        "/api/wager-races",
        "/api/wager-races/1",
        "/api/wager-races/1/standings",
        "/api/wager-races/1/standings.csv",
        "/api/health",
        "/livez",
        "/readyz",
        "/metrics",
        "/openapi.json",
    ],
)
def test_head_gives_the_headers_of_get_without_a_body(shared: "Site", path: str) -> None:
    answer = shared.client.head(path)

    assert shared.get(path).status_code == answer.status_code
    assert answer.content == b""


@pytest.mark.parametrize(
    "target",
    ["/api/users/%ff%fe", "/api/users/search?q=%ff%fe", "/api/users/%C0%80", "//api/users/1", "/api/../x"],
)
def test_bytes_that_are_no_text_are_answered(shared: "Site", target: str) -> None:
    address = urlsplit(shared.url).netloc
    connection = http.client.HTTPConnection(address, timeout=10)
    connection.request("GET", target)

    assert connection.getresponse().status != 500
    connection.close()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"name": 1e999}', b"[" * 5000]
)
def test_a_body_that_is_no_race_is_refused(shared: "Site", body: bytes) -> None:
    headers = shared.admins | {"Content-Type": "application/json"}
    answer = shared.client.post("/api/admin/wager-races", content=body, headers=headers)

    assert answer.status_code in {400, 422}
    assert_ours(answer)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PATCH", "/api/users/search", "GET"),
        ("GET", "/api/admin/awards/pay.csv", "POST"),
        ("PATCH", "/api/admin/wager-races/preview", "POST"),
        ("PUT", "/api/users/me", "GET, PATCH, DELETE"),
        ("DELETE", "/api/users/1", "GET, PATCH"),
    ],
)
def test_an_address_that_is_written_out_is_no_template_filled_in(
    shared: "Site", method: str, path: str, allowed: str
) -> None:
    answer = shared.client.request(method, path, headers=shared.admins)

    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert_ours(answer)


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 4\r\nContent-Length: 9\r\n",
        b"Content-Length: +4\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
    ],
)
def test_a_body_whose_end_is_doubtful_is_not_read(shared: "Site", head: bytes) -> None:
    address = urlsplit(shared.url)
    with socket.create_connection((address.hostname, address.port or 80), timeout=10) as connection:
        asked = b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + head
        connection.sendall(asked + b"\r\n0\r\n\r\nGET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = connection.makefile("rb").read()

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1") == 1
