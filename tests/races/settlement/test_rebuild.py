"""A settled race holds against everything it was made of; whatever somebody changes in it is named."""

import hashlib
import sys

import httpx2
import psycopg
import pytest

from goatedvips.races.errors import RaceNotFound
from goatedvips.races.settlement.correction import take_away
from goatedvips.races.settlement.errors import NotSettled
from goatedvips.races.settlement.service import settle_due, settle_late
from goatedvips.races.settlement.verification import RaceVerdict, settled_races, verify_race
from goatedvips.simulator.feed import create_feed
from goatedvips.simulator.simulation import Wish
from tests.pipeline import Pipeline, row, serving

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CROWD = [row(f"x{number:02}", "5") for number in range(40)]
"""So many that nobody minds a bad row or a missing one."""
TABLE = [{"place": 1, "amount": "50"}, {"place": 2, "amount": "30"}, {"place": 3, "amount": "20"}]


async def story(pipeline: Pipeline, **rules: object) -> int:
    """Let a race pass in which all happens that a feed does to its players, and settle it.

    Won: ann 40, bob 30, cyd 20, late 15, gone 12, new 10, bad 7; fell falls; still has had it all before.
    """
    first = {"ann": "100", "bob": "100", "cyd": "100", "gone": "50", "bad": "60", "fell": "80", "still": "9"}
    await pipeline.pull(*(row(uid, total) for uid, total in first.items()), *CROWD)
    pipeline.clock.move(minutes=1)
    race = await pipeline.race(**{"name": "Story", "prizes": TABLE} | rules)
    # The start boundary: gone is not listed, of bad and late there is a row that cannot be read.
    start = {uid: total for uid, total in first.items() if uid != "gone"} | {"bad": "-1", "late": "-1"}
    await pipeline.pull(*(row(uid, total) for uid, total in start.items()), *CROWD)
    now = first | {"ann": "140", "bad": "67", "fell": "70", "late": "500", "new": "4"}
    await pipeline.pull(*(row(uid, total) for uid, total in now.items()), *CROWD)
    now |= {"bob": "130", "cyd": "120", "gone": "62", "late": "515", "new": "10"}
    await pipeline.pull(
        *(row(uid, total, name="robert" if uid == "bob" else uid) for uid, total in now.items()), *CROWD
    )
    # The end boundary: cyd is not listed, of new there is a row that cannot be read.
    del now["cyd"]
    outcome = await pipeline.pull(
        *(
            row(uid, total, name="robert" if uid == "bob" else uid)
            for uid, total in (now | {"new": "-1"}).items()
        ),
        *CROWD,
        days=1,
    )
    assert outcome.status == "completed", outcome.error
    assert await settle_due(pipeline.engine, pipeline.clock) == [race]
    return race


async def verified(pipeline: Pipeline, race_id: int) -> RaceVerdict:
    async with pipeline.engine.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        return await verify_race(connection, race_id)


async def findings(pipeline: Pipeline, race_id: int) -> list[str]:
    return [finding.text for finding in (await verified(pipeline, race_id)).findings]


async def taken(pipeline: Pipeline, race_id: int, name: str) -> None:
    ((who,),) = await pipeline.fetch("SELECT id FROM players WHERE goated_id = :name", name=name)
    async with pipeline.engine.begin() as connection:
        await take_away(connection, race_id, who, reason="cheated", actor="cli:ann", now=pipeline.clock())


async def test_whatever_the_feed_did_a_race_is_rebuilt_and_what_cannot_be_is_noted(
    pipeline: Pipeline,
) -> None:
    race = await story(pipeline)

    verdict = await verified(pipeline, race)

    assert [finding.text for finding in verdict.findings] == []
    assert (verdict.holds, verdict.versions, verdict.participants, verdict.name) == (True, 1, 8, "Story")
    assert [note.text for note in verdict.notes] == [
        (
            "2 of 8 are players that the start report has a row for that could not be read:"
            " held against the readings alone."
        ),
        (
            "1 of 8 are players that the start report does not list, since a later one was the first to:"
            " held against the readings alone."
        ),
        "1 of 8 are players that the start report does not list any more: held against the readings alone.",
        (
            "1 of 8 are players that the end report has a row for that could not be read:"
            " held against the readings alone."
        ),
        "1 of 8 are players that the end report does not list any more: held against the readings alone.",
    ]


