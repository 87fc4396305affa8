"""What a visitor does, in a real browser, against a running system."""

import re

from playwright.sync_api import Page, expect

from tests.web.conftest import System


def test_the_home_page_shows_the_race_and_the_tops_of_the_boards(
    page: Page, system: System, complaints: list[str]
) -> None:
    race = system.get("/api/wager-races/current")

    page.goto("/")

    expect(page.get_by_role("heading", level=1)).to_have_text(race["name"])
    expect(page.get_by_role("timer")).to_be_visible()
    expect(page.get_by_text("$500", exact=True)).to_be_visible()
    podium = page.get_by_role("region", name="Podium").get_by_role("listitem")
    expect(podium).to_have_count(3)
    expect(podium.first).to_contain_text(race["participants"][0]["username"])
    expect(page.get_by_role("table", name="Next places").get_by_role("row")).not_to_have_count(1)
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()
    assert complaints == []


def test_the_pages_move_by_themselves_when_a_report_arrives(page: Page, system: System) -> None:
    page.goto("/")
    expect(page.get_by_text("Live", exact=True).first).to_be_visible()
    before = system.get("/api/wager-races/current")["metadata"]["totalWagered"]

    outcome = system.report(24 * 60)

    after = system.get("/api/wager-races/current")
    assert outcome["recordsUpdated"] > 0
    assert after["metadata"]["totalWagered"] > before
    total = f"${after['metadata']['totalWagered']:,.2f} wagered"
    expect(page.get_by_text(total)).to_be_visible()


def test_the_page_goes_on_after_the_server_was_killed(page: Page, system: System) -> None:
    page.goto("/")
    live = page.get_by_test_id("connection")
    expect(live).to_contain_text("Live")

    system.stop_site()
    expect(live).not_to_contain_text("Live")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    system.start_site()

    expect(live).to_contain_text("Live", timeout=40_000)
    system.report(24 * 60)
    after = system.get("/api/wager-races/current")
    expect(page.get_by_text(f"${after['metadata']['totalWagered']:,.2f} wagered")).to_be_visible()


def test_the_leaderboard_has_four_windows(page: Page, system: System) -> None:
    page.goto("/leaderboard")

    for period, name in (("today", "Today"), ("this_week", "This week"), ("this_month", "This month")):
        page.get_by_role("navigation", name="Window").get_by_role("link", name=name).click()
        expect(page).to_have_url(re.compile(f"period={period}"))
        first = system.get(f"/api/leaderboard?period={period}&limit=1")["data"][0]
        table = page.get_by_role("table", name=f"Leaderboard: {name}")
        expect(table.get_by_role("rowheader").first).to_contain_text(first["name"])


def test_a_player_is_found_by_part_of_his_name(page: Page, system: System) -> None:
    wanted = system.get("/api/leaderboard?page=3&limit=1")["data"][0]["name"]
    page.goto("/leaderboard")

    page.get_by_role("searchbox", name="Find a player").fill(wanted[1:].upper())

    expect(page.get_by_role("rowheader").first).to_contain_text(wanted)
    page.get_by_role("searchbox").fill("no such name anywhere")
    expect(page.get_by_role("rowheader")).to_have_count(0)


def test_any_rank_is_one_jump_away(page: Page, system: System) -> None:
    ranked = system.get("/api/leaderboard?limit=1")["metadata"]["rankedUsers"]
    wanted = system.get(f"/api/leaderboard?limit=1&page={ranked}")["data"][0]
    page.goto("/leaderboard")

    page.get_by_label("Go to rank").fill(str(ranked))
    page.get_by_label("Go to rank").press("Enter")

    expect(page.get_by_role("rowheader", name=wanted["name"])).to_be_in_viewport()


def test_the_board_is_scrolled_to_its_end_and_no_row_is_missing(
    page: Page, system: System, complaints: list[str]
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    board = system.get("/api/leaderboard?limit=1")["metadata"]
    page.goto("/leaderboard")
    rows = page.get_by_role("region", name="Rows: All time")
    expect(rows.get_by_role("rowheader").first).to_be_visible()

    seen: dict[int, str] = {}
    end = board["totalUsers"] + 1
    while end not in seen:
        for row in rows.get_by_role("row").filter(has=page.get_by_role("rowheader")).all():
            seen[int(row.get_attribute("aria-rowindex") or 0)] = row.get_by_role("rowheader").inner_text()
        rows.evaluate("rows => rows.scrollBy(0, 1200)")
        expect(rows.get_by_text("Loading")).to_have_count(0)

    assert sorted(seen) == list(range(2, end + 1))
    assert complaints == []


def test_the_site_is_walked_by_keyboard_alone(page: Page, system: System) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    link = page.get_by_role("navigation", name="Main").get_by_role("link", name="Leaderboard")
    for _ in range(5):
        page.keyboard.press("Tab")
        if link.evaluate("link => link === document.activeElement"):
            break
    expect(link).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1, name="Leaderboard")).to_be_visible()


def test_a_player_has_a_tier_with_progress_and_a_history(page: Page, system: System) -> None:
    race = system.get("/api/wager-races/current")
    uid = race["participants"][0]["goatedId"]
    profile = system.get(f"/api/users/{uid}")

    page.goto(f"/players/{uid}")

    expect(page.get_by_role("heading", level=1)).to_have_text(profile["username"])
    expect(page.get_by_role("region", name="Tier")).to_contain_text(profile["tier"]["displayName"])
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("region", name="History").locator("canvas")).to_be_visible()


def test_an_address_that_is_nothing_says_so(page: Page, system: System) -> None:
    page.goto("/no/such/page")

    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")


def test_a_player_nobody_knows_is_said_to_be_unknown(page: Page, system: System) -> None:
    page.goto("/players/nobody")

    expect(page.get_by_role("main")).to_contain_text("no", ignore_case=True)
    expect(page.get_by_role("progressbar")).to_have_count(0)


def test_the_documentation_needs_nothing_from_elsewhere(
    page: Page, system: System, complaints: list[str]
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto("/docs")

    expect(page.get_by_text("/api/leaderboard", exact=True).first).to_be_visible()
    assert [url for url in asked if not url.startswith((system.url, "data:"))] == []
    assert complaints == []
