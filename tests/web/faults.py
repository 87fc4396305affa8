"""What is wrong with a page for those who see, hear or touch it otherwise."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def faults(page: Page) -> list[str]:
    """Return the axe rules that the open page breaks, and whether it scrolls sideways."""
    violations = Axe().run(page).response["violations"]
    found = [f"{each['id']} at {each['nodes'][0]['target']}" for each in violations]
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return found if overflow <= 0 else [*found, f"scrolls sideways by {overflow} pixels"]