@pytest.mark.parametrize("policy", ["forfeit", "move_up"])
@pytest.mark.parametrize("ties", ["first_to_reach", "shared"])
async def test_every_version_of_a_corrected_result_holds(pipeline: Pipeline, policy: str, ties: str) -> None:
    race = await story(pipeline, reject_policy=policy, tie_policy=ties)
    for name in ("bob", "ann", "still"):
        if name != "still":
            await taken(pipeline, race, name)

    verdict = await verified(pipeline, race)

    assert [finding.text for finding in verdict.findings] == []
    assert verdict.versions == 3


async def test_a_race_that_was_made_after_its_start_holds(pipeline: Pipeline) -> None:
    began = pipeline.clock.now
    await pipeline.pull(row("ann", "1"), row("bob", "2"), *CROWD)
    await pipeline.pull(row("ann", "3", today="2"), row("bob", "2", today="1"), row("new", "8"), *CROWD)
    await pipeline.pull(row("ann", "3"), row("bob", "2"), row("new", "8"), row("nil", "0"), *CROWD)
    race = await pipeline.race(start_date=began)
    await pipeline.pull(row("ann", "4"), row("bob", "2"), row("new", "9"), row("nil", "0"), *CROWD, days=1)
    await settle_due(pipeline.engine, pipeline.clock)

    assert await findings(pipeline, race) == []


async def test_a_race_that_was_ended_early_and_the_one_after_it_hold(pipeline: Pipeline) -> None:
    await pipeline.execute(
        "INSERT INTO race_series (name, type, timezone, prize_pool, prizes) VALUES ('Daily', 'daily', 'UTC',"
        """ 10000, '[{"place": 1, "percent": "100"}]')"""
    )
    await pipeline.pull(row("ann", "1"))
    await pipeline.pull(row("ann", "2"))
    ((race,),) = await pipeline.fetch("SELECT min(id) FROM wager_races")
    pipeline.clock.move(days=3)
    async with pipeline.engine.begin() as connection:
        assert await settle_late(connection, race, reason="down", now=pipeline.clock(), actor="cli:ann")
    await pipeline.pull(row("ann", "9"))
    done = await settle_due(pipeline.engine, pipeline.clock)

    assert done
    for each in (race, *done):
        assert await findings(pipeline, each) == []


async def test_who_was_erased_is_noted_and_the_race_holds(pipeline: Pipeline) -> None:
    race = await story(pipeline)
    await pipeline.execute("UPDATE race_standings SET username = 'erased', salt = NULL WHERE position = 1")

    verdict = await verified(pipeline, race)

    assert verdict.findings == []
    assert verdict.notes[0].text == "1 of 8 were erased, so that nothing opens their commitments."


async def test_what_is_not_settled_cannot_be_verified(pipeline: Pipeline) -> None:
    race = await pipeline.race()

    with pytest.raises(NotSettled, match=r"^Race 1 is live; it has no result yet\.$"):
        await verified(pipeline, race)
    with pytest.raises(RaceNotFound):
        await verified(pipeline, 99)


async def test_every_race_of_a_feed_with_every_trap_holds(pipeline: Pipeline) -> None:
    application = create_feed(Wish(seed=7, players=250), clock=pipeline.clock)
    async with serving(application) as url, httpx2.AsyncClient(trust_env=False) as http:
        pipeline.sync = pipeline.another(url=f"{url}/user", total_timeout=5)
        await pipeline.execute(
            "INSERT INTO race_series (name, type, timezone, prize_pool, prizes) VALUES ('Daily', 'daily',"
            """ 'UTC', 10000, '[{"from": 1, "to": 10, "percent": "10"}]')"""
        )
        for trap in (
            *("appear", "rename", "vanish", "duplicate_uid", "bad_rows", "falling_all_time", "drift"),
            *("contradictions", "frozen_month", "today_falls", "late_reset", "unavailable", "truncated"),
        ):
            for on in (True, False):
                answer = await http.patch(f"{url}/control", json={"traps": {trap: on}})
                assert answer.status_code == 200, answer.text
                pipeline.clock.move(hours=7)
                await pipeline.sync.pull("scheduled")
        done = await settle_due(pipeline.engine, pipeline.clock)

        assert len(done) >= 6
        async with pipeline.engine.connect() as connection:
            assert await settled_races(connection) == sorted(done)
        for race in done:
            assert await findings(pipeline, race) == []


Forger = psycopg.Connection


