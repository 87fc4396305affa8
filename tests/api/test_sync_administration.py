"""Reports asked for, and those that were not believed, over HTTP."""

from typing import TYPE_CHECKING, Any

import pytest

from goatedvips.sync.quarantine.schemas import QuarantinedReport, QuarantinedRun, QuarantinePage
from goatedvips.sync.requests.schemas import SyncRequestView, SyncStatus
from tests.api.conftest import ADMIN
from tests.api.winners import ADA, BOB, CID, fields, look, post
from tests.people import add_person, key_of

if TYPE_CHECKING:
    from tests.api.conftest import Site

WHY = {"reason": "They left for another site."}


@pytest.fixture
def held_back(site: "Site") -> int:
    """A run that was quarantined: four of seven players are gone, and one has lost most of his wagers."""
    name, amounts = site.feed.people[CID]
    site.feed.people = {uid: site.feed.people[uid] for uid in (ADA, BOB)}
    site.feed.people[CID] = (name, (*amounts[:3], "7"))
    outcome = site.pull_unseen()
    assert outcome.status == "quarantined"
    return outcome.run_id


def test_a_report_is_asked_for_and_what_became_of_it_told(site: "Site") -> None:
    asked = post(site, "sync")
    path = asked.headers["location"].removeprefix("/api/admin/")
    waiting = SyncRequestView.model_validate(look(site, path))
    run = site.pull_unseen()
    done = SyncRequestView.model_validate(look(site, path))
    status = SyncStatus.model_validate(look(site, "sync"))

    (user,) = site.execute("SELECT id FROM users WHERE username = %s", ADMIN)
    assert asked.status_code == 202
    assert (waiting.status, waiting.kind, waiting.requested_by) == ("waiting", "pull", f"user:{user[0]}")
    assert (done.status, done.run_id) == ("completed", run.run_id)
    assert status.runs[0].run_id == run.run_id
    assert status.requests == [done]
    assert status.feed_rests_until is None


def test_a_quarantined_report_is_looked_at_and_applied(site: "Site", held_back: int) -> None:
    page = QuarantinePage.model_validate(look(site, "quarantine?reviewed=false"))
    seen = QuarantinedReport.model_validate(look(site, f"quarantine/{held_back}"))
    asked = post(site, f"quarantine/{held_back}/apply", WHY)
    twice = post(site, f"quarantine/{held_back}/apply", WHY)
    site.review()
    done = look(site, asked.headers["location"].removeprefix("/api/admin/"))
    after = QuarantinedReport.model_validate(look(site, f"quarantine/{held_back}")).run

    assert [run.run_id for run in page.data] == [held_back]
    assert "the list shrank by 57.1%" in page.data[0].reasons[0]
    assert seen.comparison is not None
    assert (seen.comparison.listed_before, seen.comparison.listed, seen.comparison.gone_count) == (7, 3, 4)
    assert [(fall.goated_id, fall.before, fall.now) for fall in seen.comparison.fallen] == [
        (CID, "250000.25000000", "7.00000000")
    ]
    assert seen.comparison.gone[0].username == "Ägypten-Ünal"
    assert asked.status_code == 202
    assert (twice.status_code, twice.json()["code"]) == (409, "apply_under_way")
    assert (done["status"], done["kind"]) == ("completed", "apply")
    assert after.decision is not None
    assert (after.decision.decision, after.decision.reason) == ("applied", WHY["reason"])
    site.until(lambda: site.version() == done["runId"])
    board: dict[str, Any] = site.json("/api/leaderboard")
    assert "reviewed" in [mark["code"] for mark in board["metadata"]["marks"]]
    assert look(site, "quarantine?reviewed=false")["data"] == []


def test_a_quarantined_report_is_discarded_once(site: "Site", held_back: int) -> None:
    done = post(site, f"quarantine/{held_back}/discard", WHY)
    again = post(site, f"quarantine/{held_back}/discard", WHY)
    late = post(site, f"quarantine/{held_back}/apply", WHY)

    run = QuarantinedRun.model_validate_json(done.content)
    assert run.decision is not None
    assert run.decision.decision == "discarded"
    assert [(answer.status_code, answer.json()["code"]) for answer in (again, late)] == [
        (409, "already_decided")
    ] * 2


def test_a_report_that_was_overtaken_is_not_applied(site: "Site", held_back: int) -> None:
    site.feed.people |= {f"uidNew{number:014}": ("New", ("0", "0", "0", "0")) for number in range(9)}
    site.pull()
    answer = post(site, f"quarantine/{held_back}/apply", WHY)

    assert (answer.status_code, answer.json()["code"]) == (409, "overtaken")
    assert look(site, f"quarantine/{held_back}")["run"]["isOvertaken"]


def test_a_report_that_was_let_go_is_told_of_without_what_it_said(site: "Site", held_back: int) -> None:
    site.execute(
        "DELETE FROM feed_reports WHERE sha256 = (SELECT report_sha256 FROM sync_logs WHERE id = %s)",
        held_back,
    )
    seen = look(site, f"quarantine/{held_back}")
    answer = post(site, f"quarantine/{held_back}/apply", WHY)

    assert (seen["comparison"], seen["run"]["isKept"]) == (None, False)
    assert (answer.status_code, answer.json()["code"]) == (409, "report_gone")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "reason"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"reason": 7}, "reason"),
        ({"reason": "a\0b"}, "reason"),
        ({"reason": "x", "force": True}, "force"),
    ],
)
@pytest.mark.parametrize("verb", ["apply", "discard"])
def test_a_decision_that_cannot_be_names_the_field(
    shared: "Site", verb: str, body: object, field: str
) -> None:
    answer = post(shared, f"quarantine/1/{verb}", body)

    assert answer.status_code == 422
    assert fields(answer) == [field]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "quarantine/999999", 404),
        ("GET", "quarantine/1", 404),
        ("POST", "quarantine/1/apply", 404),
        ("POST", "quarantine/1/discard", 404),
        ("POST", "quarantine/one/apply", 422),
        ("GET", "quarantine/0", 422),
        ("GET", "quarantine?reviewed=perhaps", 422),
        ("GET", "quarantine?status=open", 422),
        ("GET", "quarantine?page=1000000000&limit=100", 200),
        ("GET", "sync/requests/999999", 404),
        ("GET", "sync/requests/one", 422),
        ("DELETE", "sync", 405),
    ],
)
def test_what_is_not_there_or_cannot_be_is_said(shared: "Site", method: str, path: str, status: int) -> None:
    answer = shared.client.request(
        method, f"/api/admin/{path}", json=WHY if method == "POST" else None, headers=shared.admins
    )

    assert answer.status_code == status


@pytest.mark.parametrize("role", ["user", "support"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "sync"),
        ("POST", "sync"),
        ("GET", "sync/requests/1"),
        ("GET", "quarantine"),
        ("GET", "quarantine/1"),
        ("POST", "quarantine/1/apply"),
        ("POST", "quarantine/1/discard"),
    ],
)
def test_reports_are_looked_after_by_administrators_alone(
    shared: "Site", role: str, method: str, path: str
) -> None:
    name = f"no_syncer_{role}"
    known = shared.execute("SELECT 1 FROM users WHERE username = %s", name)
    headers = {"Authorization": f"Bearer {key_of(name)}"}
    if not known:
        add_person(shared.dsn, name, role=role)

    assert shared.client.request(method, f"/api/admin/{path}", json=WHY, headers=headers).status_code == 403
    assert shared.client.request(method, f"/api/admin/{path}", json=WHY).status_code == 401
