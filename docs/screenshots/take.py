"""Takes the pictures in this folder, of a system of its own that has run for a while on simulated wagers.

The frames of a race that changes hands, in `changing-hands`, come from the test that shows that it does.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
SIZES = {390: 844, 1280: 900}
MOVES = 12
"""Reports to wait for, so that the race has a field."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def await_reports(url: str) -> str:
    """Wait until the boards have moved a few times; return the uid of the race's leader."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        with suppress(urllib.error.URLError, ConnectionError):
            with urllib.request.urlopen(f"{url}/api/wager-races/current") as answer:  # noqa: S310 - our own site
                race = json.load(answer)
            if race["metadata"]["version"] > MOVES and race["participants"]:
                leader: str = race["participants"][0]["goatedId"]
                return leader
        time.sleep(1)
    raise TimeoutError("the simulated race did not get going")


def take(url: str, leader: str) -> None:
    pages = {
        "home": "/",
        "race": "/races/1",
        "leaderboard": "/leaderboard",
        "player": f"/players/{leader}",
        "races": "/races",
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=["--no-sandbox"]
        )
        for width, height in SIZES.items():
            for theme in ("dark", "light"):
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if theme == "dark" else "light",
                )
                page = context.new_page()
                for name, path in pages.items():
                    page.goto(f"{url}{path}")
                    page.wait_for_timeout(2000)
                    page.screenshot(path=HERE / f"{name}-{width}-{theme}.png")
                    print(f"{name}-{width}-{theme}.png")
                context.close()
        browser.close()


def take_frames() -> None:
    frames = HERE / "changing-hands"
    frames.mkdir(exist_ok=True)
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/web/test_live_race.py", "-k", "changes_hands"],
        cwd=HERE.parent.parent,
        env=os.environ | {"GOATEDVIPS_FRAMES": str(frames)},
        check=True,
    )


def main() -> None:
    take_frames()
    port = free_port()
    with tempfile.TemporaryDirectory() as home:
        process = subprocess.Popen(
            [sys.executable, "-m", "goatedvips", "up", "--home", f"{home}/data", "--port", str(port)],
            env=os.environ | {"GOATEDVIPS_LOG_LEVEL": "warning"},
        )
        try:
            url = f"http://127.0.0.1:{port}"
            take(url, await_reports(url))
        finally:
            process.terminate()
            process.wait(30)


if __name__ == "__main__":
    main()
