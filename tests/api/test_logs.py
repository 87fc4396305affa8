"""What an administrator reads of the logs: pages by cursor, filters, sheets, and who may."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from goatedvips.kit.clock import utc_now
from goatedvips.kit.instants import rfc3339
from goatedvips.kit.sheets import FORMULA
from tests.people import add_person, key_of

if TYPE_CHECKING:
    from tests.api.conftest import Site

LOGS = ["/api/admin/sync-logs", "/api/admin/transformation-logs", "/api/admin/request-logs"]
EVERYWHERE = [path + kind for path in LOGS for kind in ("", ".csv")]


def asked(site: "Site", path: str) -> httpx2.Response:
    return site.get(path, headers=site.admins)


def shown(site: "Site", path: str) -> dict[str, Any]:
    answer = asked(site, path)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


def pages(site: "Site", path: str, /, **query: str | int) -> Iterator[list[dict[str, Any]]]:
    """Follow the links from the newest page to the last."""
    address: str | None = f"{path}?{httpx2.QueryParams(query)}"
    while address is not None:
        answer = asked(site, address)
        assert answer.status_code == 200, answer.text
        yield answer.json()["data"]
        link = answer.headers.get("link")
        assert (link is None) == (answer.json()["nextCursor"] is None)
        address = None if link is None else link.partition(">")[0].removeprefix("<")


def sheet(site: "Site", path: str) -> list[dict[str, str]]:
    answer = asked(site, path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(answer.text)))


def log_requests(site: "Site", many: int, **values: object) -> None:
    """Add rows behind the program's back, several at one instant and older than all others."""
    given = {"method": "GET", "path": "/api/made-up", "status": 200, "milliseconds": 1} | values
    columns = ", ".join(given)
    site.execute("SELECT make_room('api_request_logs', (now() - interval '1 day')::date)")
    site.execute(
        f"INSERT INTO api_request_logs (at, request_id, {columns})"
        f" SELECT now() - interval '1 day' + number / 3 * interval '1 ms', 'made-up-' || number,"
        f" {', '.join(['%s'] * len(given))} FROM generate_series(1, {many}) AS number",
        *given.values(),
    )


@pytest.mark.parametrize("path", EVERYWHERE)
def test_logs_are_an_administrators(shared: "Site", path: str) -> None:
    for role in ("user", "support"):
        if not shared.execute("SELECT id FROM users WHERE username = %s", f"log_{role}"):
            add_person(shared.dsn, f"log_{role}", role=role)
    bearers = [{}, *({"Authorization": f"Bearer {key_of(f'log_{role}')}"} for role in ("user", "support"))]

    assert [shared.get(path, headers=bearer).status_code for bearer in bearers] == [401, 403, 403]
    assert asked(shared, path).status_code == 200


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("cursor=x", "cursor"),
        ("cursor=", "cursor"),
        ("cursor=LTE4NDQ2NzQ0MDczNzA5NTUxNjE2", "cursor"),
        ("cursor=OTIyMzM3MjAzNjg1NDc3NTgwNy4x", "cursor"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("from=yesterday", "from"),
        ("from=2026-01-01T00:00:00", "from"),
        ("to=2026-01-01T00:00:00Z&from=2026-01-01T00:00:00Z", "to"),
        ("status=odd", "status"),
        ("page=2", "page"),
    ],
)
@pytest.mark.parametrize("path", LOGS)
def test_a_query_that_cannot_be_is_named(shared: "Site", path: str, query: str, field: str) -> None:
    answer = asked(shared, f"{path}?{query}")

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=600", "status"),
        ("status=4x", "status"),
        ("method=get", "method"),
        ("user=0", "user"),
        ("user=9223372036854775808", "user"),
        ("apiKey=me", "apiKey"),
        ("path=", "path"),
        (f"path={'x' * 201}", "path"),
        ("requestId=", "requestId"),
        ("slowerThan=-1", "slowerThan"),
    ],
)
def test_a_filter_of_requests_that_cannot_be_is_named(shared: "Site", query: str, field: str) -> None:
    for path in ("/api/admin/request-logs", "/api/admin/request-logs.csv"):
        answer = asked(shared, f"{path}?{query}")

        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("path", LOGS)
def test_a_sheet_has_no_pages(shared: "Site", path: str) -> None:
    assert asked(shared, f"{path}.csv?limit=5").json()["errors"][0]["field"] == "limit"


def test_a_run_is_shown_with_what_it_did(shared: "Site") -> None:
    (newest, *_), *_ = pages(shared, "/api/admin/sync-logs", status="completed", limit=1)

    assert (newest["syncType"], newest["status"], newest["recordsProcessed"]) == ("manual", "completed", 7)
    assert newest["recordsUpdated"] == 3
    assert len(newest["reportSha256"]) == 64
    assert newest["metadata"]["steps"]
    assert newest["error"] is None


def test_a_step_is_shown_with_its_run(shared: "Site") -> None:
    (run, *_), *_ = pages(shared, "/api/admin/sync-logs", status="completed", limit=1)
    steps = shown(shared, f"/api/admin/transformation-logs?run={run['id']}")["data"]

    assert {step["runId"] for step in steps} == {run["id"]}
    assert "report_to_totals" in {step["transformationType"] for step in steps}
    assert shown(shared, "/api/admin/transformation-logs?run=999999")["data"] == []


