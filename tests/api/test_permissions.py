"""Every route, called as everybody, on his own, on another's, on what is not there (docs/permissions.md)."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from itertools import product

import httpx2
import psycopg
import pytest
from psycopg import sql

from docs.permissions import ANOTHERS, PAGE, Endpoint, application, endpoints, page
from goatedvips.accounts.cookies import csrf_token
from goatedvips.accounts.roles import GRANTS, Permission, Role
from goatedvips.accounts.sessions.lifetimes import FRESH
from goatedvips.kit.clock import utc_now
from tests.api.browser import fresh_name
from tests.api.conftest import Site, database_named, serving, serving_feed, until_ready
from tests.people import Person, add_person

EVERY = endpoints(application())
GUARDED = [each for each in EVERY if each.access is not None]

PUBLIC = {
    *("GET /livez", "GET /readyz", "GET /metrics", "GET /api/health", "GET /api/tiers"),
    *("GET /api/leaderboard", "GET /api/leaderboard.csv", "GET /api/leaderboard/around/{person}"),
    *("GET /api/users/search", "GET /api/users/me"),
    *("GET /api/users/{person}", "GET /api/users/{person}/history"),
    *("GET /api/wager-races", "GET /api/wager-races/current", "GET /api/wager-races/previous"),
    *("GET /api/wager-races.ics", "GET /api/wager-races/{race_id}", "GET /api/wager-races/{race_id}/proof"),
    *("GET /api/wager-races/{race_id}/standings", "GET /api/wager-races/{race_id}/standings.csv"),
    "GET /api/wager-races/{race_id}/position/{person}",
    *("GET /api/site", "GET /api/pages/{name}", "GET /api/oembed", "GET /robots.txt", "GET /sitemap.xml"),
    *("POST /api/auth/register", "POST /api/auth/login", "POST /api/auth/verify-email"),
    *("POST /api/auth/forgot-password", "POST /api/auth/reset-password"),
}
"""A route that nobody is asked at is one that somebody decided to have."""

MISSING = 9_007_199_254_740_991
WHY = {"reason": "The matrix asks."}
BODIES: dict[str, dict[str, object]] = {
    "ProfileUpdate": {"bio": "Changed."},
    "WagerRaceEdit": {"name": "Another name"},
    "SeriesEdit": {"name": "Another name"},
    "RaceSettle": {"dryRun": True},
    "AwardPay": {"reference": "tx 1"},
    "RoleChange": {"role": "user"},
}
"""Whatever is missing here is asked for a reason only, or gets no further than its body."""


def test_the_page_is_what_its_script_writes() -> None:
    assert PAGE.read_text("utf-8") == page(EVERY)


def test_whoever_is_not_asked_who_he_is_was_meant_not_to_be() -> None:
    assert {f"{each.method} {each.path}" for each in EVERY if each.access is None} == PUBLIC


def test_support_may_what_users_may_and_administrators_may_all() -> None:
    assert GRANTS[Role.USER] < GRANTS[Role.SUPPORT] < GRANTS[Role.ADMIN] == frozenset(Permission)


@dataclass
class Stage:
    """A site with everything that a route can name."""

    site: Site
    database: psycopg.Connection
    bystanders: dict[Role, Person] = field(default_factory=dict)
    """Who is turned away stays as he is."""

    def one(self, statement: str, *values: object) -> int:
        row = self.database.execute(sql.SQL(statement), values).fetchone()
        assert row is not None
        found: int = row[0]
        return found

    def person(self, role: Role = Role.USER) -> Person:
        return add_person(self.site.dsn, fresh_name("actor"), role=role)

    def bystander(self, role: Role) -> Person:
        if role not in self.bystanders:
            self.bystanders[role] = self.person(role)
        return self.bystanders[role]

    def headers(self, person: Person, carries: str) -> dict[str, str]:
        if carries == "nothing":
            return {}
        if carries == "key":
            return person.bearer
        age = timedelta() if carries == "browser" else FRESH + timedelta(minutes=1)
        token, _ = self.session(person, age=age)
        return {"Cookie": f"gvip_session={token}", "X-CSRF-Token": csrf_token(token)}

    def session(self, person: Person, *, age: timedelta = timedelta()) -> tuple[str, int]:
        token, now = secrets.token_urlsafe(32), utc_now()
        session_id = self.one(
            "INSERT INTO user_sessions (user_id, token_sha256, created_at, authenticated_at, last_seen_at,"
            " expires_at) VALUES (%s, %s, %s, %s, %s, %s) RETURNING id",
            *(person.id, sha256(token.encode()).digest(), now - age, now - age, now, now + timedelta(days=1)),
        )
        return token, session_id

    def thing(self, path: str, parameter: str, owner: Person) -> int:
        """Return what a parameter may name: the owner's, where it is somebody's."""
        if parameter in {"user_id", "person"}:
            return owner.id
        if parameter == "key_id":
            return self.one("SELECT id FROM api_keys WHERE user_id = %s", owner.id)
        if parameter == "session_id":
            return self.session(owner)[1]
        if parameter == "request_id" and path.startswith("/api/admin/sync"):
            return self.one(
                "INSERT INTO sync_requests (requested_by, requested_at, taken_at)"
                " VALUES ('x', now(), now()) RETURNING id"
            )
        if parameter == "request_id":
            return self.one(
                "INSERT INTO link_requests (user_id, player_id, created_at)"
                " VALUES (%s, %s, now()) RETURNING id",
                *(owner.id, self.player()),
            )
        return self._shared(parameter, owner)

    def _shared(self, parameter: str, owner: Person) -> int:
        if parameter == "race_id":
            return self.race()
        if parameter == "series_id":
            return self.one("SELECT min(id) FROM race_series")
        if parameter == "run_id":
            return self.one(
                "INSERT INTO sync_logs (sync_type, target_entity, start_time, end_time, as_of, status,"
                " report_sha256) VALUES ('pull', 'players', now(), now(), now(), 'quarantined', sha256('x'))"
                " RETURNING id"
            )
        if parameter == "award_id":
            return self.one(
                "INSERT INTO race_awards (user_id, race_id, version, player_id, position, amount, created_at)"
                " VALUES (%s, %s, 1, %s, 1, 100, now()) RETURNING id",
                *(owner.id, self.race(), self.player()),
            )
        return self.player()

    def race(self) -> int:
        return self.one(
            "INSERT INTO wager_races (name, type, start_date, end_date, prize_pool, prizes)"
            " VALUES ('x', 'special', now() + interval '1 day', now() + interval '2 days', 100,"
            """ '[{"place": 1, "percent": "100"}]') RETURNING id"""
        )

    def player(self) -> int:
        return self.one("SELECT min(id) FROM players")

    def send(self, endpoint: Endpoint, path: str, headers: dict[str, str]) -> httpx2.Response:
        body: object = BODIES.get(endpoint.body, WHY) if endpoint.body else None
        if endpoint.body == "Transfer":
            body = WHY | {"userId": self.person().id}
        headers = headers | {"Idempotency-Key": secrets.token_hex(8)}
        return self.site.client.request(endpoint.method, path, headers=headers, json=body)


@pytest.fixture(scope="module")
def stage(cluster: str, template: str) -> Iterator[Stage]:
    with (
        database_named("permissions", cluster, template) as dsn,
        serving_feed() as feed,
        serving(dsn, feed, goatedvips_link_by_wager=True) as site,
        psycopg.connect(dsn, autocommit=True) as database,
    ):
        until_ready(site)
        site.pull()
        yield Stage(site, database)


def parameters(endpoint: Endpoint) -> list[str]:
    return [part[1:-1] for part in endpoint.path.split("/") if part.startswith("{")]


def named(stage: Stage, endpoint: Endpoint, whose: str, actor: Person) -> str:
    """Return the address of what is his own, another's, or not there."""
    owner, path = actor if whose == "own" else stage.person(), endpoint.path
    for parameter in parameters(endpoint):
        what = MISSING if whose == "missing" else stage.thing(path, parameter, owner)
        path = path.replace(f"{{{parameter}}}", str(what))
    return path


