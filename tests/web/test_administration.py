"""What an administrator does, in a real browser, against a running system."""

import json
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Literal, TypeAlias

import psycopg
import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from goatedvips.kit.clock import utc_now
from goatedvips.kit.instants import rfc3339
from tests.api.conftest import until
from tests.people import PASSWORD, add_person
from tests.web.conftest import System
from tests.web.faults import faults

SignedIn: TypeAlias = StorageState
PAGES = (
    *("", "/races", "/races/new", "/races/1", "/series", "/series/new", "/series/1", "/awards", "/links"),
    *("/users", "/users/{boss}", "/quarantine", "/quarantine/{held}", "/syncs", "/steps", "/requests"),
    *("/audit", "/keys"),
)


def sign_in(page: Page, login: str, password: str = PASSWORD) -> None:
    """Go to the administration, which sends a stranger to the door, and from there back to it."""
    page.goto("/admin")
    page.get_by_label("Name or e-mail").fill(login)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture(scope="module")
def boss(system: System) -> int:
    """The first administrator, made as the handbook says."""
    said = system.program(
        *("admin", "create", "--username", "boss", "--email", "boss@example.com"),
        *("--password-stdin", "--json"),
        given=PASSWORD,
    )
    made: dict[str, Any] = json.loads(said)
    return int(made["id"])


@pytest.fixture
def signed_in(browser: Browser, system: System, boss: int) -> SignedIn:
    """What the browser of the administrator holds."""
    context = browser.new_context(base_url=system.url)
    page = context.new_page()
    sign_in(page, "boss")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    held = context.storage_state()
    context.close()
    return held


@pytest.fixture
def desk(browser: Browser, system: System, signed_in: SignedIn) -> Iterator[Page]:
    """The administrator's tab."""
    context = browser.new_context(
        base_url=system.url,
        storage_state=signed_in,
        viewport={"width": 1280, "height": 900},
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def settled_race(system: System, name: str) -> int:
    """Let a race of a few seconds begin, end and be settled; return its number."""
    now = utc_now()
    # The program takes seconds to start on a busy machine, and the end must still be ahead by then.
    ends_at = now + timedelta(seconds=20)
    said = system.program(
        *("race", "create", "--name", name, "--type", "special", "--prize-pool", "100", "--json"),
        *("--start", rfc3339(now), "--end", rfc3339(ends_at)),
    )
    race_id = int(json.loads(said)["id"])
    system.report(0)
    time.sleep(max(0.0, (ends_at - utc_now()).total_seconds()))
    system.report(24 * 60)
    system.program("race", "settle", str(race_id))
    return race_id


def test_a_stranger_signs_in_first_and_a_player_finds_no_such_page(page: Page, system: System) -> None:
    add_person(system.dsn, "no_admin")
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))

    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    sign_in(page, "no_admin")

    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
    assert page.request.get("/api/admin/wager-races").status == 403
    assert [url for url in loaded if "admin-pages" in url or "/api/admin" in url] == []


def test_a_race_that_is_created_is_on_the_public_page(desk: Page) -> None:
    desk.goto("/admin/races")
    desk.get_by_role("link", name="Create a race").click()
    desk.get_by_label("Name").fill("Grand opening")
    desk.get_by_label("Time zone").fill("America/New_York")
    desk.get_by_label("Starts (America/New_York)").fill("2027-03-14T00:00")
    desk.get_by_label("Ends (America/New_York)").fill("2027-03-15T00:00")
    desk.get_by_label("Prizes").fill("1: 60%\n2-3: 20%")
    preview = desk.get_by_role("region", name="What it would be")
    expect(preview).to_contain_text("2027-03-14 00:00 local, 2027-03-14 05:00 UTC")
    expect(preview).to_contain_text("23 hours")
    expect(preview.get_by_role("listitem")).to_have_text(
        ["Place 1$300.00", "Place 2$100.00", "Place 3$100.00"]
    )

    desk.get_by_role("button", name="Create a race").click()

    expect(desk.get_by_role("heading", level=1)).to_have_text("Grand opening")
    desk.get_by_role("link", name="Public page").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Grand opening")
    expect(desk.get_by_text("$500", exact=True).first).to_be_visible()


