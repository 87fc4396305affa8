"""Races cloned, settled and looked after over HTTP, and who takes part in them."""

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from goatedvips.kit.clock import utc_now
from goatedvips.races.overview.schemas import RaceOverview, RaceOverviews
from goatedvips.races.participants.schemas import ParticipantPage
from goatedvips.races.schemas import WagerRaceResponse
from tests.api.conftest import WITHIN
from tests.api.winners import ADA, BOB, CID, ended_race, fields, look, post, settled_race
from tests.people import add_person

if TYPE_CHECKING:
    from tests.api.conftest import Site

GUS = "uidGus00000000000007"


def participants(site: "Site", race: int, query: str = "") -> dict[str, Any]:
    page = look(site, f"wager-races/{race}/participants{query}")
    ParticipantPage.model_validate(page)
    found: dict[str, Any] = page
    return found


def uids(page: dict[str, Any]) -> list[str]:
    return [row["goatedId"] for row in page["data"]]


def later(**change: object) -> dict[str, object]:
    now = utc_now()
    dates = {
        "startDate": (now + timedelta(hours=1)).isoformat(),
        "endDate": (now + timedelta(hours=2)).isoformat(),
    }
    return dates | change


def test_a_race_is_cloned_under_its_terms_with_new_dates(site: "Site") -> None:
    race, _ = settled_race(site, tiePolicy="shared", minWager="5.00")
    made = post(site, f"wager-races/{race}/clone", later(name="Again"))
    dateless = post(site, f"wager-races/{race}/clone", {"name": "Again"})
    missing = post(site, "wager-races/999999/clone", later())

    clone = WagerRaceResponse.model_validate_json(made.content)
    assert (made.status_code, made.headers["location"]) == (201, f"/api/wager-races/{clone.id}")
    assert (clone.name, clone.metadata.tie_policy, clone.metadata.min_wager) == ("Again", "shared", "5.00")
    assert [float(prize.amount) for prize in clone.metadata.prizes] == [10, 10, 10]
    assert (dateless.status_code, fields(dateless)) == (422, ["startDate", "endDate"])
    assert missing.status_code == 404


def test_an_operator_sees_what_each_race_waits_for_and_owes(site: "Site") -> None:
    race, awards = settled_race(site)
    coming = post(site, "wager-races", later(name="Coming", type="special", prizePool="7.00")).json()["id"]
    post(site, f"wager-races/{coming}/cancel", {"reason": "Nobody came."})
    post(site, f"awards/{awards[0]}/approve")
    post(site, f"awards/{awards[0]}/pay", {"reference": "W-1"})
    races = RaceOverviews.model_validate(look(site, "wager-races?limit=100"))

    found = {each.id: each for each in races.data}
    assert {each.status for each in races.data} == {"scheduled", "live", "completed", "cancelled"}
    assert (found[race].owed, found[race].result_version, found[race].phase) == ("20.00", 1, "completed")
    assert [(total.status, total.amount) for total in found[race].awards][2] == ("paid", "10.00")
    assert found[coming].cancel_reason == "Nobody came."
    assert races.pagination.total == len(races.data)
    cancelled = look(site, "wager-races?status=cancelled&type=special")
    assert [each["id"] for each in cancelled["data"]] == [coming]


def test_an_overdue_race_says_since_when_and_is_settled_on_the_last_report(site: "Site") -> None:
    race = int(site.race(name="Dark", prizePool="10.00")["id"])
    site.feed.wager(ADA, "5")
    site.pull()
    site.execute(
        "UPDATE wager_races SET start_date = now() - interval '3 hours',"
        " end_date = now() - interval '2 hours' WHERE id = %s",
        race,
    )
    early = post(site, f"wager-races/{race}/settle", {})
    unsaid = post(site, f"wager-races/{race}/settle", {"onLastRun": True})
    site.tick()
    overdue = RaceOverview.model_validate(look(site, f"wager-races/{race}"))
    late = {"onLastRun": True, "reason": "The feed was down."}
    settled = post(site, f"wager-races/{race}/settle", late)
    after = RaceOverview.model_validate(look(site, f"wager-races/{race}"))

    assert (early.status_code, early.json()["code"]) == (409, "race_not_due")
    assert (unsaid.status_code, fields(unsaid)) == (422, ["reason"])
    assert (overdue.phase, overdue.overdue_since is not None) == ("settling", True)
    assert settled.json()["status"] == "completed"
    assert (after.overdue_since, after.settle_reason, after.owed) == (None, "The feed was down.", "4.25")


