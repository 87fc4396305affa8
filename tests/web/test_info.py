"""The site about itself, what leaves it for other places, and what is left of it without a connection."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from goatedvips.kit.clock import utc_now
from goatedvips.kit.instants import rfc3339
from tests.people import add_person
from tests.web.conftest import System

VECTORS = Path(__file__).parent.parent.parent / "docs" / "proof-vectors"


def settled_race(system: System) -> int:
    """Run a race to its end, which is set to now as soon as it has moved."""
    now = utc_now()
    race = system.command(
        *("race", "create", "--name", "Sprint", "--prize-pool", "150"),
        *("--start", rfc3339(now), "--end", rfc3339(now + timedelta(hours=1))),
    )
    race_id: int = race["id"]
    system.report()
    with psycopg.connect(system.dsn, autocommit=True) as database:
        database.execute("UPDATE wager_races SET end_date = now() WHERE id = %s", [race_id])
    system.report()
    return race_id


def test_a_race_is_checked_in_the_browser_and_a_forged_one_is_caught_offline(
    page: Page, system: System, complaints: list[str]
) -> None:
    race_id = settled_race(system)

    page.goto(f"/races/{race_id}")
    page.get_by_role("link", name="Check it in your browser").click()

    verdict = page.get_by_test_id("verdict")
    expect(verdict).to_have_attribute("data-holds", "true")
    expect(verdict.locator("[data-step][data-held=true]")).to_have_count(8)
    expect(verdict).to_contain_text("The site shows the same fingerprint with the race.")
    winner = system.get(f"/api/wager-races/{race_id}")["participants"][0]["username"]
    expect(verdict).to_contain_text(winner)

    page.get_by_role("button", name="Check another").click()
    page.context.set_offline(True)
    page.locator("input[type=file]").set_input_files(VECTORS / "bad-prize-changed.json")

    expect(verdict).to_have_attribute("data-holds", "false")
    expect(verdict.locator("[data-step=prizes]")).to_contain_text("its prize is 51.01")
    assert [said for said in complaints if "ERR_INTERNET_DISCONNECTED" not in said] == []


def test_a_proof_is_pasted_and_versions_are_compared(page: Page) -> None:
    page.goto("/fairness")
    page.get_by_role("textbox").fill((VECTORS / "good-first-to-reach.json").read_text("utf-8"))
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_test_id("verdict")).to_have_attribute("data-holds", "true")

    page.get_by_role("button", name="Check another").click()
    both = [VECTORS / "good-first-to-reach.json", VECTORS / "forged-pool-doubled.json"]
    page.locator("input[type=file]").set_input_files(both)

    expect(page.get_by_test_id("verdict")).to_have_attribute("data-holds", "false")
    expect(page.get_by_text("rules.prizePool", exact=False)).to_be_visible()


def test_the_small_print_is_a_click_away_from_every_page(page: Page, complaints: list[str]) -> None:
    page.goto("/")
    footer = page.get_by_role("contentinfo")
    expect(footer.get_by_text("18+")).to_be_visible()
    expect(footer.get_by_text("Advertisement")).to_be_visible()

    for name, title in (
        *(("Terms", "Terms of use"), ("Privacy", "Privacy"), ("Rules", "Rules of the races")),
        *(("How it works", "How it works"), ("Play safely", "Play safely"), ("Tiers", "Tiers")),
    ):
        footer.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert complaints == []


def test_an_overlay_is_see_through_moves_by_itself_and_goes_dark_with_its_key(
    page: Page, system: System
) -> None:
    race = system.get("/api/wager-races/current")
    streamer = add_person(system.dsn, "streamer", uid=race["participants"][-1]["goatedId"])
    # Made behind the program's back: it learns of him with the next report.
    system.report()

    page.goto(f"/overlay/race/current?top=3&token={streamer.key}")

    expect(page.get_by_role("list").get_by_role("listitem")).to_have_count(3)
    expect(page.get_by_test_id("own")).to_contain_text("streamer")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"
    assert page.context.cookies() == []
    for width, height in ((1920, 1080), (800, 600), (300, 900)):
        page.set_viewport_size({"width": width, "height": height})
        # Sizes that follow each other take a frame each.
        page.wait_for_function(
            """([width, height]) => {
                const box = document.querySelector("main").getBoundingClientRect();
                return innerWidth === width && box.width <= width && box.height <= height;
            }""",
            arg=[width, height],
        )

    with psycopg.connect(system.dsn, autocommit=True) as database:
        database.execute("UPDATE api_keys SET revoked_at = now() WHERE user_id = %s", [streamer.id])
    system.report(24 * 60)

    expect(page.get_by_role("status")).to_contain_text("does not work any more")
    expect(page.get_by_role("listitem")).to_have_count(0)


@contextmanager
def another_site(html: str) -> Iterator[str]:
    """Serve one page from an origin of its own."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_args: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_only_frames_can_be_framed_by_another_site(page: Page, system: System) -> None:
    frames = {"a": "/embed/leaderboard?period=all_time", "b": "/leaderboard"}
    html = "".join(f'<iframe id="{name}" src="{system.url}{path}"></iframe>' for name, path in frames.items())
    with another_site(html) as address:
        page.goto(address)

        first = system.get("/api/leaderboard?limit=1")["data"][0]["name"]
        expect(page.frame_locator("#a").get_by_role("listitem").first).to_contain_text(first)
        expect(page.frame_locator("#b").get_by_role("heading")).to_have_count(0)


