"""A race as a visitor watches it, on a feed whose wagers the test makes."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.api.conftest import Feed, serving_feed
from tests.web.conftest import System, database

pytestmark = pytest.mark.xdist_group("web")

PHONE: ViewportSize = {"width": 390, "height": 844}
STAGE: ViewportSize = {"width": 820, "height": 700}
"""So wide that the podium has three steps side by side."""
LONG = "0x" + "aB3dE5fG7h" * 4
"""A wallet's address, which is as long as a name gets."""
RIGHT_TO_LEFT = "שחקן-אלוף"
NOTHING = ("0", "0", "0", "100")
PLAYERS = {
    "uidAda00000000000001": ("Ada", NOTHING),
    "uidBob00000000000002": ("bob_the_builder", NOTHING),
    "uidCid00000000000003": ("Cid", NOTHING),
    "uidDan00000000000004": (LONG, NOTHING),
    "uidEve00000000000005": (RIGHT_TO_LEFT, NOTHING),
    "uidFay00000000000006": ("Fay", NOTHING),
}
ADA, BOB, CID, DAN, EVE, FAY = PLAYERS

FRAMES = os.environ.get("GOATEDVIPS_FRAMES")
"""Where to keep the frames of a race that changes hands; nowhere, unless they are asked for."""
FRAME_AT = (0, 60, 120, 200, 300, 420, 560, 699)
"""Milliseconds into the slide."""
HOLD = """
    const animate = Element.prototype.animate;
    Element.prototype.animate = function (...given) {
        const animation = animate.apply(this, given);
        if (animation.id === "slide") animation.pause();
        return animation;
    };
"""
"""A slide is over before a command of the program is, so it is held at its start."""
SEEK = """(at) => {
    for (const slide of document.getAnimations()) if (slide.id === "slide") slide.currentTime = at;
}"""
LET_GO = """() => {
    for (const slide of document.getAnimations()) if (slide.id === "slide") slide.finish();
}"""
THREE_HOURS_OFF = """
    const Right = Date;
    globalThis.Date = class extends Right {
        constructor(...given) { if (given.length) super(...given); else super(Right.now() + 10_800_000); }
        static now() { return Right.now() + 10_800_000; }
    };
"""


class Stage(System):
    """A system whose players wager what a test says, in a race that all of them take part in."""

    def __init__(self, dsn: str, home: Path, feed: Feed) -> None:
        super().__init__(dsn, home, feed=feed.url)
        self.feed = feed

    def wager(self, **dollars: str) -> None:
        """Let players wager, by their names in small letters, and take the report over."""
        for uid, (name, _) in self.feed.people.items():
            if name.lower() in dollars:
                self.feed.wager(uid, dollars[name.lower()])
        self.report()