def sha(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def kept(forger: Forger, query: str) -> bytes:
    found = forger.execute(query.encode()).fetchone()
    assert found is not None
    return zstd.decompress(found[0])


def write_proof(forger: Forger, body: bytes) -> None:
    forger.execute("UPDATE race_proofs SET body = %s WHERE version = 1", [zstd.compress(body)])


STANDING = "UPDATE race_standings SET {} FROM players WHERE players.id = player_id AND goated_id = '{}'"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param(
            "DELETE FROM race_standings USING players WHERE players.id = player_id AND goated_id = 'cyd'",
            [
                "Version 1: standing 2 of its proof, with 20.00 dollars, is kept no more.",
                (
                    "Version 1: somebody without a standing (player 3) is awarded 20.00 dollars for place 3,"
                    " but by his standing nothing."
                ),
                (
                    "Version 1: cyd (player 3) went from 100 dollars to 120 dollars by the readings,"
                    " but has no standing."
                ),
            ],
            id="a removed standing",
        ),
        pytest.param(
            STANDING.format("username = 'robert'", "ann"),
            ["Version 1: player 1 is kept as robert, but his commitment is to ann."],
            id="a swapped name",
        ),
        pytest.param(
            STANDING.format("prize = 9900", "ann"),
            [
                "Version 1: ann (player 1): his prize is 50.00 in its proof, but 99.00 is kept.",
                "Version 1: ann (player 1): his prize is 99.00 dollars, but by the rules 50.00 dollars.",
                (
                    "Version 1: ann (player 1) is awarded 50.00 dollars for place 1,"
                    " but by his standing 99.00 dollars for place 1."
                ),
            ],
            id="an altered prize",
        ),
        pytest.param(
            "UPDATE race_awards SET amount = 4900 WHERE position = 1",
            [
                (
                    "Version 1: ann (player 1) is awarded 49.00 dollars for place 1,"
                    " but by his standing 50.00 dollars for place 1."
                )
            ],
            id="an altered award",
        ),
        pytest.param(
            "DELETE FROM race_awards WHERE position = 2",
            [
                (
                    "Version 1: robert (player 2) is awarded nothing,"
                    " but by his standing 30.00 dollars for place 2."
                )
            ],
            id="a removed award",
        ),
        pytest.param(
            "UPDATE wager_readings SET all_time = 14100000000 WHERE player_id = 1 AND run_id = 3",
            ["Version 1: ann (player 1): his total at the end is 140 dollars, but by the readings 141"],
            id="an altered reading",
        ),
        pytest.param(
            "UPDATE wager_readings SET all_time = 1000000000 WHERE player_id = 2 AND run_id = 1",
            [
                (
                    "Version 1: robert (player 2): his total at the start is 100 dollars,"
                    " but by the readings 10 dollars."
                )
            ],
            id="an altered reading of before",
        ),
        pytest.param(
            "DELETE FROM wager_readings WHERE player_id = 1 AND run_id = 3",
            ["Version 1: ann (player 1) has a standing, but no reading between the boundaries."],
            id="a removed reading",
        ),
        pytest.param(
            "UPDATE wager_races SET start_run_id = 1",
            [
                "It starts with run 1, but the first one since 2025-03-26 12:06 UTC is 2.",
                "Version 1: its proof says that boundaries.start.run is 2, but kept is 1.",
            ],
            id="a changed boundary run",
        ),
        pytest.param(
            "UPDATE wager_races SET end_run_id = 4",
            [
                "It ends with run 4 of 2025-03-26 12:21 UTC, before 2025-03-27 12:06 UTC, and nobody",
                "Version 1: its proof says that boundaries.end.run is 5, but kept is 4.",
                "The audit log has no entry that it ended with run 4.",
            ],
            id="an earlier end",
        ),
        pytest.param(
            """UPDATE wager_races SET prizes = '[{"place": 1, "amount": "90"}]'""",
            [
                "Version 1: ann (player 1): his prize is 50.00 dollars, but by the rules 90.00 dollars.",
                "Version 1: cyd (player 3): his prize is 20.00 dollars, but by the rules 0.00 dollars.",
            ],
            id="changed rules",
        ),
        pytest.param(
            "UPDATE wager_races SET end_date = end_date - interval '1 hour'",
            [
                (
                    'Version 1: its proof says that race.endDate is "2025-03-27T12:06:00.000Z",'
                    ' but kept is "2025-03-27T11:06:00.000Z".'
                )
            ],
            id="a changed date",
        ),
        pytest.param(
            STANDING.format("salt = decode(repeat('ab', 16), 'hex')", "cyd"),
            [
                (
                    "Version 1: cyd (player 3): neither this nor any name that the feed gave him"
                    " opens his commitment."
                )
            ],
            id="a changed salt",
        ),
        pytest.param(
            STANDING.format("excluded = 1, position = NULL, prize = 0", "ann"),
            ["Version 1: ann (player 1): his exclusion is 0 in its proof, but 1 is kept."],
            id="a silent exclusion",
        ),
        pytest.param(
            "UPDATE wager_races SET end_run_id = 99",
            ["Of its boundaries, runs 2 and 99, one is no report."],
            id="an end that never was",
        ),
        pytest.param(
            "UPDATE sync_logs SET status = 'quarantined' WHERE id = 5",
            ["It ends with run 5, which was not completed."],
            id="an end that was refused",
        ),
        pytest.param(
            """UPDATE wager_races SET prizes = '[{"place": 1}]'""",
            ["Version 1: its prize table is none: prizes[0].percent: give either an amount or a percentage."],
            id="rules that are none",
        ),
        pytest.param(
            "UPDATE wager_races SET prize_pool = 1000000000000000",
            ["Version 1: what is kept of it makes no proof: The file is not built like a proof: "],
            id="a race that no proof can be of",
        ),
        pytest.param(
            STANDING.format("reached_run_id = 9007199254740993", "ann"),
            [
                "Version 1: what is kept of it makes no proof: a run's number is more than",
                "Version 1: ann (player 1): his total's run is 9007199254740993, but by the readings 3.",
            ],
            id="a standing that no proof can have",
        ),
        pytest.param(
            STANDING.format("commitment = sha256('nobody')", "ann"),
            [
                "Version 1: standing 0 of its proof, with 50.00 dollars, is kept no more.",
                "Version 1: ann (player 1) has a standing that its proof does not have.",
            ],
            id="a changed commitment",
        ),
        pytest.param(
            "UPDATE wager_races SET settled_at = settled_at + interval '1 day'",
            [
                "Version 1: its proof was not written when the race was settled.",
                'Version 1: its proof says that settledAt is "2025-03-27T12:21:00.000Z", but kept is',
            ],
            id="a changed settlement",
        ),
        pytest.param(
            "UPDATE race_proofs SET series_id = 7",
            ["Version 1: its proof is in the chain of series 7, not None."],
            id="another chain",
        ),
        pytest.param(
            "UPDATE race_proofs SET series_id = 7; INSERT INTO race_proofs SELECT race_id, 2, NULL,"
            " sha256('2'), sha256, body, created_at FROM race_proofs",
            ["Version 2: its proof follows version 1 of race 1, which is of another series."],
            id="chains that cross",
        ),
        pytest.param(
            "DELETE FROM players WHERE goated_id = 'ann'",
            ["Version 1: ann (player 1) is no player any more, so that nothing opens his commitment."],
            id="a removed player",
        ),
        pytest.param(
            "UPDATE race_awards SET version = 3 WHERE position = 1",
            ["1 awards are of version 3, which is not kept."],
            id="an award of no version",
        ),
        pytest.param(
            "DELETE FROM race_proofs",
            ["Version 1: it has no proof."],
            id="a removed proof",
        ),
        pytest.param(
            "UPDATE race_proofs SET body = decode('00', 'hex') || body",
            ["Version 1: its proof cannot be unpacked: "],
            id="a proof that is none",
        ),
        pytest.param(
            "UPDATE race_proofs SET previous_sha256 = sha256('nothing')",
            [
                f"Version 1: its proof follows {sha(b'nothing')}, which is kept no more",
                f'Version 1: its proof says that previous is none, but kept is "{sha(b"nothing")}".',
            ],
            id="a broken chain",
        ),
        pytest.param(
            "DELETE FROM feed_reports USING sync_logs WHERE sha256 = report_sha256 AND id = 5",
            ["The end report "],
            id="a removed report",
        ),
        pytest.param(
            "DELETE FROM wager_readings WHERE player_id = 1; DELETE FROM race_standings WHERE player_id = 1",
            ["ann (uid ann) went from 100 dollars to 140 dollars by the boundaries' reports, but has"],
            id="a player who was taken out of everything",
        ),
        pytest.param(
            "INSERT INTO race_standings SELECT race_id, 2, player_id, username, user_id, baseline, total,"
            " reached_run_id, position, prize, excluded, commitment, salt FROM race_standings",
            ["Version 2 is kept, but 1 is the newest.", "Version 2: it has no proof."],
            id="a version too many",
        ),
    ],
)
async def test_what_is_changed_is_named(
    pipeline: Pipeline, forger: Forger, changes: str, expected: list[str]
) -> None:
    race = await story(pipeline)
    forger.execute(changes.encode())

    found = await findings(pipeline, race)

    for sentence in expected:
        assert any(text.startswith(sentence) for text in found), found


