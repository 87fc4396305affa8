"""Awards approved, rejected and paid over HTTP."""

import asyncio
import csv
import io
import threading
from typing import TYPE_CHECKING

import httpx2
import psycopg
import pytest

from goatedvips.races.payouts.schemas import AwardPage, AwardRejection, AwardsChanged
from tests.api.conftest import WITHIN, serving, until, until_ready
from tests.api.winners import ADA, BOB, another_admin, fields, look, post, settled_race
from tests.people import add_person
from tests.pipeline import pipeline_over
from tests.races.payouts.winners import findings

if TYPE_CHECKING:
    from tests.api.conftest import Feed, Site


def books(site: "Site") -> list[str]:
    """Return what does not hold of the books."""

    async def look_through() -> list[str]:
        async with pipeline_over(site.dsn) as pipeline:
            return await findings(pipeline)

    return asyncio.run(look_through())


def sheet_of(site: "Site", query: str = "") -> list[dict[str, str]]:
    answer = site.client.get(f"/api/admin/awards.csv{query}", headers=site.admins)
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def upload(site: "Site", text: str | bytes, **headers: str) -> httpx2.Response:
    body = text.encode() if isinstance(text, str) else text
    sent = site.admins | {"Content-Type": "text/csv"} | headers
    return site.client.post("/api/admin/awards/pay.csv", content=body, headers=sent)


def test_from_owed_to_paid(site: "Site") -> None:
    race, awards = settled_race(site)
    payer = another_admin(site)
    approved = post(site, "awards/approve", {"race": race})
    paid = post(site, "awards/pay", {"payments": [{"id": awards[0], "reference": "W-1"}]}, **payer.bearer)
    one = post(site, f"awards/{awards[1]}/pay", {"reference": "W-2"})
    again = post(site, f"awards/{awards[1]}/pay", {"reference": "W-2"})
    page = AwardPage.model_validate(look(site, f"awards?race={race}&limit=2"))

    changed = AwardsChanged.model_validate_json(approved.content)
    assert ([award.id for award in changed.changed], changed.amount) == (awards, "30.00")
    assert paid.json()["changed"][0]["paidBy"] == f"user:{payer.id}"
    assert paid.json()["changed"][0]["approvedBy"] != f"user:{payer.id}"
    assert (one.json()["status"], one.json()["reference"]) == ("paid", "W-2")
    assert again.json() == one.json()
    assert [award.id for award in page.data] == awards[:2]
    assert (page.pagination.total, page.pagination.pages) == (3, 2)
    assert [(total.status, total.awards) for total in page.totals] == [
        ("pending", 0),
        ("approved", 1),
        ("paid", 2),
        ("rejected", 0),
    ]
    assert books(site) == []


def test_a_page_of_awards_is_chosen_and_linked(site: "Site") -> None:
    _, awards = settled_race(site)
    post(site, f"awards/{awards[2]}/approve")
    answer = site.client.get(f"/api/admin/awards?player={ADA}&limit=1", headers=site.admins)

    assert [award["goatedId"] for award in answer.json()["data"]] == [ADA]
    assert f"player={ADA}" in answer.headers["link"]
    assert [award["id"] for award in look(site, "awards?status=approved")["data"]] == [awards[2]]
    assert look(site, "awards?status=pending&page=2&limit=1")["data"][0]["id"] == awards[1]
    assert look(site, f"awards/{awards[0]}")["goatedId"] == ADA


def test_the_sheet_of_what_is_due_goes_out_and_comes_back_filled(site: "Site") -> None:
    race, awards = settled_race(site, name="=Friday")
    post(site, "awards/approve", {"ids": awards[:2]})
    due = sheet_of(site)
    filled = "id;reference\n" + "".join(f"{row['id']};W-1\n" for row in due[:1]) + f"{awards[1]};\n"
    paid = upload(site, filled)
    refused = upload(site, f"id,reference\n{awards[1]},W-2\n{awards[2]},W-3\n99,W-4\n")

    assert [(row["id"], row["race"], row["status"]) for row in due] == [
        (str(awards[0]), "'=Friday", "approved"),
        (str(awards[1]), "'=Friday", "approved"),
        (str(awards[2]), "'=Friday", "pending"),
    ]
    assert [row["id"] for row in sheet_of(site, f"?race={race}&status=paid")] == [str(awards[0])]
    assert [award["id"] for award in paid.json()["changed"]] == [awards[0]]
    assert paid.json()["linesLeftOut"] == [3]
    assert (refused.status_code, refused.json()["code"]) == (409, "awards_refused")
    assert fields(refused) == ["line 3", "line 4"]
    assert look(site, f"awards/{awards[1]}")["status"] == "approved"
    assert books(site) == []


