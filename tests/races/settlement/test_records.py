"""What the readings between two boundaries come to, against pen and paper."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.races.settlement.records import Records
from goatedvips.wagers.service import make_room
from tests.pipeline import Pipeline

FIRST = datetime(2025, 3, 31, 23, 57, tzinfo=UTC)
"""So that the runs lie in two months, and so in two partitions."""
RUNS = range(1, 9)
START, END = 3, 6


def as_of(run: int) -> datetime:
    return FIRST + timedelta(minutes=run)


class Expected(NamedTuple):
    baseline: int
    total: int
    reached: int
    moved: bool
    newly_listed: bool


def by_hand(history: dict[int, int], *, late: bool) -> Expected | None:
    """Walk through a player's readings, a total by run; None for somebody without one between."""
    before = [total for run, total in history.items() if run <= START]
    between = {run: total for run, total in history.items() if START < run <= END}
    if not between:
        return None
    first = next(iter(between.values()))
    baseline = before[-1] if before else first if late else 0
    held, reached, moved = None, 0, False
    for run, total in history.items():
        if run <= END and total != held:
            held, reached = total, run
    held = baseline
    for total in between.values():
        moved |= total != held
        held = total
    return Expected(baseline, held, reached, moved, not before)


async def write(connection: AsyncConnection, players: list[tuple[dict[int, int], bool]]) -> None:
    for run in (RUNS[0], RUNS[-1]):
        await make_room(connection, as_of(run))
    await connection.execute(
        text(
            "INSERT INTO sync_logs (sync_type, target_entity, start_time, end_time, status, as_of,"
            " report_sha256) VALUES ('manual', 'wagers', :at, :at, 'completed', :at, '')"
        ),
        {"at": FIRST},
    )
    for number, (history, late) in enumerate(players, 1):
        await connection.execute(
            text(
                "INSERT INTO players (id, goated_id, goated_username, first_run_id, is_late)"
                " SELECT :id, :uid, :uid, max(id), :late FROM sync_logs"
            ),
            {"id": number, "uid": f"uid{number}", "late": late},
        )
        for run, total in history.items():
            await connection.execute(
                text("INSERT INTO wager_readings VALUES (:id, :as_of, :run, 0, 0, 0, :total)"),
                {"id": number, "as_of": as_of(run), "run": run, "total": total},
            )


HISTORIES = st.dictionaries(st.sampled_from(RUNS), st.integers(0, 3), max_size=8).map(
    lambda readings: dict(sorted(readings.items()))
)


@settings(
    max_examples=30,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(players=st.lists(st.tuples(HISTORIES, st.booleans()), min_size=1, max_size=6))
@example(players=[({1: 5, 4: 5}, False), ({4: 0, 5: 0}, False), ({4: 7, 8: 9}, True), ({4: 0}, True)])
@example(players=[({1: 5, 4: 9, 5: 5}, False), ({1: 2, 2: 1, 4: 1, 5: 1}, False), ({3: 1, 6: 2}, False)])
async def test_what_was_read_between_the_boundaries_is_summed_up_as_by_hand(
    pipeline: Pipeline, players: list[tuple[dict[int, int], bool]]
) -> None:
    async with pipeline.engine.connect() as connection:
        await write(connection, players)
        rebuilt = await Records(connection).rebuilt(as_of(START), as_of(END))
        await connection.rollback()

    expected = {
        number: found
        for number, (history, late) in enumerate(players, 1)
        if (found := by_hand(history, late=late)) is not None
    }
    columns = (rebuilt.baselines, rebuilt.totals, rebuilt.reached, rebuilt.moved, rebuilt.newly_listed)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    assert dict(zip(rebuilt.player_ids.tolist(), map(Expected._make, rows), strict=True)) == expected
