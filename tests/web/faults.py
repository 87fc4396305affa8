"""What is wrong with a page for those who see, hear or touch it otherwise."""

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS: Final = (390, 640, 1280)
"""Pixels: a phone, what 200 % zoom leaves of a desk, a desk."""

# Only what is wrong comes over from the browser: all that is right takes as long as the looking.
_RUN: Final = "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)"


def faults(page: Page) -> list[str]:
    """Return the axe rules that the open page breaks, and whether it scrolls sideways, at any width."""
    found: list[str] = []
    page.evaluate(Axe().axe_script)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        violations: list[dict[str, Any]] = page.evaluate(_RUN)
        found += [f"{width}: {each['id']} at {each['nodes'][0]['target']}" for each in violations]
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if overflow > 0:
            found.append(f"{width}: scrolls sideways by {overflow} pixels")
    return found
