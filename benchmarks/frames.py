"""Measure how smoothly the page moves while all 100 rows of a race change places at once.

    python benchmarks/frames.py --rounds 10

The built site in the machine's Chromium, on a phone's window and on a desktop's. A server here plays a race:
each round it tells over the socket that everybody has wagered and stands elsewhere, and the page draws all
rows anew, slides those that can be seen and counts their amounts up. For the second in which that happens the
page notes when each of its frames was drawn. Prints the median frames a second and the longest frame of all,
the same while nothing moves, and for how many milliseconds of a second the page's thread was busy by its own
processor time, which tells of the page however busy the machine is. Without a browser, or without a site that
was built, there is nothing to measure.
"""

import argparse
import asyncio
import itertools
import random
import shutil
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import uvicorn
from playwright.sync_api import Browser, CDPSession, Page, ViewportSize, sync_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from goatedvips.kit.site import STATIC, Site

ROWS, PAID = 100, 10
WINDOWS: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "desktop": {"width": 1280, "height": 900},
}
SECOND = 1000.0
NOTE_FRAMES = """(milliseconds) => new Promise((resolve) => {
    const frames = [];
    const began = performance.now();
    const note = (now) => {
        frames.push(now);
        if (now - began < milliseconds) requestAnimationFrame(note);
        else resolve(frames);
    };
    requestAnimationFrame(note);
})"""


@dataclass
class Stage:
    """A race of 100 whose players all change places whenever it is told."""

    version: int = 1
    order: list[int] = field(default_factory=lambda: list(range(ROWS)))
    wagered: list[float] = field(default_factory=lambda: [ROWS * 10.0 - player for player in range(ROWS)])
    watchers: set[WebSocket] = field(default_factory=set)

    def move(self) -> None:
        """Let everybody wager, and stand somewhere else."""
        self.version += 1
        random.shuffle(self.order)
        floor = max(self.wagered)
        for place, player in enumerate(self.order):
            self.wagered[player] = floor + (ROWS - place) * 12.34

    def race(self) -> dict[str, Any]:
        """Return the race as the wire shows it."""
        now = datetime.now(UTC)
        participants = [
            {
                "userId": None,
                "goatedId": f"player{player:014d}",
                "username": f"somebody{player:03d}",
                "wagered": round(self.wagered[player], 2),
                "position": place,
                "prize": 50 if place <= PAID else 0,
            }
            for place, player in enumerate(self.order, start=1)
        ]
        return {
            "id": 1,
            "name": "A race of a hundred",
            "type": "monthly",
            "startDate": (now - timedelta(days=1)).isoformat(),
            "endDate": (now + timedelta(days=1)).isoformat(),
            "status": "live",
            "prizePool": "500.00",
            "participants": participants,
            "metadata": self.metadata(now),
        }

    def metadata(self, now: datetime) -> dict[str, Any]:
        """Return what its standings are true for."""
        return {
            "lastUpdated": now.isoformat(),
            "asOf": now.isoformat(),
            "version": self.version,
            "transitionEnds": None,
            "nextRaceStart": None,
            "secondsLeft": 86_400,
            "phase": "live",
            "tiePolicy": "first_to_reach",
            "minWager": "0.00",
            "timezone": "UTC",
            "participantCount": ROWS,
            "totalWagered": round(sum(self.wagered), 2),
            "prizes": [{"place": place, "amount": 50} for place in range(1, PAID + 1)],
            "boundaries": {"start": None, "end": None},
            "result": None,
            "marks": [],
        }

    async def answer(self, request: Request) -> JSONResponse:
        """Answer what the page asks for."""
        if request.url.path == "/api/health":
            return JSONResponse({"status": "ok", "version": "0", "staleAfterSeconds": 900, "lastSync": None})
        if request.url.path == "/api/wager-races/1":
            return JSONResponse(self.race())
        return JSONResponse({"title": "Not signed in", "status": 401}, status_code=401)

    async def watched(self, socket: WebSocket) -> None:
        """Keep a socket that wants to be told."""
        await socket.accept()
        self.watchers.add(socket)
        async for _ in socket.iter_text():
            pass
        self.watchers.discard(socket)

    async def tell(self) -> None:
        """Move everybody, and say so."""
        self.move()
        frame = {"type": "RACE_UPDATE", "topic": "race:1", "version": self.version, "data": self.race()}
        for socket in tuple(self.watchers):
            await socket.send_json(frame)


