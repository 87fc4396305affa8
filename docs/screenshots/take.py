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
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
SIZES = {390: 844, 1280: 900}
MOVES = 12
"""Reports to wait for, so that the race has a field."""
FRAMES = {"embed-race-480": (480, 560), "embed-board-480": (480, 560), "overlay-1920": (1920, 1080)}
"""What stands on other sites and over streams, at sizes of its own."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def await_reports(url: str, *, at_least: int = MOVES) -> str:
    """Wait until the boards have moved a few times; return the uid of the race's leader."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        with suppress(urllib.error.URLError, ConnectionError):
            with urllib.request.urlopen(f"{url}/api/wager-races/current") as answer:  # noqa: S310 - our own site
                race = json.load(answer)
            if race["metadata"]["version"] > at_least and race["participants"]:
                leader: str = race["participants"][0]["goatedId"]
                return leader
        time.sleep(1)
    raise TimeoutError("the simulated race did not get going")


def command(home: str, *arguments: str) -> dict[str, Any]:
    """Run a command of the program; return what it says."""
    said = subprocess.run(
        [sys.executable, "-m", "goatedvips", *arguments, "--home", home, "--json"],
        stdout=subprocess.PIPE,
        check=True,
    )
    answer: dict[str, Any] = json.loads(said.stdout)
    return answer


def short_race(home: str) -> int:
    """Let a race begin that is settled when the boards have moved."""
    now = datetime.now(UTC)
    race = command(
        home,
        *("race", "create", "--name", "Sunday sprint", "--prize-pool", "150"),
        *("--start", now.isoformat(), "--end", (now + timedelta(seconds=40)).isoformat()),
    )
    race_id: int = race["id"]
    return race_id


def overlay_key(home: str) -> str:
    command(home, "admin", "create", "--username", "streamer", "--email", "streamer@example.com")
    key: str = command(home, "admin", "key", "streamer", "--name", "Stream", "--scope", "overlay:read")["key"]
    return key


def take_framed(browser: Browser, url: str, key: str) -> None:
    paths = ("/embed/race/1", "/embed/leaderboard", f"/overlay/race/current?top=8&token={key}")
    for (name, (width, height)), path in zip(FRAMES.items(), paths, strict=True):
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(f"{url}{path}")
        page.wait_for_timeout(2000)
        page.screenshot(path=HERE / f"{name}.png", omit_background=True)
        print(f"{name}.png")
        page.close()


def take(url: str, leader: str, *, race: int, key: str) -> None:
    pages = {
        "home": "/",
        "race": "/races/1",
        "leaderboard": "/leaderboard",
        "player": f"/players/{leader}",
        "races": "/races",
        "tiers": "/tiers",
        "fairness": f"/fairness?race={race}",
        "rules": "/rules",
        "help": "/help",
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
        take_framed(browser, url, key)
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
            await_reports(url, at_least=1)
            race, key = short_race(f"{home}/data"), overlay_key(f"{home}/data")
            take(url, await_reports(url), race=race, key=key)
        finally:
            process.terminate()
            process.wait(30)


if __name__ == "__main__":
    main()
