"""What is owed is approved, paid or rejected: step by step, all or nothing, and no step twice."""

import json

import pytest
from sqlalchemy.exc import DBAPIError

from goatedvips.kit.errors import BadInput
from goatedvips.ledger.service import balances
from goatedvips.races.errors import RaceNotFound
from goatedvips.races.payouts.errors import AwardNotFound, NotAll
from goatedvips.races.payouts.listing import due, listed
from goatedvips.races.payouts.schemas import AwardListQuery
from goatedvips.races.payouts.service import Rejection, approve_race, one, reject
from goatedvips.races.settlement.errors import AlreadyPaid, NotSettled
from tests.pipeline import Pipeline
from tests.races.payouts.winners import approved, findings, payed, settled_race, statuses


async def rejected(
    pipeline: Pipeline, award: int, reason: str = "cheated", actor: str = "cli:ann"
) -> Rejection:
    async with pipeline.engine.begin() as connection:
        return await reject(connection, award, reason=reason, actor=actor, now=pipeline.clock())


def refused(error: pytest.ExceptionInfo[NotAll]) -> dict[int, str]:
    return {refusal.award_id: refusal.code for refusal in error.value.refusals}


async def test_an_award_is_approved_and_then_paid(pipeline: Pipeline) -> None:
    first, *_ = await settled_race(pipeline)

    approval = await approved(pipeline, [first])
    payment = await payed(pipeline, {first: "W-1"})

    assert [award.status for award in approval.changed] == ["approved"]
    assert [award.status for award in payment.changed] == ["paid"]
    async with pipeline.engine.connect() as connection:
        assert [await one(connection, first)] == payment.changed
        assert await balances(connection, [f"award:{first}:owed", f"award:{first}:paid"]) == {
            f"award:{first}:owed": 0,
            f"award:{first}:paid": 1000,
        }
    assert (payment.changed[0].approved_by, payment.changed[0].paid_by) == ("cli:ann", "cli:bob")
    assert await findings(pipeline) == []


async def test_each_step_is_told_once_and_recorded(pipeline: Pipeline) -> None:
    first, *_ = await settled_race(pipeline)
    for _ in range(2):
        await approved(pipeline, [first])
        await payed(pipeline, {first: "W-1"})

    told = await pipeline.fetch("SELECT kind, subject FROM outbox WHERE kind LIKE 'award.%' ORDER BY id")
    kept = await pipeline.fetch(
        "SELECT actor, action, details FROM audit_log WHERE subject = :subject ORDER BY id",
        subject=f"award:{first}",
    )
    assert told == [("award.approved", f"award:{first}"), ("award.paid", f"award:{first}")]
    facts = {"race": 1, "player": 1, "amount": "10.00"}
    assert kept == [
        ("cli:ann", "award.approved", facts | {"by": "cli:ann"}),
        ("cli:bob", "award.paid", facts | {"by": "cli:bob", "reference": "W-1"}),
    ]


async def test_a_repeated_call_changes_nothing_and_says_so(pipeline: Pipeline) -> None:
    awards = await settled_race(pipeline)
    await approved(pipeline, awards[:2])
    pipeline.clock.move(minutes=1)

    again = await approved(pipeline, awards, actor="cli:carl")
    await payed(pipeline, dict.fromkeys(awards, "W-1"))
    pipeline.clock.move(minutes=1)
    before = await pipeline.fetch("SELECT * FROM race_awards ORDER BY id")
    repeated = await payed(pipeline, dict.fromkeys(awards, "W-1"), actor="cli:carl")
    late = await approved(pipeline, awards, actor="cli:carl")

    assert [[award.id for award in part] for part in (again.changed, again.unchanged)] == [
        awards[2:],
        awards[:2],
    ]
    assert [award.approved_by for award in again.unchanged] == ["cli:ann", "cli:ann"]
    assert (repeated.changed, late.changed) == ([], [])
    assert [award.id for award in repeated.unchanged] == [award.id for award in late.unchanged] == awards
    assert await pipeline.fetch("SELECT * FROM race_awards ORDER BY id") == before
    assert await findings(pipeline) == []


async def test_another_reference_is_a_conflict_that_names_the_recorded_one(pipeline: Pipeline) -> None:
    first, *_ = await settled_race(pipeline)
    await approved(pipeline, [first])
    await payed(pipeline, {first: "W-1"})

    with pytest.raises(NotAll, match=r"was paid by cli:bob at .* with the reference W-1") as error:
        await payed(pipeline, {first: "W-2"})

    assert error.value.code == "award_paid"