async def test_a_deleted_audit_entry_is_named(pipeline: Pipeline, forger: Forger) -> None:
    race = await story(pipeline)
    ((proof,),) = await pipeline.fetch("SELECT encode(sha256, 'hex') FROM race_proofs")
    forger.execute("DELETE FROM audit_log WHERE action = 'race.settled'")

    assert await findings(pipeline, race) == [
        f"The audit log has no entry that it was settled with the proof {proof}."
    ]


async def test_a_changed_byte_of_the_proof_is_named(pipeline: Pipeline, forger: Forger) -> None:
    race = await story(pipeline)
    body = kept(forger, "SELECT body FROM race_proofs")
    changed = body.replace(b'"140.00000000"', b'"141.00000000"')
    write_proof(forger, changed)

    assert await findings(pipeline, race) == [
        (
            f"Version 1: its proof's bytes hash to {sha(changed)}, but {sha(body)} is recorded:"
            " it is not the one that was written."
        ),
        "Version 1: its proof: totals.wagered is 134.00000000, but the standings come to 135.00000000.",
        (
            "Version 1: ann (player 1): his total at the end is 141.00000000 in its proof,"
            " but 140.00000000 is kept."
        ),
    ]


async def test_a_result_that_was_written_anew_with_its_proof_still_differs_from_its_origins(
    pipeline: Pipeline, forger: Forger
) -> None:
    race = await story(pipeline)
    body = kept(forger, "SELECT body FROM race_proofs")
    changed = body.replace(b'"140.00000000"', b'"141.00000000"').replace(b"134.00000000", b"135.00000000")
    write_proof(forger, changed)
    forger.execute("UPDATE race_proofs SET sha256 = %s", [hashlib.sha256(changed).digest()])
    forger.execute(STANDING.format("total = 14100000000", "ann").encode())

    assert await findings(pipeline, race) == [
        "Version 1: ann (player 1): his total at the end is 141 dollars, but by the readings 140 dollars.",
        "ann (player 1): the end report lists him with 140 dollars, but his standing says 141 dollars.",
        f"The audit log has no entry that it was settled with the proof {sha(changed)}.",
        f"The audit log tells of version 1 with the proof {sha(body)}, which is not kept.",
    ]


