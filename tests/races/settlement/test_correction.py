"""A result is put right by a new version beside the old one."""

import itertools
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from goatedvips.kit.errors import BadInput
from goatedvips.races.settlement.correction import take_away
from goatedvips.races.settlement.errors import (
    AlreadyExcluded,
    AlreadyPaid,
    NoStanding,
    NotSettled,
    TakesFromOthers,
)
from goatedvips.races.settlement.exclusion import NotExcluded, ResultStands, exclude, restore
from goatedvips.races.settlement.service import settle_due
from tests.pipeline import Pipeline, row

TABLE = [{"place": 1, "amount": "50"}, {"place": 2, "amount": "30"}, {"place": 3, "amount": "20"}]
Verb = Callable[..., Awaitable[None]]
START = [row(uid, "100") for uid in "abcde"]


async def settled_race(pipeline: Pipeline, wagered: dict[str, int] | None = None, **rules: Any) -> int:  # noqa: ANN401 - the fields of the model
    """Settle a race in which a wagers 40, b 30, c 20, d 10 and e nothing, unless told otherwise."""
    won = wagered or {"a": 40, "b": 30, "c": 20, "d": 10}
    race = await pipeline.race(**{"prizes": TABLE, "reject_policy": "move_up"} | rules)
    await pipeline.pull(*START)
    await pipeline.pull(*(row(uid, str(100 + won.get(uid, 0))) for uid in "abcde"))
    await pipeline.pull(days=1)
    assert await settle_due(pipeline.engine, pipeline.clock) == [race]
    return race


async def player(pipeline: Pipeline, uid: str) -> int:
    return int((await pipeline.fetch("SELECT id FROM players WHERE goated_id = :uid", uid=uid))[0][0])


async def taken(pipeline: Pipeline, race: int, uid: str) -> int:
    who = await player(pipeline, uid)
    async with pipeline.engine.begin() as connection:
        return await take_away(connection, race, who, reason="cheated", actor="cli:ann", now=pipeline.clock())


async def result(pipeline: Pipeline, version: int) -> dict[str, tuple[int | None, int]]:
    rows = await pipeline.fetch(
        "SELECT goated_id, position, prize FROM race_standings JOIN players ON players.id = player_id"
        " WHERE version = :version ORDER BY position",
        version=version,
    )
    return {uid: (position, prize) for uid, position, prize in rows}


async def owed(pipeline: Pipeline) -> list[tuple[Any, ...]]:
    return await pipeline.fetch(
        "SELECT goated_id, race_awards.version, amount, status FROM race_awards"
        " JOIN players ON players.id = player_id ORDER BY version, amount DESC, goated_id"
    )


async def balances(pipeline: Pipeline) -> dict[str, int]:
    rows = await pipeline.fetch(
        "SELECT account, sum(amount)::bigint FROM ledger_postings GROUP BY account"
        " HAVING sum(amount) <> 0 ORDER BY account"
    )
    return dict(rows)


async def test_those_behind_move_up_and_are_owed_the_difference(pipeline: Pipeline) -> None:
    race = await settled_race(pipeline)

    assert await taken(pipeline, race, "a") == 2

    assert await result(pipeline, 1) == {"a": (1, 5000), "b": (2, 3000), "c": (3, 2000), "d": (4, 0)}
    assert await result(pipeline, 2) == {"b": (1, 5000), "c": (2, 3000), "d": (3, 2000), "a": (None, 0)}
    assert await owed(pipeline) == [
        ("a", 1, 5000, "rejected"),
        ("b", 1, 3000, "pending"),
        ("c", 1, 2000, "pending"),
        ("b", 2, 2000, "pending"),
        ("d", 2, 2000, "pending"),
        ("c", 2, 1000, "pending"),
    ]
    # 50, 30 and 20 dollars are owed again, to three others.
    assert await balances(pipeline) == {
        "award:2:owed": 3000,
        "award:3:owed": 2000,
        "award:4:owed": 2000,
        "award:5:owed": 1000,
        "award:6:owed": 2000,
        "operator": -10_000,
    }


async def test_a_forfeited_place_stays_empty(pipeline: Pipeline) -> None:
    race = await settled_race(pipeline, reject_policy="forfeit")

    assert await taken(pipeline, race, "a") == 2

    assert await result(pipeline, 2) == {"b": (2, 3000), "c": (3, 2000), "d": (4, 0), "a": (None, 0)}
    assert [row for row in await owed(pipeline) if row[1] == 2] == []
    assert await balances(pipeline) == {
        "award:2:owed": 3000,
        "award:3:owed": 2000,
        "operator": -10_000,
        "race:1:forfeited": 5000,
    }