async def test_a_batch_is_done_for_all_or_for_none_with_a_list_of_why(pipeline: Pipeline) -> None:
    first, second, third = await settled_race(pipeline)
    await approved(pipeline, [first, third])
    await rejected(pipeline, third)

    with pytest.raises(NotAll) as payment:
        await payed(pipeline, {first: "W-1", second: "W-2", third: "W-3", 999: "W-4"})
    with pytest.raises(NotAll) as approval:
        await approved(pipeline, [second, third])

    assert refused(payment) == {second: "award_not_approved", third: "award_rejected", 999: "award_not_found"}
    assert payment.value.detail.startswith("None of the 4 awards was paid; 3 could not be:")
    assert refused(approval) == {third: "award_rejected"}
    assert await statuses(pipeline) == {first: "approved", second: "pending", third: "rejected"}
    assert await findings(pipeline) == []


async def test_all_pending_awards_of_a_race_are_approved_at_once(pipeline: Pipeline) -> None:
    others = await settled_race(pipeline, winners=2)
    awards = await settled_race(pipeline)
    await approved(pipeline, awards[:1])
    await rejected(pipeline, awards[1])

    async with pipeline.engine.begin() as connection:
        outcome = await approve_race(connection, 2, actor="cli:carl", now=pipeline.clock())

    assert [award.id for award in outcome.changed] == awards[2:]
    assert [award.id for award in outcome.unchanged] == awards[:1]
    assert [(await statuses(pipeline))[award] for award in others] == ["pending", "pending"]


async def test_a_race_without_a_result_has_nothing_to_approve(pipeline: Pipeline) -> None:
    await pipeline.race()

    async with pipeline.engine.connect() as connection:
        with pytest.raises(NotSettled):
            await approve_race(connection, 1, actor="cli:ann", now=pipeline.clock())
        with pytest.raises(RaceNotFound):
            await approve_race(connection, 9, actor="cli:ann", now=pipeline.clock())
        with pytest.raises(AwardNotFound):
            await reject(connection, 9, reason="cheated", actor="cli:ann", now=pipeline.clock())


async def test_under_four_eyes_who_approved_does_not_pay(pipeline: Pipeline) -> None:
    first, second, _ = await settled_race(pipeline)
    await approved(pipeline, [first, second], actor="cli:ann")

    with pytest.raises(NotAll, match="approved by cli:ann; somebody else must pay it") as error:
        await payed(pipeline, {first: "W-1"}, actor="cli:Ann", four_eyes=True)
    paid = await payed(pipeline, {first: "W-1"}, actor="cli:bob", four_eyes=True)
    alone = await payed(pipeline, {second: "W-2"}, actor="cli:ann", four_eyes=False)

    assert error.value.code == "four_eyes"
    assert [len(outcome.changed) for outcome in (paid, alone)] == [1, 1]


async def test_a_rejected_prize_is_forfeited(pipeline: Pipeline) -> None:
    first, second, _ = await settled_race(pipeline)
    await approved(pipeline, [first])

    done = await rejected(pipeline, first)
    again = await rejected(pipeline, first, actor="cli:bob")

    assert (done.version, [award.id for award in done.rejected], done.gained) == (2, [first], [])
    assert (again.version, again.rejected) == (None, done.rejected)
    assert done.rejected[0].rejected_by == "cli:ann"
    with pytest.raises(NotAll, match=r"was rejected by cli:ann at .*: cheated") as error:
        await rejected(pipeline, first, reason="left")
    assert error.value.code == "award_rejected"
    assert (await statuses(pipeline))[second] == "pending"
    assert await findings(pipeline) == []


async def test_those_behind_a_rejected_winner_move_up_and_are_owed_the_difference(pipeline: Pipeline) -> None:
    prizes = [{"place": 1, "amount": "20"}, {"place": 2, "amount": "7"}, {"place": 3, "amount": "3"}]
    first, second, third = await settled_race(pipeline, reject_policy="move_up", prizes=prizes)
    await approved(pipeline, [second, third])
    await payed(pipeline, {second: "W-2"})

    done = await rejected(pipeline, first)

    assert [(award.uid, award.position, award.amount, award.version) for award in done.gained] == [
        ("p002", 1, 1300, 2),
        ("p003", 2, 400, 2),
        ("p004", 3, 300, 2),
    ]
    assert await statuses(pipeline) == {
        first: "rejected",
        second: "paid",
        third: "approved",
        **dict.fromkeys([award.id for award in done.gained], "pending"),
    }
    gained = done.gained[0].id
    with pytest.raises(AlreadyPaid):
        await rejected(pipeline, gained)
    assert await findings(pipeline) == []


async def test_with_one_award_a_player_loses_all_that_he_is_owed_of_the_race(pipeline: Pipeline) -> None:
    first, second, _ = await settled_race(
        pipeline, reject_policy="move_up", prizes=[{"place": 1, "amount": "20"}, {"place": 2, "amount": "10"}]
    ) + [0]
    gained = (await rejected(pipeline, first)).gained[0]

    done = await rejected(pipeline, gained.id)

    assert [award.id for award in done.rejected] == [second, gained.id]
    assert await findings(pipeline) == []


