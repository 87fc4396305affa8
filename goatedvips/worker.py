"""The worker: takes reports over at their time, and does what races need when it falls due."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.kit import partitions
from goatedvips.kit.clock import Clock, utc_now
from goatedvips.kit.postgres import create_engine, libpq_url
from goatedvips.linking.service import recognize
from goatedvips.mailing import mail_round
from goatedvips.outbox.service import deliver
from goatedvips.races.engine import DefaultSeries, found_series, tick
from goatedvips.races.repository import Races
from goatedvips.races.settlement.repository import Results
from goatedvips.races.settlement.service import settle_due
from goatedvips.realtime.listener import Listener
from goatedvips.retention.rules import rules
from goatedvips.retention.service import LOGS_BY_THE_DAY, Retention
from goatedvips.settings import Settings
from goatedvips.sync.judge import Limits
from goatedvips.sync.repository import Runs
from goatedvips.sync.requests.repository import SyncRequests
from goatedvips.sync.schedule import LastRun, next_pull
from goatedvips.sync.service import SyncService
from goatedvips.upstream.client import FeedClient, FeedSettings
from goatedvips.wagers.service import make_room

log = structlog.get_logger(__name__)

_LONGEST_SLEEP = timedelta(seconds=60)
"""Announcements wake a sleeper; where a pooler swallows them, a new race starts late by no more than this."""
_TIDY_EVERY = timedelta(hours=1)
_DAY = timedelta(days=1)
_ROOM_AHEAD = timedelta(days=7)
_ACTOR = "worker"
_AFTER_FAILURE = 2.0


def feed_settings(settings: Settings) -> FeedSettings:
    """Return how to reach the feed."""
    token = settings.goated_api_token
    return FeedSettings(
        url=settings.goated_api_url or "",
        referral_code=settings.goated_referral_code or "",
        token=token.get_secret_value() if token else None,
        connect_timeout=settings.goated_api_connect_timeout,
        read_timeout=settings.goated_api_read_timeout,
        total_timeout=settings.goated_api_total_timeout,
        max_bytes=settings.goated_api_max_bytes,
    )


def sync_service(settings: Settings, engine: AsyncEngine, *, clock: Clock = utc_now) -> SyncService:
    """Put the pipeline together."""
    limits = Limits(
        max_shrink=settings.goatedvips_max_shrink,
        max_bad_rows=settings.goatedvips_max_bad_rows,
        max_zeroed=settings.goatedvips_max_zeroed,
        sum_tolerance=settings.goatedvips_sum_tolerance,
    )
    return SyncService(engine, FeedClient(feed_settings(settings), clock=clock), clock, limits)


async def prepare(settings: Settings, engine: AsyncEngine, *, clock: Clock = utc_now) -> None:
    """Make the default series and their races, unless they are there."""
    async with engine.begin() as connection:
        await found_series(
            connection,
            DefaultSeries(
                monthly=settings.goatedvips_monthly_prize_pool,
                weekly=settings.goatedvips_weekly_prize_pool,
                daily=settings.goatedvips_daily_prize_pool,
                timezone=settings.goatedvips_timezone,
            ),
            now=clock(),
        )
        await tick(connection, clock())


@dataclass(slots=True)
class Worker:
    """One of any number of workers: they take turns in PostgreSQL."""

    engine: AsyncEngine
    sync: SyncService
    interval: timedelta
    report_age: timedelta
    clock: Clock
    links_by_wager: bool = False
    nudge: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when somebody changed the races, and with them what is due next, or asks for a report."""
    _tidied_at: datetime | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; what fails is logged and tried again."""
        while not stop.is_set():
            # Before the step, so that a change during it is not slept through.
            self.nudge.clear()
            try:
                sleep = await self.step()
            except (SQLAlchemyError, OSError) as error:
                log.warning("worker.failed", error=str(error).splitlines()[0])
                sleep = _AFTER_FAILURE
            except Exception:
                log.exception("worker.crashed")
                sleep = _AFTER_FAILURE
            await _first_of(stop, self.nudge, within=sleep)

    async def step(self) -> float:
        """Do what is due now; return after how many seconds something may be due again."""
        now = self.clock()
        async with self.engine.begin() as connection:
            await tick(connection, now)
            awaits = await Races(connection).awaits_run(now)
            last = await Runs(connection).last_fetch()
            unsettled = await Results(connection).any_due()
            asked = await SyncRequests(connection).waiting()
        due = next_pull(
            now,
            last=LastRun(last["start_time"], last["status"]) if last else None,
            awaited=awaits,
            interval=self.interval,
        )
        if asked.pull:
            due = now
        pulled = None
        if asked.review:
            # Before any report that is due, which would be the later one.
            pulled = await self.sync.apply_reviewed()
        elif due <= now:
            pulled = await self.sync.pull("manual" if asked.pull else "boundary" if awaits else "scheduled")
        # After the report, which waits for no settlement.
        settled = await settle_due(self.engine, self.clock) if unsettled else []
        if pulled and self.links_by_wager:
            async with self.engine.begin() as connection:
                await recognize(connection, now=self.clock())
        await self._deliver()
        if pulled or settled:
            return 0.0
        if asked.review or due <= now:
            # Another worker has the turn; what it finds we shall see.
            return 1.0
        async with self.engine.connect() as connection:
            boundary = await Races(connection).next_boundary(now)
        wake = min(due, boundary or due, now + _LONGEST_SLEEP)
        await self._tidy(now, until=wake)
        return max(0.0, (wake - self.clock()).total_seconds())

    async def _deliver(self) -> None:
        """Tell those outside what happened, a few hundred events at a time."""
        delivered = 1
        while delivered:
            async with self.engine.begin() as connection:
                delivered = await deliver(connection, now=self.clock())

    async def _tidy(self, now: datetime, *, until: datetime) -> None:
        """Let go what is due, every hour; what there is no time for is gone on with at the next step."""
        if self._tidied_at is not None and now - self._tidied_at < _TIDY_EVERY:
            return
        # Ahead of its time, so that the first report of a month, a boundary, waits for nobody.
        async with self.engine.begin() as connection:
            await make_room(connection, now + _ROOM_AHEAD)
            for logs in LOGS_BY_THE_DAY:
                await partitions.make_room(connection, logs, now + _DAY)
        retention = Retention(self.engine, self.clock, rules(self.report_age))
        if all(gone.is_done for gone in await retention.tidy(actor=_ACTOR, until=until)):
            self._tidied_at = now


async def _first_of(*events: asyncio.Event, within: float) -> None:
    waits = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waits, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()


async def _listen(dsn: str, nudges: Mapping[str, asyncio.Event]) -> None:
    async for heard in Listener(libpq_url(dsn), poll_seconds=_LONGEST_SLEEP.total_seconds()).wakes():
        for beginning, nudge in nudges.items():
            if heard is not None and heard.startswith(beginning):
                nudge.set()


async def work(settings: Settings, dsn: str, stop: asyncio.Event) -> None:
    """Be a worker until told to stop."""
    engine = create_engine(dsn, application_name="goatedvips worker", acting="system")
    worker = Worker(
        engine=engine,
        sync=sync_service(settings, engine),
        interval=timedelta(seconds=settings.goatedvips_sync_interval),
        report_age=timedelta(days=settings.goatedvips_report_days),
        clock=utc_now,
        links_by_wager=settings.goatedvips_link_by_wager,
    )
    mails = mail_round(settings, engine, utc_now)
    nudges = {"race": worker.nudge, "sync": worker.nudge, "mail": mails.nudge}
    try:
        listening = asyncio.create_task(_listen(dsn, nudges))
        working = asyncio.gather(worker.run(stop), mails.run(stop))
        await stop.wait()
        listening.cancel()
        # A run that has only begun to fetch must not hold up the shutdown; its row is closed by the next one.
        with suppress(TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(working, timeout=3)
    finally:
        await engine.dispose()