async def test_each_version_has_a_proof_that_names_the_one_before(pipeline: Pipeline) -> None:
    race = await settled_race(pipeline)
    for uid in "ab":
        await taken(pipeline, race, uid)

    proofs = await pipeline.fetch("SELECT version, sha256, previous_sha256 FROM race_proofs ORDER BY version")
    assert [version for version, _, _ in proofs] == [1, 2, 3]
    assert [previous for _, _, previous in proofs] == [None, proofs[0][1], proofs[1][1]]
    assert await pipeline.fetch("SELECT result_version FROM wager_races") == [(3,)]
    # Nobody's commitment changes: who was hidden in one version is not shown by the next.
    commitments = await pipeline.fetch("SELECT DISTINCT player_id, commitment, salt FROM race_standings")
    assert len(commitments) == 4


async def test_results_follow_each_other_though_clocks_step_back(pipeline: Pipeline) -> None:
    race = await settled_race(pipeline)
    pipeline.clock.move(hours=1)
    await taken(pipeline, race, "a")
    pipeline.clock.move(minutes=-30)
    await taken(pipeline, race, "b")

    moments = [at for (at,) in await pipeline.fetch("SELECT created_at FROM race_proofs ORDER BY version")]
    assert moments == sorted(moments)
    assert moments[2] == moments[1]


async def test_what_was_paid_is_not_taken_back(pipeline: Pipeline) -> None:
    race = await settled_race(pipeline)
    await pipeline.execute(
        "UPDATE race_awards SET status = 'paid', approved_by = 'ann', approved_at = created_at,"
        " paid_by = 'bob', paid_at = created_at WHERE position = 1"
    )

    with pytest.raises(AlreadyPaid):
        await taken(pipeline, race, "a")
    # Who moves up keeps what he was paid, and is owed the rest.
    await taken(pipeline, race, "b")
    assert await result(pipeline, 2) == {"a": (1, 5000), "c": (2, 3000), "d": (3, 2000), "b": (None, 0)}
    assert ("c", 2, 1000, "pending") in await owed(pipeline)


async def test_nobody_loses_his_place_twice_or_without_having_one(pipeline: Pipeline) -> None:
    race = await settled_race(pipeline)
    await taken(pipeline, race, "a")

    with pytest.raises(AlreadyExcluded):
        await taken(pipeline, race, "a")
    with pytest.raises(NoStanding):
        await taken(pipeline, race, "e")
    open_race = await pipeline.race()
    with pytest.raises(NotSettled, match="is live"):
        await taken(pipeline, open_race, "a")


async def test_moving_up_never_takes_from_anybody(pipeline: Pipeline) -> None:
    race = await settled_race(pipeline)
    # Such a table cannot be written any more, but may have been.
    rising = '[{"place": 1, "amount": "10"}, {"place": 2, "amount": "60"}, {"place": 3, "amount": "30"}]'
    await pipeline.execute("UPDATE wager_races SET prizes = CAST(:prizes AS jsonb)", prizes=rising)

    with pytest.raises(TakesFromOthers):
        await taken(pipeline, race, "a")
    assert await pipeline.fetch("SELECT result_version FROM wager_races") == [(1,)]


async def excluded(
    pipeline: Pipeline, race: int, uid: str, *, verb: Verb = exclude, reason: str = "staff"
) -> None:
    who = await player(pipeline, uid)
    async with pipeline.engine.begin() as connection:
        await verb(connection, race, who, reason=reason, actor="cli:ann", now=pipeline.clock())


async def test_who_is_excluded_before_the_end_is_out_of_the_ranking_at_once(pipeline: Pipeline) -> None:
    race = await pipeline.race(prizes=TABLE)
    await pipeline.pull(*START)
    await pipeline.pull(*(row(uid, str(140 - place)) for place, uid in enumerate("abcde")))
    await pipeline.refresh()

    async def order() -> list[str]:
        await pipeline.refresh()
        view = await pipeline.reader.race(race)
        return [view.name(int(entry)) for entry in view.places.order]

    assert await order() == list("abcde")
    await excluded(pipeline, race, "b")
    assert await order() == list("acde")
    with pytest.raises(AlreadyExcluded):
        await excluded(pipeline, race, "b")
    await excluded(pipeline, race, "b", verb=restore)
    assert await order() == list("abcde")
    with pytest.raises(NotExcluded):
        await excluded(pipeline, race, "b", verb=restore)
    with pytest.raises(BadInput):
        await excluded(pipeline, race, "b", reason=" ")
    await excluded(pipeline, race, "a")
    await pipeline.pull(days=1)
    await settle_due(pipeline.engine, pipeline.clock)
    assert await result(pipeline, 1) == {
        "b": (1, 5000),
        "c": (2, 3000),
        "d": (3, 2000),
        "e": (4, 0),
        "a": (None, 0),
    }
    with pytest.raises(ResultStands):
        await excluded(pipeline, race, "a", verb=restore)


