"""Who did what, as an administrator reads and verifies it."""

import csv
import io
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx2
import psycopg
import pytest

from goatedvips.kit.clock import utc_now
from goatedvips.kit.instants import rfc3339
from tests.people import add_person
from tests.tampering import cluster_home, forging

if TYPE_CHECKING:
    from tests.api.conftest import Site

LOG = "/api/admin/audit-log"
WAITING = """
    SELECT pid FROM pg_locks JOIN pg_database AS held ON held.oid = database
     WHERE NOT granted AND datname = current_database()
"""


def asked(site: "Site", path: str = "") -> httpx2.Response:
    return site.get(LOG + path, headers=site.admins)


def shown(site: "Site", query: str = "") -> dict[str, Any]:
    answer = asked(site, query)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


def verified(site: "Site", **given: object) -> dict[str, Any]:
    answer = site.client.post(f"{LOG}/verify", json=given or None, headers=site.admins)
    assert answer.status_code == 200, answer.text
    verdict: dict[str, Any] = answer.json()
    return verdict


def head_of(site: "Site") -> tuple[int, str]:
    ((number, head),) = site.execute(
        "SELECT id, encode(sha256, 'hex') FROM audit_log ORDER BY id DESC LIMIT 1"
    )
    return number, head


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("GET", ".csv"), ("POST", "/verify")])
def test_the_log_is_an_administrators(shared: "Site", method: str, path: str) -> None:
    name = f"audit_{method}_{path.strip('./')}x".lower()
    support = add_person(shared.dsn, name, role="support")
    bearers: list[dict[str, str]] = [{}, support.bearer, shared.admins]

    answers = [shared.client.request(method, LOG + path, headers=bearer) for bearer in bearers]

    assert [answer.status_code for answer in answers] == [401, 403, 200]


def test_an_entry_tells_who_did_what_to_what(shared: "Site") -> None:
    race = shared.race(name="Audited")

    (entry, *_) = shown(shared, f"?subject=race:{race['id']}&action=race.created")["data"]

    ((boss,),) = shared.execute("SELECT id FROM users WHERE role = 'admin' AND username = 'the_boss'")
    assert (entry["actor"], entry["subject"]) == (f"user:{boss}", f"race:{race['id']}")
    assert isinstance(entry["details"], dict)
    assert len(entry["sha256"]) == len(entry["previousSha256"]) == 64


def test_entries_are_found_by_actor_action_subject_and_time(site: "Site") -> None:
    first, between, second = site.race(), utc_now(), site.race()
    third = site.admin(f"/{second['id']}/cancel", {"reason": "Nobody came"})
    assert third.status_code == 200

    def found(query: str) -> list[tuple[str, str]]:
        return [(entry["action"], entry["subject"]) for entry in shown(site, f"?{query}")["data"]]

    races = [f"race:{race['id']}" for race in (first, second)]
    mine = found(f"actor={shown(site)['data'][0]['actor']}")
    assert [subject for _, subject in mine].count(races[1]) >= 2
    assert found("actor=nobody") == []
    assert found(f"subject={races[1]}&action=race.cancelled") == [("race.cancelled", races[1])]
    assert {action for action, _ in found("action=race.")} >= {"race.created", "race.cancelled"}
    assert found("action=%25") == []
    assert races[0] not in {subject for _, subject in found(f"from={rfc3339(between)}")}
    assert races[1] not in {subject for _, subject in found(f"to={rfc3339(between)}")}


@pytest.mark.parametrize(
    ("query", "field"),
    [("actor=", "actor"), (f"action={'x' * 129}", "action"), ("cursor=x", "cursor"), ("who=me", "who")],
)
def test_a_query_that_cannot_be_is_named(shared: "Site", query: str, field: str) -> None:
    answer = asked(shared, f"?{query}")

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_pages_hold_every_entry_once_while_more_is_done(site: "Site") -> None:
    for _ in range(3):
        site.race()
    before = [number for (number,) in site.execute("SELECT id FROM audit_log ORDER BY id DESC")]

    seen, cursor = [], None
    while True:
        page = shown(site, "?limit=2" if cursor is None else f"?limit=2&cursor={cursor}")
        seen += [entry["id"] for entry in page["data"]]
        cursor = page["nextCursor"]
        if cursor is None:
            break
        site.race()

    assert seen == before


