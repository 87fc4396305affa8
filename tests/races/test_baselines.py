"""A race counts what came after its start boundary, whatever the history and whenever it was made."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.leaderboards.keeper import BoardKeeper
from goatedvips.races.engine import advance
from goatedvips.races.keeper import RaceKeeper
from goatedvips.races.repository import Run
from goatedvips.races.schemas import WagerRaceCreate
from goatedvips.races.service import create_race
from goatedvips.races.views import RaceView
from goatedvips.sync.repository import Closing, Runs
from goatedvips.upstream.wire import Referral
from goatedvips.wagers.repository import Wagers
from goatedvips.wagers.service import compare, store
from tests.pipeline import NOON, Pipeline

STEP = timedelta(minutes=10)
ZERO = Decimal(0)
Totals = dict[str, int]

report_of = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 5), max_size=4)


@dataclass(frozen=True)
class Contest:
    """A race in half steps: when it is made, starts and ends."""

    made: int
    starts: int
    ends: int


@st.composite
def contests(draw: st.DrawFn) -> Contest:
    starts = draw(st.integers(-2, 12))
    ends = draw(st.integers(starts + 1, 16))
    return Contest(draw(st.integers(-2, min(ends - 1, 12))), starts, ends)


def at(half_steps: int) -> datetime:
    return NOON + half_steps * STEP / 2


@dataclass
class History:
    """Runs as they were applied: when, and everybody's total after each; and who came late, with what."""

    late: frozenset[str]
    applied: list[tuple[datetime, Totals]] = field(default_factory=list)
    first: Totals = field(default_factory=dict)

    def add(self, when: datetime, told: Totals) -> None:
        before = self.applied[-1][1] if self.applied else {}
        self.first = {uid: told[uid] for uid in self.late & told.keys()} | self.first
        self.applied.append((when, before | told))

    def boundary(self, instant: datetime) -> Totals | None:
        return next((totals for when, totals in self.applied if when >= instant), None)

    def standings(self, contest: Contest) -> Totals:
        """Say what the race must show: by its definition, in plain arithmetic."""
        base = self.boundary(at(contest.starts))
        if base is None:
            return {}
        end = self.boundary(at(contest.ends))
        now = self.applied[-1][1] if end is None else end
        # Who comes after the start begins at 0, unless he may have been left out before: then at what he had.
        rises = {uid: total - base.get(uid, self.first.get(uid, 0)) for uid, total in now.items()}
        return {uid: rise for uid, rise in rises.items() if rise > 0}


async def apply(
    connection: AsyncConnection, when: datetime, told: Totals, *, late: frozenset[str] = frozenset()
) -> None:
    """Do in one transaction what a run does with a report."""
    runs = Runs(connection)
    run = Run(await runs.open("scheduled", when), when)
    rows = [Referral(uid, uid, ZERO, ZERO, ZERO, Decimal(total).scaleb(-8)) for uid, total in told.items()]
    changes = await compare(connection, rows)
    moved = await store(connection, changes, late=late, run_id=run.id, as_of=when)
    await advance(connection, run, moved=moved, now=when)
    closing = Closing("completed", when, as_of=when, sha256=bytes(32), metadata={"marks": []})
    await runs.close(run.id, closing)


async def make(connection: AsyncConnection, contest: Contest) -> int:
    race = WagerRaceCreate(
        name="Race",
        type="special",
        start_date=at(contest.starts),
        end_date=at(contest.ends),
        prize_pool="10",
    )
    return await create_race(connection, race, actor="test", now=at(contest.made))


def shown(race: RaceView) -> Totals:
    slots = [race.boards.slot(player) for player in race.entrants.player_ids.tolist()]
    found = zip(slots, race.amounts.tolist(), strict=True)
    return {race.boards.uids[slot]: amount for slot, amount in found if slot is not None and amount}


async def look(
    connection: AsyncConnection, races: list[int], keepers: tuple[BoardKeeper, RaceKeeper]
) -> list[Totals]:
    boards = await keepers[0].refresh(connection)
    await keepers[1].refresh(connection, boards)
    running = keepers[1].running
    return [
        shown(
            running[race]
            if race in running
            else await keepers[1].get(race, connection=connection, boards=boards)
        )
        for race in races
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    reports=st.lists(st.tuples(report_of, st.booleans()), min_size=1, max_size=7),
    wanted=st.lists(contests(), min_size=1, max_size=4),
    late=st.frozensets(st.sampled_from("abcd")),
)
async def test_standings_are_the_totals_less_those_at_the_start_boundary(
    pipeline: Pipeline, reports: list[tuple[Totals, bool]], wanted: list[Contest], late: frozenset[str]
) -> None:
    async with pipeline.engine.connect() as connection, connection.begin() as transaction:
        # One example after the other in one database: each is undone.
        await Wagers(connection).make_room(NOON)
        history, keepers = History(late), (BoardKeeper(), RaceKeeper())
        made: dict[int, Contest] = {}
        for half_step in range(-2, 2 * len(reports)):
            for contest in wanted:
                if contest.made == half_step:
                    made[await make(connection, contest)] = contest
            if half_step < 0 or half_step % 2:
                continue
            told, looked_at = reports[half_step // 2]
            await apply(connection, at(half_step), told, late=late)
            history.add(at(half_step), told)
            expected = [history.standings(contest) for contest in made.values()]
            if looked_at:
                assert expected == await look(connection, list(made), keepers)
            assert expected == await look(connection, list(made), (BoardKeeper(), RaceKeeper()))
        await transaction.rollback()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rises=st.lists(st.dictionaries(st.sampled_from("abcd"), st.integers(1, 5)), min_size=2, max_size=7),
    middle=st.integers(1, 12),
)
async def test_two_races_back_to_back_lose_no_wager_and_count_none_twice(
    pipeline: Pipeline, rises: list[Totals], middle: int
) -> None:
    async with pipeline.engine.connect() as connection, connection.begin() as transaction:
        await Wagers(connection).make_room(NOON)
        totals: Totals = {}
        races = [
            await make(connection, Contest(-2, 0, middle)),
            await make(connection, Contest(-2, middle, 99)),
        ]
        for step, rise in enumerate(rises):
            totals |= {uid: totals.get(uid, 0) + by for uid, by in rise.items()}
            await apply(connection, at(2 * step), totals)
        first, second = await look(connection, races, (BoardKeeper(), RaceKeeper()))
        await transaction.rollback()

    both = {uid: first.get(uid, 0) + second.get(uid, 0) for uid in totals}
    assert both == {uid: total - rises[0].get(uid, 0) for uid, total in totals.items()}