async def test_who_is_excluded_from_everything_is_excluded_by_the_query_that_pays(
    pipeline: Pipeline,
) -> None:
    await pipeline.pull(*START)
    await pipeline.execute(
        "INSERT INTO exclusions (player_id, kind, reason, created_by, created_at)"
        " SELECT id, 'staff', 'works here', 'ann', :now FROM players WHERE goated_id = 'a'",
        now=pipeline.clock(),
    )
    await settled_race(pipeline)

    assert await result(pipeline, 1) == {"b": (1, 5000), "c": (2, 3000), "d": (3, 2000), "a": (None, 0)}


@pytest.mark.parametrize(
    ("days", "lifted", "place"), [(-1, None, None), (-1, -0.5, 1), (-1, 2, None), (2, None, 1)]
)
async def test_what_counts_is_whether_somebody_was_excluded_during_the_race(
    pipeline: Pipeline, days: float, lifted: float | None, place: int | None
) -> None:
    await pipeline.pull(*START)
    await pipeline.execute(
        "INSERT INTO exclusions (player_id, kind, reason, created_by, created_at, lifted_at)"
        " SELECT id, 'banned', 'fraud', 'ann', :created, :lifted FROM players WHERE goated_id = 'a'",
        created=pipeline.clock() + timedelta(days=days),
        lifted=None if lifted is None else pipeline.clock() + timedelta(days=lifted),
    )
    await settled_race(pipeline)

    assert (await result(pipeline, 1))["a"][0] == place


async def test_an_exclusion_that_ended_before_the_race_counts_no_more(pipeline: Pipeline) -> None:
    await pipeline.pull(*START)
    for uid, days in (("a", 0), ("b", 1)):
        await pipeline.execute(
            "INSERT INTO exclusions (player_id, kind, reason, created_by, created_at, until)"
            " SELECT id, 'self_excluded', 'pause', 'him', :now, CAST(:now AS timestamptz) + :days * interval"
            " '1 day' FROM players WHERE goated_id = :uid",
            now=pipeline.clock(),
            days=days,
            uid=uid,
        )
    await settled_race(pipeline)

    assert await result(pipeline, 1) == {"a": (1, 5000), "c": (2, 3000), "d": (3, 2000), "b": (None, 0)}


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    wagered=st.lists(st.integers(1, 4), min_size=5, max_size=5),
    out=st.permutations("abcde").flatmap(lambda order: st.integers(1, 4).map(lambda many: order[:many])),
    shared=st.booleans(),
    policy=st.sampled_from(["forfeit", "move_up"]),
)
async def test_however_many_are_taken_out_the_pool_is_owed_once(
    pipeline: Pipeline, wagered: list[int], out: list[str], *, shared: bool, policy: str
) -> None:
    before = await balances(pipeline)
    await pipeline.pull(*(row(uid, str(100 + pipeline.feed.times)) for uid in "abcde"))
    start = 100 + pipeline.feed.times - 1
    race = await pipeline.race(
        prizes=TABLE, reject_policy=policy, tie_policy="shared" if shared else "first_to_reach"
    )
    await pipeline.pull(*(row(uid, str(start)) for uid in "abcde"))
    await pipeline.pull(*(row(uid, str(start + won)) for uid, won in zip("abcde", wagered, strict=True)))
    await pipeline.pull(days=1)
    await settle_due(pipeline.engine, pipeline.clock)
    for uid in out:
        await taken(pipeline, race, uid)

    due = dict(
        await pipeline.fetch(
            "SELECT goated_id, sum(amount)::bigint FROM race_awards JOIN players ON players.id = player_id"
            " WHERE race_id = :race AND status <> 'rejected' GROUP BY 1",
            race=race,
        )
    )
    prizes = dict(
        await pipeline.fetch(
            "SELECT goated_id, prize FROM race_standings JOIN players ON players.id = player_id"
            " JOIN wager_races ON wager_races.id = race_id"
            " WHERE race_id = :race AND race_standings.version = result_version AND prize > 0",
            race=race,
        )
    )
    assert due == prizes
    after = await balances(pipeline)
    assert after["operator"] - before.get("operator", 0) == -(
        sum(prizes.values()) + after.get(f"race:{race}:forfeited", 0)
    )
    assert f"race:{race}:pool" not in after
    versions = await pipeline.fetch(
        "SELECT version, sum(prize)::bigint FROM race_standings WHERE race_id = :race GROUP BY 1 ORDER BY 1",
        race=race,
    )
    totals = [total for _, total in versions]
    assert totals[0] <= 10_000
    assert all(now <= was for was, now in itertools.pairwise(totals))