def test_a_sheet_of_ten_thousand_lines_is_read_and_a_longer_one_refused(shared: "Site") -> None:
    lines = "".join(f"{number},W-{'x' * 60}{number}\n" for number in range(1_000_000, 1_010_000))
    read = upload(shared, f"id,reference\n{lines}")
    too_long = upload(shared, f"id,reference\n{lines * 6}")

    assert (read.status_code, len(read.json()["errors"])) == (409, 10_000)
    assert too_long.status_code == 413


def test_a_rejected_prize_moves_up(site: "Site") -> None:
    _, awards = settled_race(
        site, prizes=[{"place": 1, "amount": "20.00"}, {"place": 2, "amount": "5.00"}], rejectPolicy="move_up"
    )
    answer = post(site, f"awards/{awards[0]}/reject", {"reason": "A second account."})
    again = post(site, f"awards/{awards[0]}/reject", {"reason": "A second account."})

    rejection = AwardRejection.model_validate_json(answer.content)
    assert (rejection.version, [award.id for award in rejection.rejected]) == (2, awards[:1])
    assert next((award.goated_id, award.amount) for award in rejection.gained) == (BOB, "15.00")
    assert again.json()["version"] is None
    assert books(site) == []


def test_under_four_eyes_nobody_pays_what_he_approved(dsn: str, feed: "Feed") -> None:
    with serving(dsn, feed, goatedvips_four_eyes=True) as site:
        until_ready(site)
        site.pull()
        _, awards = settled_race(site)
        other = another_admin(site)
        post(site, "awards/approve", {"ids": awards})
        own = post(site, f"awards/{awards[0]}/pay", {"reference": "W-1"})
        sheet = upload(site, f"id,reference\n{awards[0]},W-1\n")
        theirs = post(site, f"awards/{awards[0]}/pay", {"reference": "W-1"}, **other.bearer)

        assert (own.status_code, own.json()["code"]) == (409, "four_eyes")
        assert sheet.json()["code"] == "four_eyes"
        assert (theirs.status_code, theirs.json()["paidBy"]) == (200, f"user:{other.id}")


def test_of_two_administrators_who_pay_the_same_one_has_paid(site: "Site") -> None:
    _, awards = settled_race(site)
    post(site, "awards/approve", {"ids": awards})
    headers = [site.admins, another_admin(site).bearer]
    answers: list[httpx2.Response] = []

    def pay(number: int) -> None:
        payments = [{"id": award, "reference": f"W-{number}"} for award in awards[:: 1 - 2 * number]]
        with httpx2.Client(base_url=site.url, timeout=WITHIN, trust_env=False) as client:
            body = {"payments": payments}
            answers.append(client.post("/api/admin/awards/pay", json=body, headers=headers[number]))

    both = [threading.Thread(target=pay, args=(number,)) for number in (0, 1)]
    with psycopg.connect(site.dsn) as connection:
        # So that both are under way before either can take an award.
        connection.execute("SELECT 1 FROM race_awards WHERE id = ANY(%s) FOR UPDATE", [awards])
        for each in both:
            each.start()
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        until(lambda: site.execute(waiting) == [(2,)])
    for each in both:
        each.join(WITHIN)

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len(site.execute("SELECT DISTINCT reference FROM race_awards WHERE status = 'paid'")) == 1
    assert books(site) == []