@pytest.mark.parametrize("path", ["/embed/race/1", "/embed/leaderboard?theme=light", "/overlay/race/1"])
def test_axe_finds_nothing_in_frames(browser: Browser, system: System, path: str) -> None:
    context = browser.new_context(
        base_url=system.url, viewport={"width": 480, "height": 560}, bypass_csp=True, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(path)
    expect(page.locator("#root > *")).to_be_visible()
    violations = Axe().run(page).response["violations"]
    context.close()

    # A message instead of an overlay is no page with headings.
    assert [each["id"] for each in violations if each["id"] != "page-has-heading-one"] == []


def until(page: Page, found: str) -> None:
    """Wait until a script finds something."""
    page.evaluate(f"async () => {{ while (!(await {found})) await new Promise(requestAnimationFrame) }}")


def test_without_a_connection_the_last_board_is_shown_with_its_age(page: Page, system: System) -> None:
    page.goto("/")
    race = system.get("/api/wager-races/current")
    expect(page.get_by_role("heading", level=1)).to_have_text(race["name"])
    until(page, "caches.match('/api/wager-races/current?type=monthly', { cacheName: 'figures-1' })")

    system.stop_site()
    try:
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text(race["name"])
        expect(page.get_by_test_id("data-age").first).to_contain_text("ago")
        expect(page.get_by_test_id("connection")).to_contain_text("Offline")
        leader = page.get_by_role("region", name="Podium").get_by_role("listitem").first
        expect(leader).to_contain_text(race["participants"][0]["username"])
        page.goto("/rules")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    finally:
        system.start_site()


def test_nothing_that_is_somebodys_own_is_kept(page: Page, system: System) -> None:
    page.goto("/")
    until(page, "navigator.serviceWorker.controller")
    uid = system.get("/api/wager-races/current")["participants"][0]["goatedId"]
    private = ["/api/auth/me", "/api/users/me", "/api/admin/users", f"/api/users/{uid}", "/api/awards"]
    page.evaluate("paths => Promise.all(paths.map(path => fetch(path)))", private)
    page.evaluate(
        "paths => navigator.serviceWorker.controller.postMessage({ keep: paths.map(p => origin + p) })",
        private,
    )
    page.evaluate("fetch('/api/tiers')")
    until(page, "caches.match('/api/tiers', { cacheName: 'figures-1' })")

    held = page.evaluate(
        "async () => (await (await caches.open('figures-1')).keys()).map(({ url }) => new URL(url).pathname)"
    )
    assert [path for path in held if path in private] == []


def test_the_site_can_be_installed(page: Page, system: System) -> None:
    page.goto("/")
    manifest = page.evaluate("document.querySelector('link[rel=manifest]').href")
    answer = page.request.get(manifest)
    told = json.loads(answer.text())

    assert "manifest+json" in answer.headers["content-type"]
    assert {icon["sizes"] for icon in told["icons"]} == {"192x192", "512x512"}
    for icon in told["icons"]:
        assert page.request.get(f"{system.url}{icon['src']}").headers["content-type"] == "image/png"


def test_the_language_is_chosen_once_and_remembered(page: Page, complaints: list[str]) -> None:
    page.goto("/tiers")
    page.get_by_role("contentinfo").get_by_role("button", name="Deutsch").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Stufen")
    expect(page.get_by_text("ab 10.000\u00a0$")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "de"

    page.goto("/")
    expect(page.get_by_text("Preistopf")).to_be_visible()
    description = page.locator('meta[name="description"]')
    expect(description).to_have_attribute("content", re.compile("Ranglisten"))
    assert complaints == []