def is_expected(endpoint: Endpoint, role: Role, whose: str, status: int) -> bool:
    """Say whether this is how somebody who is let through is answered."""
    is_own = endpoint.access is not None and endpoint.access.permission is Permission.OWN
    if whose == "another's" and endpoint.others is not None and endpoint.others not in GRANTS[role]:
        return status == 403
    if whose == "missing" and endpoint.others is not None and endpoint.others not in GRANTS[role]:
        return status == 403
    if whose == "missing" or (whose == "another's" and is_own and endpoint.others is None):
        return status == 404
    return status < 500 and status not in {401, 403, 404}


def refused(endpoint: Endpoint, role: Role, carries: str) -> int | None:
    """Return how somebody is turned away whatever he names; None for whoever is let through."""
    access = endpoint.access
    assert access is not None
    if carries == "nothing" or (carries == "key" and access.browsers_only):
        return 401
    if access.permission not in GRANTS[role] or (access.fresh and carries == "browser of yesterday"):
        return 403
    return None


@pytest.mark.parametrize("endpoint", GUARDED, ids=lambda each: f"{each.method} {each.path}")
def test_nobody_gets_further_than_he_may(stage: Stage, endpoint: Endpoint) -> None:
    wrong = []
    for role, carries in product(Role, ("nothing", "key", "browser", "browser of yesterday")):
        refusal = refused(endpoint, role, carries)
        for whose in ("own", "another's", "missing") if parameters(endpoint) else ("own",):
            actor = stage.person(role) if refusal is None or parameters(endpoint) else stage.bystander(role)
            path = named(stage, endpoint, whose, actor)

            status = stage.send(endpoint, path, stage.headers(actor, carries)).status_code

            if not (is_expected(endpoint, role, whose, status) if refusal is None else status == refusal):
                wrong.append((role.value, carries, whose, path, status))
    assert not wrong


def test_a_write_without_its_token_is_refused_whoever_asks(stage: Stage) -> None:
    token, _ = stage.session(stage.person(Role.ADMIN))
    writes = [each for each in GUARDED if each.method != "GET" and not parameters(each)]

    answers = [stage.send(each, each.path, {"Cookie": f"gvip_session={token}"}) for each in writes]

    assert {answer.status_code for answer in answers} == {403}
    assert {answer.json()["code"] for answer in answers} == {"csrf_token_needed"}


def test_what_more_may_be_done_to_another_is_done_on_purpose() -> None:
    assert set(ANOTHERS) <= {(each.method, each.path) for each in GUARDED}