def test_the_state_of_the_chain_is_shown_with_every_page(shared: "Site") -> None:
    chain = shown(shared, "?limit=1&actor=nobody")["chain"]

    assert (chain["entries"], chain["head"]) == head_of(shared)


def test_the_chain_is_verified_on_demand_and_that_is_logged_too(site: "Site") -> None:
    assert shown(site)["chain"]["verified"] is None
    entries, head = head_of(site)

    verdict = verified(site)

    assert verdict == {
        "holds": True,
        "entries": entries,
        "head": head,
        "findings": [],
        "findingCount": 0,
    }
    chain = shown(site)["chain"]
    assert chain["entries"] == entries + 1
    assert chain["verified"]["entries"] == entries
    assert chain["verified"]["head"] == head
    assert chain["verified"]["findings"] == 0
    assert chain["verified"]["actor"].startswith("user:")
    assert verified(site, head=head)["holds"], "the head that was noted is found again"


def test_what_was_done_to_the_log_is_found(site: "Site", tmp_path_factory: pytest.TempPathFactory) -> None:
    site.race()
    _, head = head_of(site)
    with forging(site.dsn, cluster_home(tmp_path_factory)) as forger:
        forger.execute("UPDATE audit_log SET details = '[1]', at = 'infinity' WHERE id = 2")
        forger.execute("DELETE FROM audit_log WHERE id = (SELECT max(id) FROM audit_log)")

    verdict = verified(site, head=head)

    assert not verdict["holds"]
    assert verdict["findingCount"] == len(verdict["findings"]) == 2
    assert "Entry 2 was changed" in verdict["findings"][0]
    assert head in verdict["findings"][1]
    assert shown(site)["chain"]["verified"]["findings"] == 2
    # What cannot be is shown as far as it can be.
    forged = [(entry["at"], entry["details"]) for entry in shown(site)["data"] if entry["id"] == 2]
    assert forged == [(None, [1])]
    assert asked(site, ".csv").status_code == 200


@pytest.mark.parametrize("head", ["", "xyz", "0" * 63, 7])
def test_a_head_that_can_be_none_is_refused(shared: "Site", head: object) -> None:
    answer = shared.client.post(f"{LOG}/verify", json={"head": head}, headers=shared.admins)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "head")


def test_two_verifications_at_once_are_one_too_many(site: "Site") -> None:
    statuses: list[int] = []
    bearer = site.admins

    def verify() -> None:
        # A client of its own: the other one is used meanwhile.
        with httpx2.Client(base_url=site.url, timeout=20, trust_env=False) as client:
            statuses.append(client.post(f"{LOG}/verify", headers=bearer).status_code)

    with psycopg.connect(site.dsn) as blocking:
        blocking.execute("LOCK TABLE audit_log IN ACCESS EXCLUSIVE MODE")
        first = threading.Thread(target=verify)
        first.start()
        site.until(lambda: bool(site.execute(WAITING)))
        second = site.client.post(f"{LOG}/verify", headers=bearer)
    first.join()

    assert (second.status_code, second.json()["code"]) == (409, "verification_running")
    assert statuses == [200]


def test_a_sheet_holds_the_whole_log(shared: "Site") -> None:
    shared.race(name="=HYPERLINK(1)")
    now = rfc3339(utc_now() + timedelta(seconds=1))

    rows = list(csv.DictReader(io.StringIO(asked(shared, f".csv?to={now}").text)))

    ((many,),) = shared.execute("SELECT count(*) FROM audit_log")
    assert len(rows) == many
    assert rows[0].keys() == shown(shared)["data"][0].keys()
    assert rows[-1]["previousSha256"] == "0" * 64
