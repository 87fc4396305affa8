"""What a winner sees of his awards, and nobody of others'."""

from typing import TYPE_CHECKING, Any

import psycopg

from goatedvips.races.payouts.schemas import MyAwards
from tests.api.winners import ADA, BOB, post, settled_race
from tests.people import add_person

if TYPE_CHECKING:
    from tests.api.conftest import Site


def mine(site: "Site", headers: dict[str, str], query: str = "") -> dict[str, Any]:
    answer = site.client.get(f"/api/awards{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    return MyAwards.model_validate_json(answer.content).model_dump()


def test_a_winner_sees_his_own_awards_and_nobody_elses(site: "Site") -> None:
    bob = add_person(site.dsn, "bob", uid=BOB)
    _, awards = settled_race(site)
    ada = add_person(site.dsn, "ada", uid=ADA)
    post(site, f"awards/{awards[0]}/approve")
    post(site, f"awards/{awards[0]}/pay", {"reference": "W-1"})
    post(site, f"awards/{awards[1]}/reject", {"reason": "A second account."})

    (paid,) = mine(site, ada.bearer)["data"]
    (rejected,) = mine(site, bob.bearer)["data"]
    assert (paid["id"], paid["status"], paid["reference"]) == (awards[0], "paid", "W-1")
    assert (rejected["id"], rejected["status"]) == (awards[1], "rejected")
    assert rejected["reason"] == "A second account."
    assert {"approved_by", "paid_by", "rejected_by"} & paid.keys() == set()
    # An administrator is nobody else here.
    assert mine(site, site.admins)["data"] == []
    assert mine(site, ada.bearer, "?status=pending")["pagination"]["total"] == 0
    assert site.get("/api/awards").status_code == 401


def test_row_security_keeps_awards_apart_whatever_is_asked(site: "Site") -> None:
    _, awards = settled_race(site)
    ada = add_person(site.dsn, "ada", uid=ADA)
    with psycopg.connect(site.dsn.replace("//goatedvips:", "//goatedvips_app:")) as connection:
        connection.execute("SELECT set_config('goatedvips.role', 'user', true)")
        connection.execute("SELECT set_config('goatedvips.user_id', %s, true)", [str(ada.id)])
        seen = connection.execute("SELECT id FROM race_awards").fetchall()

    assert seen == [(awards[0],)]
