"""Draws the icons of the installed site from its mark: `python docs/screenshots/icons.py`."""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

ICONS = Path(__file__).resolve().parent.parent.parent / "web" / "public" / "icons"
MARK = "M6 22h5v-7H6zM13.5 22h5V8h-5zM21 22h5V12h-5z"
DRAWN = {
    "192": (192, 7, 1.0),
    "512": (512, 7, 1.0),
    "maskable-512": (512, 0, 0.72),
    "apple-180": (180, 0, 0.86),
}
"""Size, how round the corners are, and how large the mark is: a launcher may cut one to a circle."""


def drawing(corner: int, scale: float) -> str:
    place = f"translate(16 16) scale({scale}) translate(-16 -15)"
    mark = f'<g transform="{place}"><path d="{MARK}" fill="#d7ff00"/></g>'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="{corner}" fill="#14151a"/>{mark}</svg>'
    )


def main() -> None:
    ICONS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=["--no-sandbox"]
        )
        for name, (size, corner, scale) in DRAWN.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(f"<style>*{{margin:0;display:block}}</style>{drawing(corner, scale)}")
            page.screenshot(path=ICONS / f"{name}.png", omit_background=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