@pytest.mark.parametrize(("run", "which"), [(2, "start"), (5, "end")])
async def test_an_altered_raw_report_is_named(
    pipeline: Pipeline, forger: Forger, run: int, which: str
) -> None:
    race = await story(pipeline)
    query = f"SELECT body FROM feed_reports JOIN sync_logs ON sha256 = report_sha256 WHERE id = {run}"
    raw = kept(forger, query)
    altered = raw.replace(b'"uid":"ann","name":"ann"', b'"uid":"ann","name":"eve"').replace(
        b'"all_time":9}', b'"all_time":8}'
    )
    forger.execute(
        "UPDATE feed_reports SET body = %s FROM sync_logs WHERE sha256 = report_sha256 AND id = %s",
        [zstd.compress(altered), run],
    )

    found = await findings(pipeline, race)

    assert found[0] == (
        f"The {which} report's bytes hash to {sha(altered)}, but it is kept as {sha(raw)}:"
        " it is not the one that came."
    )
    assert ["still (uid still) went from" in text for text in found].count(True) == 1


async def test_an_altered_amount_of_a_raw_report_is_named_with_its_player(
    pipeline: Pipeline, forger: Forger
) -> None:
    race = await story(pipeline)
    raw = kept(forger, "SELECT body FROM feed_reports JOIN sync_logs ON sha256 = report_sha256 WHERE id = 5")
    altered = raw.replace(b'"all_time":140}', b'"all_time":139.5}')
    forger.execute(
        "UPDATE feed_reports SET body = %s, size = 7 FROM sync_logs WHERE sha256 = report_sha256 AND id = 5",
        [zstd.compress(altered)],
    )

    assert (await findings(pipeline, race))[1:] == [
        f"The end report has {len(altered)} bytes, but 7 are recorded.",
        "ann (player 1): the end report lists him with 139.5 dollars, but his standing says 140 dollars.",
    ]


@pytest.mark.parametrize("body", [b"no zstd", zstd.compress(b"{}")])
async def test_a_raw_report_that_is_none_is_named(pipeline: Pipeline, forger: Forger, body: bytes) -> None:
    race = await story(pipeline)
    forger.execute(
        "UPDATE feed_reports SET body = %s FROM sync_logs WHERE sha256 = report_sha256 AND id = 2", [body]
    )

    text = (await findings(pipeline, race))[-1]

    assert text.startswith(("The start report cannot be unpacked", "The start report cannot be read"))
