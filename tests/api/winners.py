"""Races over HTTP that have ended and been settled, with awards to approve and pay."""

from typing import Any

import httpx2

from tests.api.conftest import Site
from tests.people import Person, add_person

ADA, BOB, CID = "uidAda00000000000001", "uidBob00000000000002", "uidCid00000000000003"
TEN_EACH = [{"from": 1, "to": 3, "amount": "10.00"}]


def ended_race(site: Site, **terms: object) -> int:
    """Make a race that Ada, Bob and Cid have run, in this order, and that waits to be settled."""
    race = int(site.race(**({"name": "A day", "prizePool": "30.00", "prizes": TEN_EACH} | terms))["id"])
    site.pull()
    for uid, dollars in ((ADA, "30"), (BOB, "20"), (CID, "10")):
        site.feed.wager(uid, dollars)
    site.pull()
    site.execute("UPDATE wager_races SET end_date = now() - interval '1 second' WHERE id = %s", race)
    site.pull_unseen()
    return race


def settled_race(site: Site, **terms: object) -> tuple[int, list[int]]:
    """Settle such a race; return it and its awards of ten dollars each, by place."""
    race = ended_race(site, **terms)
    site.settle()
    awards = site.execute("SELECT id FROM race_awards WHERE race_id = %s ORDER BY position", race)
    return race, [award for (award,) in awards]


def another_admin(site: Site, name: str = "the_other_boss") -> Person:
    """Make another administrator."""
    return add_person(site.dsn, name, role="admin")


def post(site: Site, path: str, body: object = None, **headers: str) -> httpx2.Response:
    """Post to `/api/admin/…` as the administrator, or as whoever the headers say."""
    return site.client.post(f"/api/admin/{path}", json=body, headers=site.admins | headers)


def look(site: Site, path: str) -> Any:  # noqa: ANN401 - whatever JSON can say
    """Get `/api/admin/…` as the administrator."""
    answer = site.client.get(f"/api/admin/{path}", headers=site.admins)
    assert answer.status_code == 200, answer.text
    return answer.json()


def fields(answer: httpx2.Response) -> list[str]:
    """Return the fields that an answer complains of."""
    return [error["field"] for error in answer.json().get("errors", [])]