def test_who_edits_what_another_has_changed_sees_it_and_goes_on(desk: Page, system: System) -> None:
    series = system.program(
        *("race", "create", "--name", "Two hands", "--type", "special", "--prize-pool", "100", "--json"),
        *("--start", "2027-05-01T00:00:00Z", "--end", "2027-05-02T00:00:00Z"),
    )
    race_id = int(json.loads(series)["id"])
    desk.goto(f"/admin/races/{race_id}")
    desk.get_by_role("button", name="Edit").click()
    desk.get_by_label("Name").fill("Two hands, one race")
    other = add_person(system.dsn, "other_admin", role="admin")
    answer = desk.request.patch(
        f"/api/admin/wager-races/{race_id}",
        data={"prizePool": "250"},
        headers=other.bearer | {"Cookie": ""},
    )
    assert answer.status == 200

    desk.get_by_role("button", name="Save").click()

    expect(desk.get_by_role("alert")).to_contain_text("Prize pool in dollars: 100.00 → 250.00")
    expect(desk.get_by_label("Prize pool in dollars")).to_have_value("250.00")
    desk.get_by_role("button", name="Save over it").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Two hands, one race")
    expect(desk.get_by_role("region", name="Terms")).to_contain_text("$250")


def test_an_award_is_approved_and_paid(desk: Page, system: System) -> None:
    race_id = settled_race(system, "Sprint")
    # The site hears of what a command did a moment later.
    until(lambda: bool(system.get(f"/api/wager-races/{race_id}")["participants"]))
    winner = system.get(f"/api/wager-races/{race_id}")["participants"][0]["username"]
    desk.goto(f"/admin/awards?race={race_id}")
    row = desk.get_by_role("row").filter(has_text=winner)

    row.get_by_role("button", name="Approve").click()
    expect(desk.get_by_role("dialog")).to_contain_text("$42.50")
    desk.get_by_role("dialog").get_by_role("button", name="Approve").click()
    expect(row).to_contain_text("approved by user:")
    row.get_by_role("button", name="Mark as paid").click()
    desk.get_by_label("Reference of the payment").fill("W-1001")
    desk.get_by_role("dialog").get_by_role("button", name="Mark as paid").click()

    expect(row).to_contain_text("W-1001")
    expect(desk.get_by_role("status").filter(has_text="is paid")).to_contain_text(
        f"{winner} is paid, $42.50."
    )
    desk.get_by_label(re.compile("^Choose all")).check()
    desk.get_by_role("button", name=re.compile(r"^Approve \d+ chosen")).click()
    desk.get_by_role("dialog").get_by_role("button", name="Approve").click()
    expect(desk.get_by_label(re.compile("^Choose all"))).to_have_count(0)


def test_a_link_request_is_approved(desk: Page, system: System) -> None:
    player = system.get("/api/leaderboard?limit=1&page=7")["data"][0]
    person = add_person(system.dsn, "claimant")
    with psycopg.connect(system.dsn, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO link_requests (user_id, player_id, message, created_at)"
            " SELECT %s, id, 'It is me', now() FROM players WHERE goated_id = %s",
            [person.id, player["uid"]],
        )
    desk.goto("/admin/links")
    request = desk.get_by_role("listitem").filter(has_text="claimant")
    expect(request).to_contain_text("It is me")

    request.get_by_role("button", name="Approve").click()
    desk.get_by_label("Reason").fill("He wrote from his player's address.")
    desk.get_by_role("dialog").get_by_role("button", name="Approve").click()

    expect(request).to_have_count(0)
    desk.goto(f"/admin/users/{person.id}")
    expect(desk.get_by_role("region", name="Account")).to_contain_text(player["name"])