@pytest.fixture(scope="module")
def stage(cluster: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A race in which Ada leads Bob and Cid, with two names that are hard to set behind them."""
    with database(cluster, template) as dsn, serving_feed() as feed:
        feed.people = dict(PLAYERS)
        running = Stage(dsn, tmp_path_factory.mktemp("stage"), feed)
        try:
            running.report()
            for uid, dollars in zip(PLAYERS, ("500", "400", "300", "200", "150", "120"), strict=True):
                feed.wager(uid, dollars)
            running.report()
            running.start_site()
            yield running
        finally:
            running.close()


@pytest.fixture
def moving(browser: Browser, stage: Stage) -> Iterator[Page]:
    """A tab of somebody who does not mind motion."""
    context = browser.new_context(
        base_url=stage.url, viewport=STAGE, reduced_motion="no-preference", color_scheme="dark"
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def still(browser: Browser, stage: Stage) -> Iterator[Page]:
    """A tab on a phone, without motion."""
    context = browser.new_context(base_url=stage.url, viewport=PHONE, reduced_motion="reduce")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def podium(page: Page) -> list[str]:
    steps = page.get_by_role("region", name="Podium").get_by_role("listitem")
    return [step.get_by_role("link").inner_text() for step in steps.all()]


def watch(page: Page) -> None:
    page.goto("/races/1")
    expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "open")
    expect(page.get_by_role("region", name="Podium")).to_be_visible()


def left(page: Page) -> int:
    """Return the minutes that the countdown shows."""
    said = page.get_by_test_id("race-countdown").inner_text()
    days, hours, minutes = map(int, re.findall(r"(\d+) (?:days|hours|minutes)", said)[:3])
    return (days * 24 + hours) * 60 + minutes


def test_names_of_any_length_and_script_leave_the_page_as_it_is(still: Page, stage: Stage) -> None:
    watch(still)

    table = still.get_by_role("table", name="Next places")
    expect(table.get_by_role("rowheader", name=LONG)).to_be_visible()
    row = table.get_by_role("row").filter(has=still.get_by_text(RIGHT_TO_LEFT))
    # What stands beside a name that runs the other way stays where it is.
    place, name, amount = (row.locator(cell).bounding_box() for cell in ("td >> nth=0", "th", "td >> nth=1"))
    assert place
    assert name
    assert amount
    assert place["x"] < name["x"] < amount["x"]
    expect(row.locator("bdi")).to_have_text(RIGHT_TO_LEFT)
    assert still.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert row.locator("td >> nth=1").inner_text() == "$150.00"


def test_a_race_changes_hands_and_the_rows_slide_there(moving: Page, stage: Stage) -> None:
    moving.add_init_script(HOLD)
    watch(moving)
    assert podium(moving) == ["Ada", "bob_the_builder", "Cid"]
    moving.get_by_role("region", name="Podium").evaluate("podium => podium.scrollIntoView()")
    keep(moving, "before")

    stage.wager(cid="1000")

    expect(moving.get_by_role("region", name="Podium").get_by_role("listitem").first).to_contain_text("Cid")
    for number, at in enumerate(FRAME_AT):
        moving.evaluate(SEEK, at)
        keep(moving, f"{number:02}")
    moving.evaluate(SEEK, 0)
    before = places(moving)
    moving.evaluate(LET_GO)
    assert podium(moving) == ["Cid", "Ada", "bob_the_builder"]
    assert places(moving) != before
    expect(moving.get_by_role("region", name="Podium").get_by_text("up 2")).to_be_attached()
    expect(moving.get_by_text("$1,300.00")).to_be_visible()
    keep(moving, "after")


def places(page: Page) -> list[float]:
    steps = page.get_by_role("region", name="Podium").get_by_role("listitem").all()
    return [(box["x"] + box["y"]) if (box := step.bounding_box()) else 0 for step in steps]


def keep(page: Page, name: str) -> None:
    if FRAMES:
        page.screenshot(path=Path(FRAMES) / f"{name}.png")


def test_whoever_wants_no_motion_sees_the_new_places_at_once(still: Page, stage: Stage) -> None:
    watch(still)

    stage.wager(fay="5000")

    expect(still.get_by_role("region", name="Podium").get_by_role("listitem").first).to_contain_text("Fay")
    assert still.evaluate("document.getAnimations().filter(({ id }) => id === 'slide').length") == 0


def test_pause_holds_everything_until_it_goes_on(still: Page, stage: Stage) -> None:
    watch(still)
    still.get_by_role("button", name="Pause").click()
    held = podium(still)

    stage.wager(ada="20000")

    expect(still.get_by_text("Paused. Newer figures wait.")).to_be_visible()
    assert podium(still) == held
    still.get_by_role("button", name="Go on").click()
    expect(still.get_by_role("region", name="Podium").get_by_role("listitem").first).to_contain_text("Ada")


def test_a_phone_whose_clock_is_three_hours_off_shows_the_right_time(still: Page, stage: Stage) -> None:
    still.add_init_script(THREE_HOURS_OFF)

    watch(still)

    server = stage.get("/api/wager-races/1")["metadata"]["secondsLeft"] // 60
    assert abs(left(still) - server) <= 1
    expect(still.get_by_test_id("data-age").first).to_have_text(
        re.compile(r"as of (just now|\d+ s ago|1 min ago)")
    )


def test_a_server_that_is_away_for_a_while_leaves_the_race_there_and_is_caught_up_with(
    still: Page, stage: Stage
) -> None:
    watch(still)
    stage.stop_site()

    expect(still.get_by_text("Connection lost, reconnecting.")).to_be_visible()
    before = still.get_by_test_id("race-countdown").inner_text()
    expect(still.get_by_test_id("race-countdown")).not_to_have_text(before)
    assert len(podium(still)) == 3
    stage.wager(bob_the_builder="90000")
    stage.start_site()

    expect(still.get_by_test_id("connection")).to_have_attribute("data-state", "open", timeout=40_000)
    expect(still.get_by_role("region", name="Podium").get_by_role("listitem").first).to_contain_text("bob")
    expect(still.get_by_text("Connection lost, reconnecting.")).to_have_count(0)


def test_a_settled_race_of_one_player_has_a_podium_a_proof_and_a_reason(still: Page, stage: Stage) -> None:
    now = datetime.now(UTC)
    race = stage.command(
        *("race", "create", "--name", "A race of one", "--prize-pool", "100"),
        *("--start", now.isoformat(), "--end", (now + timedelta(days=1)).isoformat()),
    )["id"]
    stage.report()
    # Nobody waits for a day to go by, and what is seconds here is minutes on a busy machine.
    with psycopg.connect(stage.dsn, autocommit=True) as connection:
        connection.execute(
            "UPDATE wager_races SET end_date = now(), version = version + 1 WHERE id = %s", [race]
        )
    stage.feed.wager(EVE, "42.5")
    stage.report()
    stage.command("race", "settle", str(race))
    still.goto(f"/races/{race}")

    expect(still.get_by_role("heading", name="Final podium")).to_be_visible()
    expect(still.get_by_role("listitem").filter(has_text=RIGHT_TO_LEFT)).to_contain_text("$42.50")
    expect(still.get_by_text("1 player", exact=True)).to_be_visible()
    still.get_by_role("button", name="Place 1: how it was counted").click()
    why = still.get_by_role("dialog", name=f"Why is {RIGHT_TO_LEFT} 1st?")
    expect(why).to_contain_text("= $42.50")
    expect(why.get_by_role("listitem").first).to_contain_text("Counting began with the first report")
    still.keyboard.press("Escape")
    expect(why).to_have_count(0)
    expect(still.get_by_role("link", name="Proof of the result")).to_have_attribute(
        "href", f"/api/wager-races/{race}/proof"
    )

    still.goto("/races?search=%D7%A9%D7%97")
    expect(
        still.get_by_role("table", name="Past races").get_by_role("link", name="A race of one")
    ).to_be_visible()
