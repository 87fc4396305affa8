"""Every trap of the simulator, sprung on the real pipeline over a real socket."""

import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal

import httpx2
import pytest

from goatedvips.kit.windows import PERIODS
from goatedvips.simulator.feed import create_feed
from goatedvips.simulator.simulation import Wish
from goatedvips.simulator.traps import SHAPES, TRAPS
from goatedvips.sync.outcome import Outcome
from tests.pipeline import Pipeline, serving

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

EPSILON = Decimal("0.00000001")
Amounts = dict[str, tuple[Decimal, ...]]


@dataclass
class Simulated:
    """A simulator with its control, and the pipeline that pulls from it."""

    pipeline: Pipeline
    url: str
    http: httpx2.AsyncClient

    async def switch(self, **traps: object) -> None:
        answer = await self.http.patch(f"{self.url}/control", json={"traps": traps})
        assert answer.status_code == 200, answer.text

    async def pull(self) -> Outcome:
        self.pipeline.clock.move(hours=3)
        outcome = await self.pipeline.sync.pull("scheduled")
        assert outcome is not None
        return outcome


@pytest.fixture
async def simulated(pipeline: Pipeline) -> AsyncIterator[Simulated]:
    application = create_feed(Wish(seed=5, players=250), clock=pipeline.clock)
    async with serving(application) as url, httpx2.AsyncClient(trust_env=False) as http:
        pipeline.sync = pipeline.another(url=f"{url}/user", total_timeout=1.5)
        yield Simulated(pipeline, url, http)


@dataclass(frozen=True)
class Promise:
    """What a run says under a trap: how it ended, parts of the marks it carries, a part of its error."""

    status: str = "completed"
    marks: frozenset[str] = frozenset()
    error: str | None = None
    value: float | None = None


def completed(*marks: str, value: float | None = None) -> Promise:
    return Promise(marks=frozenset(marks), value=value)


def failed(error: str) -> Promise:
    return Promise("failed", error=error)


def quarantined(error: str) -> Promise:
    return Promise("quarantined", error=error)


PROMISES = {
    "frozen_month": completed("frozen_this_month"),
    "contradictions": completed("today_exceeds_this_week", "this_week_exceeds_this_month"),
    "today_falls": completed("falling_today"),
    "drift": completed(),
    "late_reset": completed(),
    "falling_all_time": completed("falling_all_time"),
    "appear": completed(),
    "rename": completed(),
    "vanish": completed("vanished"),
    "slow": completed(value=0.1),
    "drip": completed(value=0.2),
    "timeout": failed("It was not done after 1.5 s"),
    "not_found": failed("it answered 404"),
    "rate_limited": failed("It answered 429"),
    "unavailable": failed("It answered 503"),
    "empty_body": failed("empty body"),
    "html": failed("HTML"),
    "truncated": failed("not whole JSON"),
    "duplicate_uid": completed("rejected_rows"),
    "shrunk": quarantined("the list shrank by "),
    "all_zeros": quarantined("all_time fell to 0"),
    "bad_rows": completed("rejected_rows"),
    "wrong_sums": quarantined("the report says today sums to"),
    "shape": completed(),
}


def amounts_of(body: bytes) -> Amounts:
    """Read any shape with nothing of our own; whoever has a row that cannot be right is left out."""
    document = json.loads(body, parse_float=Decimal, parse_int=Decimal)
    while isinstance(document, dict):
        document = next(document[key] for key in ("data", "results", "users") if key in document)
    found: Amounts = {}
    spoilt = set()
    for each in document:
        wagered = each.get("wagered") or {}
        amounts = [wagered.get(period) for period in PERIODS]
        good = [amount for amount in amounts if isinstance(amount, Decimal) and 0 <= amount < 10**10]
        if good != amounts or each["uid"] in found:
            spoilt.add(each["uid"])
        found[each["uid"]] = tuple(good)
    return {uid: amounts for uid, amounts in found.items() if uid not in spoilt}


async def last_good(pipeline: Pipeline) -> Amounts:
    ((packed,),) = await pipeline.fetch(
        "SELECT body FROM feed_reports JOIN sync_logs ON sha256 = report_sha256"
        " WHERE status = 'completed' ORDER BY id DESC LIMIT 1"
    )
    return amounts_of(zstd.decompress(packed))


def assert_held(held: Amounts, expected: Amounts) -> None:
    assert held.keys() == expected.keys()
    unequal = [
        uid
        for uid, amounts in expected.items()
        if any(abs(one - other) > EPSILON for one, other in zip(held[uid], amounts, strict=True))
    ]
    assert unequal == []


def test_every_trap_has_its_promise() -> None:
    assert PROMISES.keys() == TRAPS.keys()


@pytest.mark.parametrize("trap", TRAPS)
async def test_a_trap_ends_its_run_as_promised_and_costs_nobody_his_standing(
    simulated: Simulated, trap: str
) -> None:
    pipeline, promise = simulated.pipeline, PROMISES[trap]
    race = await pipeline.race()
    await simulated.pull()
    await simulated.pull()
    before, standings = await pipeline.amounts(), await pipeline.standings(race)
    assert any(standings.values())

    await simulated.switch(**{trap: True if promise.value is None else promise.value})
    trapped = await simulated.pull()
    again = await simulated.pull()

    for outcome in (trapped, again):
        assert outcome.status == promise.status, outcome.error
        assert promise.error is None or promise.error in (outcome.error or "")
    seen = {mark.code for mark in (*trapped.marks, *again.marks)}
    assert all(any(part in code for code in seen) for part in promise.marks), seen
    ((status, error),) = await pipeline.fetch("SELECT status, error FROM sync_logs ORDER BY id DESC LIMIT 1")
    assert (status, error) == (again.status, again.error)
    # Who is not in the last good report, or not readably, keeps what he had.
    held = await pipeline.amounts()
    assert_held(held, {uid: held[uid] for uid in held} | before | await last_good(pipeline))
    now = await pipeline.standings(race)
    if promise.status == "completed":
        assert standings.keys() <= now.keys()
    else:
        assert held == before
        assert now == standings
    lost = {uid for uid, amount in standings.items() if now[uid] < amount}
    assert lost == set() or trap == "falling_all_time"
    assert all(amount >= 0 for amount in now.values())

    await simulated.switch(**{trap: False})
    cured = await simulated.pull()

    assert cured.status == "completed"
    assert_held(await pipeline.amounts(), held | await last_good(pipeline))
    after = await pipeline.standings(race)
    assert {uid for uid, amount in standings.items() if after[uid] < amount} == set()


@pytest.mark.parametrize("shape", SHAPES)
async def test_a_report_in_a_known_wrapping_is_taken_and_in_an_unknown_one_refused(
    simulated: Simulated, shape: str
) -> None:
    await simulated.pull()
    await simulated.switch(shape=shape)

    outcome = await simulated.pull()

    if shape == "unknown":
        assert outcome.status == "failed"
        assert "has no list of players; its keys are" in (outcome.error or "")
    else:
        assert outcome.status == "completed"
        assert outcome.counts.updated > 0
        assert_held(await simulated.pipeline.amounts(), await last_good(simulated.pipeline))