@contextmanager
def serving(stage: Stage) -> Iterator[tuple[str, asyncio.AbstractEventLoop]]:
    site = Site()
    routes = [Route("/api/{path:path}", stage.answer), WebSocketRoute("/ws", stage.watched)]
    app = Starlette(routes=routes)
    app.router.default = site
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=(server.serve(),))
    thread.start()
    try:
        while not server.started:
            thread.join(0.05)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", loop
    finally:
        server.should_exit = True
        thread.join()


@dataclass
class Smoothness:
    """Of each round the frames a second and the busy milliseconds, and of all the longest frame's."""

    rates: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    longest: float = 0.0

    def note(self, page: Page, thread: CDPSession) -> None:
        """Watch the page for a second."""
        before = busy_seconds(thread)
        frames = page.evaluate(NOTE_FRAMES, SECOND)
        self.busy.append((busy_seconds(thread) - before) * SECOND)
        gaps = [after - before for before, after in itertools.pairwise(frames)]
        self.rates.append(SECOND * len(gaps) / sum(gaps))
        self.longest = max(self.longest, *gaps)

    def __str__(self) -> str:
        rate, busy = statistics.median(self.rates), statistics.median(self.busy)
        return (
            f"{rate:5.1f} frames/s (best round {max(self.rates):.1f}, longest frame {self.longest:.0f} ms),"
            f" busy {busy:.0f} ms a second"
        )


def busy_seconds(thread: CDPSession) -> float:
    metrics = thread.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


def move(page: Page, stage: Stage, loop: asyncio.AbstractEventLoop, into: Smoothness) -> None:
    """Let all rows change places, and watch."""
    thread = page.context.new_cdp_session(page)
    thread.send("Performance.enable", {"timeDomain": "threadTicks"})
    asyncio.run_coroutine_threadsafe(stage.tell(), loop).result()
    into.note(page, thread)
    shown = page.evaluate("[...document.querySelectorAll('[data-slide]')].map((row) => row.dataset.slide)")
    assert shown == [f"player{player:014d}" for player in stage.order], "the page did not follow the race"
    # What rose is lit up for a moment longer; the next round begins when all stands still.
    page.wait_for_timeout(SECOND)


def look(browser: Browser, window: str, rounds: int) -> None:
    stage, still, moving = Stage(), Smoothness(), Smoothness()
    with serving(stage) as (url, loop):
        context = browser.new_context(viewport=WINDOWS[window], reduced_motion="no-preference")
        page = context.new_page()
        page.goto(f"{url}/races/1")
        page.wait_for_selector("[data-state=open]")
        page.wait_for_selector("[data-slide]")
        page.evaluate("document.querySelector('table').scrollIntoView()")
        page.wait_for_timeout(2 * SECOND)
        thread = context.new_cdp_session(page)
        thread.send("Performance.enable", {"timeDomain": "threadTicks"})
        for _ in range(rounds):
            still.note(page, thread)
            move(page, stage, loop, moving)
        context.close()
    print(f"{window}, {ROWS} rows")
    print(f"  while all of them move   {moving}")
    print(f"  while none does          {still}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--quick", action="store_true", help="few rounds: that it runs, not how fast")
    chosen = parser.parse_args()
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None or not (STATIC / "index.html").exists():
        print("  no browser, or no site that was built: nothing was measured")
        return
    with sync_playwright() as playwright:
        # Root in a container has no user namespaces for the sandbox; the page is our own.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for window in WINDOWS:
            look(browser, window, 2 if chosen.quick else chosen.rounds)
        browser.close()


if __name__ == "__main__":
    main()