def test_every_step_names_who_took_it(site: "Site") -> None:
    race, awards = settled_race(site)
    other = another_admin(site)
    post(site, "awards/approve", {"race": race}, **other.bearer)
    post(site, f"awards/{awards[0]}/reject", {"reason": "No."}, **other.bearer)

    acts = site.execute(
        "SELECT DISTINCT action, actor FROM audit_log WHERE action IN ('award.approved', 'race.corrected')"
    )
    assert sorted(acts) == [("award.approved", f"user:{other.id}"), ("race.corrected", f"user:{other.id}")]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("approve", {}, "ids"),
        ("approve", {"ids": [1], "race": 1}, "ids"),
        ("approve", {"ids": []}, "ids"),
        ("approve", {"ids": [0]}, "ids.0"),
        ("approve", {"ids": [2**63]}, "ids.0"),
        ("approve", {"ids": ["one"]}, "ids.0"),
        ("approve", {"ids": [True]}, "ids.0"),
        ("approve", {"ids": ["1"]}, "ids.0"),
        ("approve", {"race": True}, "race"),
        ("approve", {"ids": [1] * 10_001}, "ids"),
        ("approve", {"race": -1}, "race"),
        ("approve", {"ids": [1], "all": True}, "all"),
        ("pay", {"payments": []}, "payments"),
        ("pay", {"payments": [{"id": 1}]}, "payments.0.reference"),
        ("pay", {"payments": [{"id": True, "reference": "W-1"}]}, "payments.0.id"),
        ("pay", {"payments": [{"id": 1.5, "reference": "W-1"}]}, "payments.0.id"),
        ("pay", {"payments": [{"id": 1, "reference": " "}]}, "payments.0.reference"),
        ("pay", {"payments": [{"id": 1, "reference": "=1+1"}]}, "payments.0.reference"),
        ("pay", {"payments": [{"id": 1, "reference": "a\u202eb"}]}, "payments.0.reference"),
        ("pay", {"payments": [{"id": 1, "reference": "x" * 201}]}, "payments.0.reference"),
        (
            "pay",
            {"payments": [{"id": 1, "reference": "W-1"}, {"id": 1, "reference": "W-2"}]},
            "payments.1.id",
        ),
        ("1/pay", {}, "reference"),
        ("1/pay", {"reference": "W", "amount": "1.00"}, "amount"),
        ("1/reject", {"reason": "  "}, "reason"),
        ("1/reject", {"reason": "x" * 501}, "reason"),
        ("one/approve", None, "award_id"),
        ("0/reject", {"reason": "x"}, "award_id"),
        (f"{'9' * 30}/approve", None, "award_id"),
    ],
)
def test_what_cannot_be_names_its_field(shared: "Site", path: str, body: object, field: str) -> None:
    answer = post(shared, f"awards/{path}", body)

    assert answer.status_code == 422
    assert fields(answer) == [field]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=due", "status"),
        ("race=0", "race"),
        ("race=one", "race"),
        (f"player={'x' * 65}", "player"),
        ("player=", "player"),
        ("limit=101", "limit"),
        ("page=0", "page"),
        ("sort=id", "sort"),
    ],
)
def test_a_query_that_cannot_be_names_its_field(shared: "Site", query: str, field: str) -> None:
    answer = shared.client.get(f"/api/admin/awards?{query}", headers=shared.admins)

    assert answer.status_code == 422
    assert fields(answer) == [field]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "line 1"),
        ("id,amount\n1,2\n", "line 1"),
        ("id,reference\n1,\n", "body"),
        (b"id,reference\n1,\xff\n", "body"),
        ("id,reference\none,W-1\n", "line 2"),
        ("id,reference\n1,W-1\n1,W-2\n", "line 3"),
        ('id,reference\n1,"W-1\n', "line 2"),
        ("id,reference\n1,a\0b\n", "line 2"),
        ("id,reference\n1,=cmd\n", "line 2"),
    ],
)
def test_a_sheet_that_cannot_be_names_its_line(shared: "Site", text: str | bytes, field: str) -> None:
    answer = upload(shared, text)

    assert answer.status_code == 422
    assert fields(answer) == [field]


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("GET", "awards/999999", None, "award_not_found"),
        ("POST", "awards/999999/approve", None, "award_not_found"),
        ("POST", "awards/999999/pay", {"reference": "W-1"}, "award_not_found"),
        ("POST", "awards/999999/reject", {"reason": "x"}, "award_not_found"),
        ("POST", "awards/approve", {"race": 999_999}, "race_not_found"),
    ],
)
def test_what_is_not_there_says_so(shared: "Site", method: str, path: str, body: object, code: str) -> None:
    answer = shared.client.request(method, f"/api/admin/{path}", json=body, headers=shared.admins)

    assert (answer.status_code, answer.json()["code"]) == (404, code)


def test_of_several_that_are_missing_each_is_named(shared: "Site") -> None:
    answer = post(shared, "awards/approve", {"ids": [999_998, 999_999]})

    assert (answer.status_code, answer.json()["code"]) == (409, "awards_refused")
    assert fields(answer) == ["award 999998", "award 999999"]


@pytest.mark.parametrize("role", ["user", "support"])
def test_awards_are_none_of_others_business(shared: "Site", role: str) -> None:
    name = f"no_payer_{role}"
    person = add_person(shared.dsn, name, role=role)
    seen = shared.client.get("/api/admin/awards", headers=person.bearer)
    done = shared.client.post("/api/admin/awards/1/approve", headers=person.bearer)
    stranger = shared.get("/api/admin/awards")

    assert [seen.status_code, done.status_code, stranger.status_code] == [403, 403, 401]
