"""No page breaks an axe rule, at any width, in either theme."""

from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from tests.web.conftest import System
from tests.web.faults import faults

PAGES = (
    *("/", "/leaderboard", "/leaderboard?search=zz-nobody"),
    *("/players/1", "/races", "/races/1", "/races/1?search=zz-nobody", "/races/2", "/nothing-here"),
    *("/tiers", "/fairness", "/rules", "/help"),
    *("/sign-in", "/register", "/forgot-password", "/reset-password#0123456789012345678901", "/settings"),
)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_nothing(browser: Browser, system: System, theme: Literal["dark", "light"]) -> None:
    context = browser.new_context(
        base_url=system.url,
        color_scheme=theme,
        reduced_motion="reduce",
        bypass_csp=True,  # axe is put into the page as a script
    )
    page = context.new_page()
    found: list[str] = []
    for path in PAGES:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_load_state("networkidle") if path == "/nothing-here" else page.wait_for_timeout(300)
        found += [f"{path}: {fault}" for fault in faults(page)]
    context.close()

    assert found == []
