"""What a process keeps of races between refreshes."""

from datetime import timedelta

from goatedvips.races.service import cancel_race
from tests.pipeline import NOON, Pipeline, row

DOLLAR = 100_000_000


async def test_a_view_is_kept_while_nothing_happens_and_made_anew_by_each_report(pipeline: Pipeline) -> None:
    race = await pipeline.race()
    await pipeline.pull(row("a", "1"))
    await pipeline.refresh()
    held = pipeline.races.running[race]
    await pipeline.refresh()
    same = pipeline.races.running[race]
    await pipeline.pull(row("a", "2"))
    await pipeline.refresh()

    assert same is held
    assert pipeline.races.running[race] is not held
    assert held.total_wagered == 0


async def test_several_runs_and_races_are_caught_up_with_at_once(pipeline: Pipeline) -> None:
    race = await pipeline.race()
    await pipeline.pull(row("a", "1"))
    await pipeline.refresh()
    await pipeline.pull(row("a", "2"))
    pipeline.clock.move(seconds=1)
    other = await pipeline.race()
    await pipeline.pull(row("a", "5"), row("b", "1"))
    await pipeline.pull(row("a", "6"), row("b", "3"), row("c", "4"))

    assert await pipeline.standings(race) == {"a": 5 * DOLLAR, "b": 3 * DOLLAR, "c": 4 * DOLLAR}
    assert await pipeline.standings(other) == {"a": DOLLAR, "b": 2 * DOLLAR, "c": 4 * DOLLAR}


async def test_versions_only_rise_whatever_becomes_of_a_race(pipeline: Pipeline) -> None:
    race = await pipeline.race(start_date=NOON + timedelta(minutes=30), end_date=NOON + timedelta(minutes=60))
    seen: list[int] = []
    for _ in range(9):
        await pipeline.pull(row("a", f"{len(seen)}"), minutes=9)
        await pipeline.refresh()
        seen.append((await pipeline.reader.race(race)).version)

    assert seen == sorted(seen)
    assert len(set(seen[2:7])) == 5


async def test_races_that_are_over_are_kept_with_the_present_boards_until_the_list_changes(
    pipeline: Pipeline,
) -> None:
    race = await pipeline.race()
    async with pipeline.engine.begin() as connection:
        await cancel_race(connection, race, reason="No.", actor="test", now=pipeline.clock())
    await pipeline.refresh()
    held = await pipeline.reader.race(race)
    await pipeline.pull(row("a", "1"))
    await pipeline.refresh()
    same = await pipeline.reader.race(race)
    await pipeline.race()
    await pipeline.refresh()
    anew = await pipeline.reader.race(race)

    assert same.entrants is held.entrants
    assert same.boards.number == 1
    assert same.version == held.version
    assert anew.entrants is not held.entrants
    assert race not in pipeline.races.running


async def test_only_so_many_races_that_are_over_are_kept(pipeline: Pipeline) -> None:
    await pipeline.refresh()
    races = [await pipeline.race(start_date=NOON + timedelta(hours=1)) for _ in range(66)]
    views = [await pipeline.reader.race(race) for race in races]

    assert await pipeline.reader.race(races[-1]) is views[-1]
    assert await pipeline.reader.race(races[0]) is not views[0]


async def test_a_race_that_is_new_to_this_process_is_read_from_the_database(pipeline: Pipeline) -> None:
    await pipeline.pull(row("a", "1"), minutes=0)
    await pipeline.pull(row("a", "3"))
    await pipeline.refresh()
    race = await pipeline.race(start_date=NOON)
    await pipeline.pull(row("a", "4"), row("new", "1"))

    shown = await pipeline.reader.race(race)

    # The boards here do not know the newcomer yet; who is on them is shown as of their version.
    assert shown.amounts.tolist() == [2 * DOLLAR]