def test_a_trial_shows_the_result_and_writes_nothing(site: "Site") -> None:
    race = ended_race(site)
    path, key = f"wager-races/{race}/settle", {"Idempotency-Key": "trial"}
    trial, again = [post(site, path, {"dryRun": True}, **key) for _ in range(2)]
    written = site.execute("SELECT (SELECT count(*) FROM race_awards), (SELECT count(*) FROM race_proofs)")
    settled = post(site, path, {})
    repeated = post(site, path, {})

    assert trial.json()["status"] == "completed"
    assert [row["goatedId"] for row in trial.json()["participants"]] == [ADA, BOB, CID]
    assert written == [(0, 0)]
    assert again.headers["idempotent-replayed"] == "true"
    assert settled.json()["participants"] == trial.json()["participants"]
    assert repeated.json()["metadata"]["result"] == settled.json()["metadata"]["result"]
    actors = site.execute("SELECT DISTINCT actor FROM audit_log WHERE action = 'race.settled'")
    assert len(actors) == 1
    assert actors[0][0].startswith("user:")


def test_of_administrators_who_settle_at_once_one_does(site: "Site") -> None:
    race = ended_race(site)
    answers: list[httpx2.Response] = []

    def settle() -> None:
        with httpx2.Client(base_url=site.url, timeout=WITHIN, trust_env=False) as client:
            path = f"/api/admin/wager-races/{race}/settle"
            answers.append(client.post(path, json={}, headers=site.admins))

    everybody = [threading.Thread(target=settle) for _ in range(4)]
    for each in everybody:
        each.start()
    for each in everybody:
        each.join(WITHIN)

    assert [answer.status_code for answer in answers] == [200] * 4
    assert site.execute("SELECT count(*) FROM race_awards WHERE race_id = %s", race) == [(3,)]
    assert len({answer.json()["metadata"]["result"]["proofSha256"] for answer in answers}) == 1


def test_who_is_excluded_is_shown_with_the_reason_and_may_be_let_in_again(site: "Site") -> None:
    race = int(site.race(name="Open")["id"])
    site.pull()
    for uid, dollars in ((ADA, "30"), (BOB, "20")):
        site.feed.wager(uid, dollars)
    site.pull()
    path = f"wager-races/{race}/participants"
    out = post(site, f"{path}/{ADA}/exclude", {"reason": "Under review."})
    again = post(site, f"{path}/{ADA}/exclude", {"reason": "Under review."})
    post(site, f"{path}/{GUS}/exclude", {"reason": "An employee."})
    page = participants(site, race)
    number = page["data"][1]["playerId"]
    back = post(site, f"{path}/{number}/restore", {"reason": "He was not."})
    nothing = post(site, f"{path}/{number}/restore", {"reason": "He was not."})

    assert [row["goatedId"] for row in out.json()["participants"]] == [BOB]
    assert (again.status_code, again.json()["code"]) == (409, "already_excluded")
    assert [(row["goatedId"], row["position"], row["isExcluded"]) for row in page["data"]] == [
        (BOB, 1, False),
        (ADA, None, True),
    ]
    (why,) = page["data"][1]["excluded"]
    assert (why["kind"], why["reason"], why["fromAllRaces"]) == ("manual", "Under review.", False)
    assert why["by"].startswith("user:")
    assert [(each["goatedId"], each["excluded"][0]["reason"]) for each in page["keptOut"]] == [
        (GUS, "An employee.")
    ]
    assert [row["goatedId"] for row in back.json()["participants"]] == [ADA, BOB]
    assert (nothing.status_code, nothing.json()["code"]) == (409, "not_excluded")
    assert participants(site, race)["data"][0]["wagered"] == 30
    assert participants(site, race)["data"][0]["startTotal"].startswith("12000.0000")


def test_participants_are_searched_and_paged(site: "Site") -> None:
    race, _ = settled_race(site)
    answer = site.client.get(f"/api/admin/wager-races/{race}/participants?limit=1", headers=site.admins)

    assert uids(answer.json()) == [ADA]
    assert answer.json()["pagination"] == {"total": 3, "page": 1, "limit": 1, "pages": 3}
    assert f"/wager-races/{race}/participants?page=2&limit=1" in answer.headers["link"]
    assert uids(participants(site, race, "?search=BOB")) == [BOB]
    assert uids(participants(site, race, f"?search={CID}")) == [CID]
    assert uids(participants(site, race, "?search=nobody")) == []


