"""`Idempotency-Key`: what is asked twice is done once, whoever is killed or asks again meanwhile."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2
import psycopg
import pytest

from goatedvips.kit.clock import utc_now
from tests.api.conftest import WITHIN, until
from tests.api.winners import another_admin, fields, post, settled_race

if TYPE_CHECKING:
    from tests.api.conftest import Site

AUDIT_TURN = 73402
WAITS_FOR_THE_AUDIT_LOG = (
    "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = 73402"
)
WAITS_FOR_THE_KEY = "SELECT 1 FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted"


def key(text: str) -> dict[str, str]:
    return {"Idempotency-Key": text}


def is_replayed(answer: httpx2.Response) -> bool:
    return answer.headers.get("idempotent-replayed") == "true"


@pytest.fixture
def award(site: "Site") -> int:
    """An award that is pending."""
    _, awards = settled_race(site)
    return awards[0]


def approvals(site: "Site") -> int:
    return len(site.execute("SELECT 1 FROM audit_log WHERE action = 'award.approved'"))


def test_the_same_key_and_body_get_the_first_answer_again(site: "Site", award: int) -> None:
    body = {"ids": [award]}
    first = post(site, "awards/approve", body, **key("k1"))
    again = post(site, "awards/approve", body, **key("k1"))
    other = post(site, "awards/approve", body, **key("k2"))

    assert (first.status_code, is_replayed(first)) == (200, False)
    assert (again.status_code, is_replayed(again)) == (200, True)
    assert again.content == first.content
    assert again.headers["content-type"] == first.headers["content-type"]
    assert [len(answer.json()["changed"]) for answer in (first, again, other)] == [1, 1, 0]
    assert approvals(site) == 1


def test_a_race_is_made_once_and_its_place_told_again(site: "Site") -> None:
    now = utc_now()
    wanted = {
        "name": "Once",
        "type": "special",
        "startDate": (now + timedelta(hours=1)).isoformat(),
        "endDate": (now + timedelta(hours=2)).isoformat(),
        "prizePool": "5.00",
    }
    first, again = [post(site, "wager-races", wanted, **key("k")) for _ in range(2)]

    assert (first.status_code, again.status_code) == (201, 201)
    assert [again.headers[name] for name in ("location", "etag")] == [
        first.headers[name] for name in ("location", "etag")
    ]
    assert len(site.execute("SELECT 1 FROM wager_races WHERE name = 'Once'")) == 1


def test_a_key_stands_for_one_request_alone(site: "Site", award: int) -> None:
    post(site, "awards/approve", {"ids": [award]}, **key("k"))
    others = [
        post(site, path, body, **key("k"))
        for path, body in (
            ("awards/approve", {"ids": [award, award]}),
            ("awards/approve", {"ids": [award], "race": None}),
            (f"awards/{award}/approve", {"ids": [award]}),
            ("awards/approve?x=1", {"ids": [award]}),
        )
    ]

    assert {(other.status_code, other.json()["code"]) for other in others} == {
        (422, "idempotency_key_reused")
    }
    assert fields(others[0]) == ["Idempotency-Key"]


def test_a_key_is_its_senders_own(site: "Site", award: int) -> None:
    other = another_admin(site)
    first = post(site, "awards/approve", {"ids": [award]}, **key("k"))
    theirs = post(site, f"awards/{award}/pay", {"reference": "W-1"}, **key("k"), **other.bearer)

    assert first.status_code == 200
    assert (theirs.status_code, is_replayed(theirs)) == (200, False)
    assert theirs.json()["paidBy"] == f"user:{other.id}"


def test_what_is_refused_leaves_the_key_free(site: "Site", award: int) -> None:
    pay = f"awards/{award}/pay"
    refused = post(site, pay, {"reference": "W-1"}, **key("k"))
    post(site, f"awards/{award}/approve")
    paid = post(site, pay, {"reference": "W-1"}, **key("k"))

    assert (refused.status_code, refused.json()["code"]) == (409, "award_not_approved")
    assert (paid.status_code, is_replayed(paid)) == (200, False)
    assert site.execute("SELECT key, status FROM idempotency_keys") == [("k", 200)]


def test_a_key_is_free_again_after_a_day(site: "Site", award: int) -> None:
    post(site, "awards/approve", {"ids": [award]}, **key("k"))
    site.execute("UPDATE idempotency_keys SET created_at = now() - interval '24 hours'")
    other = post(site, "awards/approve", {"ids": [award], "race": None}, **key("k"))

    assert (other.status_code, is_replayed(other)) == (200, False)
    assert len(site.execute("SELECT 1 FROM idempotency_keys")) == 1


@pytest.mark.parametrize(
    "sent", ["k", "x" * 255, "a b", "'; DROP TABLE users; --", '"quoted"', "%00\\0", "0", "~!{}|"]
)
def test_a_key_may_be_any_printable_ascii(shared: "Site", sent: str) -> None:
    answers = [post(shared, "awards/approve", {"race": 999_999}, **key(sent)) for _ in range(2)]

    assert [answer.json()["code"] for answer in answers] == ["race_not_found"] * 2


@pytest.mark.parametrize("sent", [b"", b"x" * 256, "schlüssel".encode(), b"\xff", b"a\tb"])
def test_what_can_be_no_key_is_refused_by_name(shared: "Site", sent: bytes) -> None:
    answer = shared.client.post(
        "/api/admin/awards/approve",
        json={"race": 999_999},
        headers={name.encode(): text.encode() for name, text in shared.admins.items()}
        | {b"Idempotency-Key": sent},
    )

    assert answer.status_code == 422
    assert fields(answer) == ["Idempotency-Key"]


def test_two_keys_are_none(shared: "Site") -> None:
    headers = [*shared.admins.items(), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    answer = shared.client.post("/api/admin/awards/approve", json={"race": 999_999}, headers=headers)

    assert answer.status_code == 422
    assert fields(answer) == ["Idempotency-Key"]


def test_of_twins_that_come_at_once_one_acts_and_the_others_are_told_the_same(
    site: "Site", award: int
) -> None:
    answers: list[httpx2.Response] = []

    def send() -> None:
        with httpx2.Client(base_url=site.url, timeout=WITHIN, trust_env=False) as client:
            body, headers = {"ids": [award]}, site.admins | key("k")
            answers.append(client.post("/api/admin/awards/approve", json=body, headers=headers))

    twins = [threading.Thread(target=send) for _ in range(4)]
    with psycopg.connect(site.dsn, autocommit=True) as connection:
        # Whoever waits for the audit log, which is written last, has done all the rest.
        connection.execute("SELECT pg_advisory_lock(%s)", (AUDIT_TURN,))
        for twin in twins:
            twin.start()
        until(lambda: len(site.execute(WAITS_FOR_THE_KEY)) == 3)
        assert len(site.execute(WAITS_FOR_THE_AUDIT_LOG)) == 1
        connection.execute("SELECT pg_advisory_unlock(%s)", (AUDIT_TURN,))
    for twin in twins:
        twin.join(WITHIN)

    assert sorted(map(is_replayed, answers)) == [False, True, True, True]
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    assert approvals(site) == 1


def test_after_a_twin_that_was_refused_the_next_one_tries_himself(site: "Site", award: int) -> None:
    answers: list[httpx2.Response] = []

    def send() -> None:
        with httpx2.Client(base_url=site.url, timeout=WITHIN, trust_env=False) as client:
            headers = site.admins | key("k")
            answers.append(client.post(f"/api/admin/awards/{award}/approve", headers=headers))

    twins = [threading.Thread(target=send) for _ in range(2)]
    with psycopg.connect(site.dsn) as connection:
        # As somebody else who is rejecting it just now.
        connection.execute(
            "UPDATE race_awards SET status = 'rejected', rejected_by = 'x', rejected_at = now(),"
            " reason = 'No.' WHERE id = %s",
            [award],
        )
        for twin in twins:
            twin.start()
        until(lambda: len(site.execute(WAITS_FOR_THE_KEY)) == 2)
    for twin in twins:
        twin.join(WITHIN)

    codes = [(answer.status_code, answer.json()["code"]) for answer in answers]
    assert codes == [(409, "award_rejected")] * 2
    assert site.execute("SELECT 1 FROM idempotency_keys") == []


def test_an_answer_that_was_lost_on_its_way_is_given_again(site: "Site", award: int) -> None:
    body, address = b'{"ids":[%d]}' % award, urlsplit(site.url)
    head = (
        f"POST /api/admin/awards/approve HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Authorization: {site.admins['Authorization']}\r\nIdempotency-Key: k\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((address.hostname or "", address.port or 0)) as connection:
        connection.sendall(head.encode() + body)
        until(lambda: approvals(site) == 1)

    answer = site.client.post(
        "/api/admin/awards/approve",
        content=body,
        headers=site.admins | key("k") | {"Content-Type": "application/json"},
    )

    assert (answer.status_code, is_replayed(answer)) == (200, True)
    assert [changed["id"] for changed in answer.json()["changed"]] == [award]
    assert approvals(site) == 1


@contextmanager
def another_process(site: "Site", home: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve the same database in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GOATED")}
    settings = {"DATABASE_URL": site.dsn, "GOATEDVIPS_HOME": str(home), "GOATEDVIPS_SECRET_KEY": "k" * 40}
    with subprocess.Popen(
        [sys.executable, "-m", "goatedvips", "serve", "--port", str(port)],
        env=kept | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        url = f"http://127.0.0.1:{port}"

        def is_ready() -> bool:
            try:
                return httpx2.get(f"{url}/readyz", trust_env=False).status_code == 200
            except httpx2.TransportError:
                return False

        try:
            until(is_ready)
            yield url, process
        finally:
            process.kill()


def test_who_is_killed_in_the_act_has_done_nothing_and_it_is_done_once_by_the_next(
    site: "Site", award: int, home: Path
) -> None:
    failures: list[httpx2.TransportError] = []
    body, headers = {"ids": [award]}, site.admins | key("k")

    def send(url: str) -> None:
        try:
            httpx2.post(f"{url}/api/admin/awards/approve", json=body, headers=headers, trust_env=False)
        except httpx2.TransportError as failure:
            failures.append(failure)

    with psycopg.connect(site.dsn, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (AUDIT_TURN,))
        with another_process(site, home) as (url, process):
            sending = threading.Thread(target=send, args=(url,))
            sending.start()
            until(lambda: len(site.execute(WAITS_FOR_THE_AUDIT_LOG)) == 1)
            process.kill()
            sending.join(WITHIN)
        connection.execute("SELECT pg_advisory_unlock(%s)", (AUDIT_TURN,))
    assert len(failures) == 1
    first = post(site, "awards/approve", body, **key("k"))
    again = post(site, "awards/approve", body, **key("k"))

    assert [is_replayed(answer) for answer in (first, again)] == [False, True]
    assert [changed["id"] for changed in first.json()["changed"]] == [award]
    assert approvals(site) == 1