def test_runs_are_found_by_status_type_and_time(site: "Site") -> None:
    between = utc_now()
    site.feed.status = 404
    assert site.pull_unseen().status == "failed"

    def found(query: str) -> list[tuple[str, str]]:
        rows = shown(site, f"/api/admin/sync-logs?{query}")["data"]
        return [(run["syncType"], run["status"]) for run in rows]

    failed, completed = ("manual", "failed"), ("manual", "completed")
    assert found("") == [failed, completed]
    assert found("status=failed") == [failed]
    assert found("type=manual&status=completed") == [completed]
    assert found("type=boundary") == []
    assert found(f"from={rfc3339(between)}") == [failed]
    assert found(f"to={rfc3339(between)}") == [completed]
    assert "404" in shown(site, "/api/admin/sync-logs?status=failed")["data"][0]["error"]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_hold_every_row_once_though_many_are_of_one_instant(shared: "Site", limit: int) -> None:
    path = f"/api/pages-of-{limit}"
    log_requests(shared, 11, path=path)

    seen = [row["requestId"] for page in pages(shared, LOGS[2], path=path, limit=limit) for row in page]

    assert seen == [f"made-up-{number}" for number in range(11, 0, -1)]


def test_rows_that_come_while_one_reads_are_on_no_later_page(site: "Site") -> None:
    for _ in range(4):
        site.pull_unseen()
    before = [run["id"] for page in pages(site, LOGS[0], limit=2) for run in page]

    seen = []
    for page in pages(site, LOGS[0], limit=2):
        seen += [run["id"] for run in page]
        site.pull_unseen()

    assert seen == before
    assert len(before) == 5


def test_requests_are_found_by_what_an_operator_asks(shared: "Site") -> None:
    person = add_person(shared.dsn, "looked_up")
    log_requests(shared, 1, path="/api/find/a", status=500, milliseconds=900)
    log_requests(shared, 1, path="/api/find/b", status=503, method="POST", user_id=person.id)
    log_requests(shared, 1, path="/api/find/c", status=204, api_key_id=7)

    def found(query: str) -> list[str]:
        rows = shown(shared, f"{LOGS[2]}?path=/api/find/{query}")["data"]
        return sorted(row["path"].removeprefix("/api/find/") for row in rows)

    yesterday = rfc3339(utc_now() - timedelta(days=1) + timedelta(minutes=1))
    assert found("") == ["a", "b", "c"]
    assert found("b") == ["b"]
    assert found("&status=5xx") == ["a", "b"]
    assert found("&status=503") == ["b"]
    assert found("&method=POST") == ["b"]
    assert found(f"&user={person.id}") == ["b"]
    assert found("&apiKey=7") == ["c"]
    assert found("&slowerThan=900") == ["a"]
    assert found("&slowerThan=901") == []
    assert found("&requestId=made-up-1") == ["a", "b", "c"]
    assert found(f"&from={yesterday}") == []
    assert found(f"&to={yesterday}&status=2xx") == ["c"]
    assert found("%25") == []
    assert shown(shared, f"{LOGS[2]}?path=/api/find/b")["data"][0]["username"] == "looked_up"


def test_a_sheet_holds_all_rows_of_all_pages(shared: "Site") -> None:
    log_requests(shared, 2500, path="/api/sheet")

    rows = sheet(shared, f"{LOGS[2]}.csv?path=/api/sheet")

    assert len(rows) == len({row["id"] for row in rows}) == 2500
    assert rows[0].keys() == shown(shared, f"{LOGS[2]}?limit=1")["data"][0].keys()
    assert rows[0]["userId"] == ""
    assert rows[0]["at"].endswith("Z")


@pytest.mark.parametrize("path", LOGS)
def test_a_sheet_and_a_page_tell_the_same(shared: "Site", path: str) -> None:
    now = rfc3339(utc_now())
    of_page = shown(shared, f"{path}?limit=3&to={now}")["data"]
    of_sheet = sheet(shared, f"{path}.csv?to={now}")[:3]

    assert [row["id"] for row in of_sheet] == [str(row["id"]) for row in of_page]
    assert {name: row.keys() for name, row in enumerate(of_sheet)} == {
        name: row.keys() for name, row in enumerate(of_page)
    }


def test_a_sheet_without_rows_names_its_columns(shared: "Site") -> None:
    answer = asked(shared, f"{LOGS[1]}.csv?run=999999")

    assert answer.text.startswith("id,runId,transformationType,sourceType,status,")
    assert answer.text.count("\n") == 1


def test_nothing_in_a_sheet_is_a_formula(shared: "Site") -> None:
    log_requests(shared, 1, path="=HYPERLINK(1)", method="@SUM")
    shared.get("/api/-1+cmd|'/c calc'!A0")

    rows = sheet(shared, f"{LOGS[2]}.csv")

    assert "'=HYPERLINK(1)" in {row["path"] for row in rows}
    assert not [cell for row in rows for cell in row.values() if cell.startswith(FORMULA)]