def test_an_operator_sees_names_that_others_do_not(site: "Site") -> None:
    race = int(site.race(name="Open")["id"])
    site.pull()
    site.feed.wager(BOB, "20")
    site.pull()
    bob = add_person(site.dsn, "bob", uid=BOB)
    site.execute("UPDATE users SET privacy = 'hidden' WHERE id = %s", bob.id)
    site.announce()
    site.until(lambda: "Hidden player" in site.get(f"/api/wager-races/{race}").text)
    (row,) = participants(site, race, "?search=bob_the")["data"]

    assert (row["username"], row["goatedId"], row["userId"]) == ("bob_the_builder", BOB, bob.id)


def test_in_a_settled_race_an_exclusion_is_a_new_result_and_done_once_for_a_key(site: "Site") -> None:
    race, _ = settled_race(site)
    path, why = f"wager-races/{race}/participants/{ADA}", {"reason": "A second account."}
    first, again = [post(site, f"{path}/exclude", why, **{"Idempotency-Key": "k"}) for _ in range(2)]
    restored = post(site, f"{path}/restore", why)
    ada = next(row for row in participants(site, race)["data"] if row["goatedId"] == ADA)

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert first.json()["metadata"]["result"]["version"] == 2
    assert site.execute("SELECT max(version) FROM race_proofs WHERE race_id = %s", race) == [(2,)]
    assert (restored.status_code, restored.json()["code"]) == (409, "result_stands")
    assert (ada["position"], ada["isExcluded"]) == (None, True)
    assert {each["kind"] for each in ada["excluded"]} == {"award_rejected", "manual"}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("1/settle", {"dryRun": "yes"}, "dryRun"),
        ("1/settle", {"onLastRun": 1}, "onLastRun"),
        ("1/settle", {"reason": "x"}, "reason"),
        ("1/settle", {"onLastRun": True, "reason": " "}, "reason"),
        ("1/settle", {"force": True}, "force"),
        ("one/settle", {}, "race_id"),
        ("1/clone", {"prizePool": 5}, "prizePool"),
        ("0/clone", {}, "race_id"),
        (f"1/participants/{ADA}/exclude", {}, "reason"),
        (f"1/participants/{ADA}/exclude", {"reason": ""}, "reason"),
        (f"1/participants/{ADA}/restore", {"reason": "x" * 501}, "reason"),
        (f"1/participants/{ADA}/restore", {"reason": "a\0b"}, "reason"),
        (f"1/participants/{'x' * 65}/exclude", {"reason": "x"}, "player"),
    ],
)
def test_what_cannot_be_names_its_field(shared: "Site", path: str, body: object, field: str) -> None:
    answer = post(shared, f"wager-races/{path}", body)

    assert answer.status_code == 422
    assert fields(answer) == [field]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("999999/settle", "race_not_found"),
        ("999999/clone", "race_not_found"),
        (f"999999/participants/{ADA}/exclude", "race_not_found"),
        (f"999999/participants/{ADA}/restore", "race_not_found"),
        ("1/participants/nobody/exclude", "person_not_found"),
        ("1/participants/%F0%9F%98%80/exclude", "person_not_found"),
        (f"1/participants/{'9' * 40}/exclude", "person_not_found"),
        ("1/participants/0/restore", "person_not_found"),
    ],
)
def test_what_is_not_there_says_so(shared: "Site", path: str, code: str) -> None:
    body = {} if "participants" not in path else {"reason": "x"}
    answer = post(shared, f"wager-races/{path}", body)

    assert (answer.status_code, answer.json()["code"]) == (404, code)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("wager-races?status=overdue", 422),
        ("wager-races?type=yearly", 422),
        ("wager-races?limit=0", 422),
        ("wager-races?owed=1", 422),
        ("wager-races/999999", 404),
        ("wager-races/0", 422),
        ("wager-races/999999/participants", 404),
        ("wager-races/1/participants?search=a", 422),
        (f"wager-races/1/participants?search={'a' * 65}", 422),
        ("wager-races/1/participants?page=1000000000&limit=100", 200),
        ("wager-races/1/participants?search=%25_%5C", 200),
    ],
)
def test_no_question_makes_us_fail(shared: "Site", path: str, status: int) -> None:
    assert shared.client.get(f"/api/admin/{path}", headers=shared.admins).status_code == status
