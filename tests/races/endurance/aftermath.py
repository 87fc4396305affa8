"""What must hold when a story is over: every race, every proof, every cent, every unit that was wagered."""

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from goatedvips.races import encoding
from goatedvips.races.rules.proof import link, verify
from goatedvips.races.settlement.download import ProofDownload
from goatedvips.races.settlement.verification import verify_race
from goatedvips.retention.rules import EVENTS_KEPT
from tests.pipeline import Pipeline
from tests.races.endurance.history import History, read_history
from tests.races.endurance.settled_once import assert_books_hold

_SETTLED = """
    SELECT race.id, race.series_id, race.start_date, race.end_date, race.start_run_id, race.end_run_id,
           race.min_wager, race.result_version,
           (SELECT count(*) FROM race_proofs WHERE race_id = race.id) = race.result_version AS proofs,
           (SELECT count(*) FROM audit_log
             WHERE action = 'race.settled' AND subject = format('race:%s', race.id)) AS settled,
           (SELECT count(*) FROM outbox
             WHERE kind = 'race.completed' AND subject = format('race:%s', race.id))
           + CAST(race.settled_at < :long_ago AS int) >= 1 AS told
      FROM wager_races AS race WHERE race.status = 'completed'
     ORDER BY race.series_id, race.start_date, race.id
"""
_STANDINGS = """
    SELECT race_id, goated_id, baseline, total, position IS NOT NULL, excluded = 1
      FROM race_standings JOIN players ON id = player_id WHERE version = 1
"""


@dataclass(frozen=True, slots=True)
class Settled:
    """A settled race."""

    id: int
    series: int | None
    starts_at: Any
    ends_at: Any
    start_run: int
    end_run: int
    min_wager: int
    versions: int


class Standing(NamedTuple):
    """What a race's first result says of somebody."""

    baseline: int
    total: int
    is_ranked: bool
    is_excluded: bool


Standings = dict[str, Standing]


@dataclass
class Figures:
    """What was looked at."""

    races: int = 0
    standings: int = 0
    proofs: int = 0
    fallen: int = 0
    """Races in which somebody's total fell below what he started from."""
    hours: Counter[float] = field(default_factory=Counter)
    """How many races lasted so many hours."""
    runs: Counter[str] = field(default_factory=Counter)


async def assert_all_holds(pipeline: Pipeline) -> Figures:
    """Hold every settled race against the raw reports, the books, the log, its proof and its rebuilding."""
    rows = await pipeline.fetch(_SETTLED, long_ago=pipeline.clock() - EVENTS_KEPT)
    assert {row[8:] for row in rows} <= {(True, 1, True)}, "one proof a version, one entry and one event each"
    races = [Settled(*row[:8]) for row in rows]
    figures = Figures(
        len(races),
        runs=Counter(dict(await pipeline.fetch("SELECT status, count(*) FROM sync_logs GROUP BY status"))),
    )
    figures.hours.update((race.ends_at - race.starts_at).total_seconds() / 3600 for race in races)
    await _assert_conserved(pipeline, races, figures)
    await assert_books_hold(pipeline)
    await _assert_proved(pipeline, races, figures)
    return figures


async def _assert_conserved(pipeline: Pipeline, races: list[Settled], figures: Figures) -> None:
    """Whatever a race counts is what the feed's total rose by between its boundaries, to the last unit."""
    history = await read_history(pipeline)
    late = frozenset(uid for (uid,) in await pipeline.fetch("SELECT goated_id FROM players WHERE is_late"))
    standings = defaultdict[int, Standings](dict)
    for race_id, uid, *standing in await pipeline.fetch(_STANDINGS):
        standings[race_id][uid] = Standing(*standing)
        figures.standings += 1
    await pipeline.refresh()
    for race in races:
        before, after = (history.at(run, late=late) for run in (race.start_run, race.end_run))
        fallen = _assert_counts(race, standings[race.id], before, after)
        marks = {mark["code"] for mark in encoding.marks(await pipeline.reader.race(race.id))}
        assert ("falling_all_time" in marks) == bool(fallen), f"race {race.id}: {marks}, {fallen}"
        figures.fallen += bool(fallen)
    for chain in _chains(races):
        _assert_adds_up(chain, standings, history=history, late=late)


def _assert_counts(
    race: Settled, standings: Standings, before: dict[str, int], after: dict[str, int]
) -> list[str]:
    """Hold each standing against what the reports say; return who fell below what he started from."""
    for uid, end in after.items():
        start = before[uid]
        standing = standings.get(uid, Standing(start, start, is_ranked=False, is_excluded=False))
        assert standing[:2] == (start, end), f"race {race.id}, {uid}: the feed says {start} to {end}"
        wagered_enough = end > start and end - start >= race.min_wager
        assert standing.is_ranked == (wagered_enough and not standing.is_excluded), f"race {race.id}, {uid}"
    return [uid for uid, end in after.items() if end < before[uid]]


def _assert_adds_up(
    chain: list[Settled],
    standings: dict[int, Standings],
    *,
    history: History,
    late: frozenset[str],
) -> None:
    """Over races that follow each other nothing that was wagered is lost, and nothing counts twice."""
    for earlier, later in pairwise(chain):
        assert earlier.ends_at == later.starts_at
        assert earlier.end_run == later.start_run, f"races {earlier.id} and {later.id} share a boundary"
    counted = Counter[str]()
    for race in chain:
        counted.update({uid: each.total - each.baseline for uid, each in standings[race.id].items()})
    first, last = history.at(chain[0].start_run, late=late), history.at(chain[-1].end_run, late=late)
    assert {uid: counted[uid] for uid in last} == {uid: last[uid] - first[uid] for uid in last}


def _chains(races: list[Settled]) -> list[list[Settled]]:
    """Return the races of each series that follow each other without one between that was not settled."""
    chains: list[list[Settled]] = []
    for race in races:
        follows = bool(chains) and chains[-1][-1].series == race.series is not None
        if follows and chains[-1][-1].ends_at == race.starts_at:
            chains[-1].append(race)
        else:
            chains.append([race])
    return chains


async def _assert_proved(pipeline: Pipeline, races: list[Settled], figures: Figures) -> None:
    """Check each proof from its file, their chains, and each race against everything that is kept."""
    verdicts = []
    async with pipeline.engine.connect() as connection:
        for race in races:
            rebuilt = await verify_race(connection, race.id)
            assert rebuilt.findings == [], f"race {race.id} rebuilt"
            for version in range(1, race.versions + 1):
                verdicts.append(verify(await _proof_file(pipeline, race.id, version)))
                assert verdicts[-1].findings == [], f"the proof of race {race.id}"
    figures.proofs = len(verdicts)
    chain = link(verdicts)
    assert chain.findings == []
    said = Counter(note.code for note in chain.notes)
    assert said.pop("corrects", 0) == sum(race.versions - 1 for race in races)
    assert set(said) <= {"first", "follows"}


async def _proof_file(pipeline: Pipeline, race: int, version: int) -> bytes:
    """Return the file that anybody may have."""
    download, loop = await ProofDownload.find(pipeline.engine, race, version), asyncio.get_running_loop()
    return await asyncio.to_thread(lambda: b"".join(download.pieces(loop)))