def test_a_user_is_banned_with_a_reason_that_is_asked_for_first(desk: Page, system: System) -> None:
    person = add_person(system.dsn, "troublemaker")
    desk.goto("/admin/users")
    desk.get_by_label("Find a user").fill("trouble")
    desk.get_by_role("link", name="troublemaker").click()

    desk.get_by_role("button", name="Ban").click()
    expect(desk.get_by_role("dialog")).to_contain_text("excluded from all races")
    desk.get_by_role("dialog").get_by_role("button", name="Ban").click()
    expect(desk.get_by_role("dialog")).to_be_visible()
    desk.get_by_label("Reason").fill("Sold his account")
    desk.get_by_role("dialog").get_by_role("button", name="Ban").click()

    expect(desk.get_by_role("region", name="Account")).to_contain_text("Sold his account")
    assert desk.request.get("/api/auth/me", headers=person.bearer | {"Cookie": ""}).status == 401


def quarantined(system: System) -> int:
    """Let the feed list only half of the players; return the run that was not believed."""
    system.switch(shrunk=0.5)
    run_id = int(system.report(60, code=2)["runId"])
    system.switch(shrunk=False)
    return run_id


def test_a_quarantined_report_is_looked_at_and_discarded(desk: Page, system: System) -> None:
    run_id = quarantined(system)
    desk.goto("/admin/quarantine")
    desk.get_by_role("link", name=f"Run {run_id}").click()
    expect(desk.get_by_role("region", name="What it would change")).to_contain_text("→")
    expect(desk.get_by_role("heading", name=re.compile("no longer listed"))).to_be_visible()

    desk.get_by_role("button", name="Discard the report").click()
    desk.get_by_label("Reason").fill("The feed was half down")
    desk.get_by_role("dialog").get_by_role("button", name="Discard the report").click()

    expect(desk.get_by_text("Discarded by user:")).to_be_visible()
    expect(desk.get_by_role("button", name="Discard the report")).to_have_count(0)


def test_the_audit_log_is_verified(desk: Page) -> None:
    desk.goto("/admin/audit")

    desk.get_by_role("button", name="Verify the chain").click()

    expect(desk.get_by_text(re.compile("The log holds: all .* entries"))).to_be_visible()
    desk.get_by_label("Action").fill("audit.")
    expect(desk.get_by_role("rowheader").first).to_have_text("audit.verified")


def test_what_is_grave_asks_for_the_password_and_goes_on(desk: Page, system: System, boss: int) -> None:
    with psycopg.connect(system.dsn, autocommit=True) as connection:
        connection.execute(
            "UPDATE user_sessions SET authenticated_at = authenticated_at - interval '1 hour'"
            " WHERE user_id = %s",
            [boss],
        )
    desk.goto("/admin/keys")
    desk.get_by_role("button", name="Make a key").click()
    desk.get_by_label("Name").fill("dashboard")
    desk.get_by_label("See syncs").check()
    desk.get_by_role("dialog").get_by_role("button", name="Make a key").click()

    desk.get_by_label("Password", exact=True).fill(PASSWORD)
    desk.get_by_label("Password", exact=True).press("Enter")

    expect(desk.get_by_role("dialog").filter(has_text="gvip_")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("rowheader", name=re.compile("^dashboard"))).to_be_visible()


def test_on_a_phone_the_pages_are_in_a_drawer(desk: Page) -> None:
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.goto("/admin")
    expect(desk.get_by_role("link", name="Audit log")).to_have_count(0)

    desk.get_by_role("button", name="Menu").click()
    desk.get_by_role("dialog", name="Menu").get_by_role("link", name="Series").click()

    expect(desk.get_by_role("heading", level=1)).to_have_text("Series")
    expect(desk.get_by_role("dialog", name="Menu")).to_have_count(0)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_nothing(
    browser: Browser, system: System, signed_in: SignedIn, boss: int, theme: Literal["dark", "light"]
) -> None:
    context = browser.new_context(
        base_url=system.url,
        storage_state=signed_in,
        color_scheme=theme,
        reduced_motion="reduce",
        bypass_csp=True,  # axe is put into the page as a script
    )
    page = context.new_page()
    waiting = re.search(r'"runId": (\d+)', system.program("quarantine", "list", "--json"))
    held = waiting[1] if waiting else quarantined(system)
    found: list[str] = []
    for path in PAGES:
        page.goto("/admin" + path.format(boss=boss, held=held))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_text("Loading", exact=True)).to_have_count(0)
        found += [f"{path}: {fault}" for fault in faults(page)]
    context.close()

    assert found == []
