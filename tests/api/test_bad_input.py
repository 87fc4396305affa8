"""Every bad input into every field that can be written, and every bad body (docs/bad-input.md)."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, product
from typing import Any

import httpx2
import pytest

from docs.bad_input import BODIES, CONTRACT, INPUTS, KINDS, PAGE, Body, Writable, page, writables
from goatedvips.kit.sheets import FORMULA
from tests.api.browser import fresh_name
from tests.api.conftest import Site, serving, serving_feed, until_ready
from tests.databases import database
from tests.people import PASSWORD, Person, add_person, sign_in

EVERY = list(writables(json.loads(CONTRACT.read_text("utf-8"))))
OPERATIONS = {
    operation: list(fields) for operation, fields in groupby(EVERY, key=lambda each: (each.method, each.path))
}
MISSING = 9_007_199_254_740_991
HERE = "the input"
BODIES_TO = "/api/admin/users/{user_id}/ban"

GOOD: dict[str, object] = {
    "reason": "x",
    "name": "A name",
    "reference": "tx 1",
    "type": "daily",
    "role": "user",
    "prizePool": "100.00",
    "startDate": "2026-01-01T00:00:00Z",
    "endDate": "2026-01-02T00:00:00Z",
    "payments": [{"id": 1, "reference": "tx 1"}],
    "userId": MISSING,
    "id": 1,
    "prizes": [{"place": 1, "percent": "100"}],
    "privacy": "public",
    "birthDate": "1990-01-01",
    "login": "nobody_at_all",
    "email": "nobody@example.com",
    "username": "nobody_at_all",
    "password": "not " + PASSWORD,
    "newPassword": "quite " + PASSWORD,
    "code": "123456",
    "token": "x" * 32,
    "scopes": ["own"],
}
"""What the other fields hold."""

UNTOUCHED = """
    SELECT string_agg('SELECT ' || quote_literal(relname) || ', md5(string_agg(t::text, chr(10)'
                      || ' ORDER BY t::text)) FROM ' || quote_ident(relname) || ' AS t', ' UNION ALL ')
      FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND NOT relispartition
       AND relname NOT IN ('login_attempts', 'user_sessions', 'api_keys')
"""
"""All that is kept, but for when somebody was last seen."""


@pytest.fixture(scope="module")
def site(cluster: str, template: str) -> Iterator[Site]:
    with (
        database("bad_input", cluster, template) as dsn,
        serving_feed() as feed,
        serving(dsn, feed) as site,
    ):
        until_ready(site)
        yield site


@dataclass(frozen=True)
class Sender:
    """An administrator's browser."""

    site: Site
    person: Person
    headers: dict[str, str]

    def send(
        self, method: str, path: str, content: bytes, *, media_type: str = "application/json"
    ) -> httpx2.Response:
        """Send a body about himself, or about what is not there."""
        named = path.replace("/users/{person}", f"/users/{self.person.id}")
        return self.site.client.request(
            method,
            re.sub("{[a-z_]+}", str(MISSING), named),
            content=content,
            headers=self.headers | {"Content-Type": media_type},
        )


@pytest.fixture
def sender(site: Site) -> Sender:
    """One who is a new one for every test."""
    person = add_person(site.dsn, fresh_name("sender"), role="admin")
    return Sender(site, person, sign_in(site.dsn, person))


def kept(site: Site) -> list[tuple[Any, ...]]:
    """Return what is kept, table by table."""
    return site.execute(site.execute(UNTOUCHED)[0][0])


def body(field: Writable, literal: str) -> bytes:
    """Return a body that is right, but for one field."""
    said: Any = {name: GOOD[name] for name in (*field.others, str(field.place[0])) if name in GOOD}
    said = json.loads(json.dumps(said | ({"onLastRun": True} if field.path.endswith("/settle") else {})))
    holder: Any = said
    for step in field.place[:-1]:
        holder = holder[step]
    holder[field.place[-1]] = HERE
    return json.dumps(said).replace(json.dumps(HERE), literal, 1).encode()


def errors(answer: httpx2.Response) -> list[str]:
    """Return which fields are complained of."""
    problem = answer.json() if answer.content else {}
    return [error["field"] for error in problem.get("errors") or []]


def is_named(field: Writable, answer: httpx2.Response) -> bool:
    """Say whether a field, what holds it or what it holds is complained of."""
    place = ".".join(map(str, field.place)) + "."
    named = [f"{name}." for name in errors(answer)]
    return any(place.startswith(name) or name.startswith(place) for name in named)


def test_every_field_that_can_be_written_is_of_a_kind() -> None:
    kinds = {name.rpartition(":")[2] for kind in KINDS for name in kind.fields}

    assert kinds == {str(field.place[-1]) for field in EVERY}


def test_the_page_is_what_its_script_writes() -> None:
    assert PAGE.read_text("utf-8") == page()


@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_a_field_takes_what_its_kind_takes_and_is_named_for_what_it_does_not(
    site: Site, sender: Sender, operation: tuple[str, str]
) -> None:
    wrong = []
    before = kept(site)
    for field, (given, literal) in product(OPERATIONS[operation], INPUTS.items()):
        if field.takes(given):
            continue
        answer = sender.send(*operation, body(field, literal))
        if answer.status_code != 422 or not is_named(field, answer):
            wrong.append((field.place, given, answer.status_code, errors(answer)))
    assert not wrong
    assert kept(site) == before
    for field, (given, literal) in product(OPERATIONS[operation], INPUTS.items()):
        if field.takes(given):
            answer = sender.send(*operation, body(field, literal))
            if answer.status_code >= 500 or is_named(field, answer):
                wrong.append((field.place, given, answer.status_code, errors(answer)))
    assert not wrong


@pytest.mark.parametrize("bad", BODIES.values(), ids=BODIES)
def test_a_bad_body_is_refused_and_told_why(site: Site, sender: Sender, bad: Body) -> None:
    before = kept(site)

    answer = sender.send("POST", BODIES_TO, bad.sent, media_type=bad.media_type)

    assert answer.status_code == bad.status
    assert answer.headers["content-type"] == "application/problem+json"
    assert errors(answer) == ([bad.names] if bad.names else [])
    assert kept(site) == before


def test_broken_json_says_where_it_breaks_off(site: Site, sender: Sender) -> None:
    answer = sender.send("POST", BODIES_TO, b'{"reason": "x",}')

    (error,) = answer.json()["errors"]
    assert error["field"] == "body"
    assert error["message"].endswith("at character 15")


@pytest.mark.parametrize(
    "path",
    ["/api/admin/audit-log.csv", "/api/admin/awards.csv", "/api/admin/request-logs.csv"],
)
def test_no_cell_of_a_sheet_is_a_formula(site: Site, path: str) -> None:
    answer = site.client.get(path, headers=site.admins)

    cells = [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row]
    assert answer.status_code == 200
    assert not [cell for cell in cells if cell.startswith(FORMULA)]