async def test_what_was_paid_cannot_be_rejected(pipeline: Pipeline) -> None:
    first, *_ = await settled_race(pipeline)
    await approved(pipeline, [first])
    await payed(pipeline, {first: "W-1"})

    with pytest.raises(NotAll, match="with the reference W-1; what was paid cannot be taken back") as error:
        await rejected(pipeline, first)

    assert error.value.code == "award_paid"
    assert (await statuses(pipeline))[first] == "paid"


async def test_a_rejection_needs_a_reason(pipeline: Pipeline) -> None:
    first, *_ = await settled_race(pipeline)

    with pytest.raises(BadInput, match="reason"):
        await rejected(pipeline, first, reason="  ")


async def test_every_process_hears_of_a_step_once_it_is_committed(pipeline: Pipeline) -> None:
    first, second, _ = await settled_race(pipeline)
    async with pipeline.engine.connect() as listener:
        raw = (await listener.get_raw_connection()).driver_connection
        assert raw is not None
        await raw.set_autocommit(True)
        await raw.execute("LISTEN goatedvips")
        await approved(pipeline, [first, second])
        await approved(pipeline, [first, second])
        await payed(pipeline, {first: "W-1"})
        await pipeline.execute("NOTIFY goatedvips, 'end'")

        heard = [notice.payload async for notice in raw.notifies(timeout=5, stop_after=3)]
        await raw.execute("UNLISTEN goatedvips")
        await raw.set_autocommit(False)

    assert heard == ["race:1", "race:1", "end"]


async def test_what_was_paid_behind_our_back_is_found(pipeline: Pipeline) -> None:
    first, second, _ = await settled_race(pipeline)
    await approved(pipeline, [first])
    await pipeline.execute(
        "UPDATE race_awards SET status = 'paid', approved_by = 'cli:eve', paid_by = 'cli:eve',"
        " paid_at = now(), reference = 'mine' WHERE id = :id",
        id=second,
    )
    await pipeline.execute("UPDATE race_awards SET approved_by = 'cli:eve' WHERE id = :id", id=first)

    found = [finding for finding in await findings(pipeline) if "audit log" in finding]

    assert [finding.partition(" with")[0] for finding in found] == [
        f"The audit log has no entry award.approved of award:{first}",
        f"The audit log has no entry award.approved of award:{second}",
        f"The audit log has no entry award.paid of award:{second}",
    ]


@pytest.mark.parametrize("column", ["amount = 1", "status = 'approved'"])
async def test_a_paid_award_is_never_changed(pipeline: Pipeline, column: str) -> None:
    first, *_ = await settled_race(pipeline)
    await approved(pipeline, [first])
    await payed(pipeline, {first: "W-1"})

    with pytest.raises(DBAPIError, match="never changed"):
        await pipeline.execute(f"UPDATE race_awards SET {column} WHERE id = :id", id=first)


async def test_awards_are_listed_by_race_status_and_player_with_totals(pipeline: Pipeline) -> None:
    older = await settled_race(pipeline, winners=2)
    newer = await settled_race(pipeline)
    await approved(pipeline, [older[0], newer[0]])
    await payed(pipeline, {older[0]: "W-1"})

    async def ids(**query: object) -> list[int]:
        async with pipeline.engine.connect() as connection:
            found = await listed(connection, AwardListQuery.model_validate(query))
        return [award.id for award in found.data]

    assert await ids() == [*newer, *older]
    assert await ids(limit=2) == newer[:2]
    assert await ids(race=1) == older
    assert await ids(status="paid") == older[:1]
    assert await ids(player="p001") == await ids(player="1") == [newer[0], older[0]]
    assert await ids(player="nobody") == []
    async with pipeline.engine.connect() as connection:
        found = await listed(connection, AwardListQuery(race=2, status="paid"))
        owed = await due(connection, AwardListQuery())
        paid = await due(connection, AwardListQuery(status="paid"))
    assert [(total.status, total.awards, total.amount) for total in found.totals] == [
        ("pending", 2, "20.00"),
        ("approved", 1, "10.00"),
        ("paid", 0, "0.00"),
        ("rejected", 0, "0.00"),
    ]
    assert [award.id for award in owed] == [*newer, older[1]]
    assert [award.id for award in paid] == older[:1]
    assert json.loads(found.model_dump_json(by_alias=True))["data"] == []


async def test_an_award_keeps_the_name_of_the_result(pipeline: Pipeline) -> None:
    first, *_ = await settled_race(pipeline)
    await pipeline.execute("UPDATE players SET goated_username = 'renamed'")

    async with pipeline.engine.connect() as connection:
        assert (await one(connection, first)).username == "p001"
