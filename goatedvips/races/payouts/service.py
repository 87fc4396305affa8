"""Awards on their way to paid. Every verb is one transaction of its caller's: all its awards or none."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.audit.service import Act, record, unattested
from goatedvips.kit.errors import BadInput
from goatedvips.kit.money import format_cents
from goatedvips.ledger.accounts import owed, paid
from goatedvips.ledger.service import Transfer, post
from goatedvips.outbox.service import Event, tell
from goatedvips.races.errors import RaceNotFound
from goatedvips.races.payouts.errors import AwardNotFound, ChangedMeanwhile, NotAll, Refusal
from goatedvips.races.payouts.repository import Award, Payouts, Wanted
from goatedvips.races.rules.payouts import Ruling, Status, approval, payment, rejection
from goatedvips.races.settlement.correction import take_away
from goatedvips.races.settlement.errors import NotSettled
from goatedvips.races.settlement.repository import Results
from goatedvips.realtime.announce import announce

_CHUNK = 5_000
"""Awards in memory while they are held against the audit log."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Which awards took the step by this call, and which had taken it before."""

    changed: list[Award]
    unchanged: list[Award]


@dataclass(frozen=True, slots=True)
class Rejection:
    """What a rejection came to: what its player lost, and what others are owed instead."""

    version: int | None
    """Of the race's new result; None if it was rejected before for the same reason: nothing was done."""
    rejected: list[Award]
    gained: list[Award]


async def approve(
    connection: AsyncConnection, award_ids: Collection[int], *, actor: str, now: datetime
) -> Outcome:
    """Approve awards; those that were approved before stay as they are. Raise `NotAll`."""
    payouts = Payouts(connection)
    found = _ruled(award_ids, await payouts.held(award_ids), lambda award: approval(award.status), "approved")
    ids = [award.id for award in found.changed]
    if await payouts.approve(ids, actor=actor, now=now) != len(ids):
        raise ChangedMeanwhile
    changed = [
        replace(award, status="approved", approved_by=actor, approved_at=now) for award in found.changed
    ]
    await _tell(connection, changed, actor=actor, now=now)
    return replace(found, changed=changed)


async def approve_race(connection: AsyncConnection, race_id: int, *, actor: str, now: datetime) -> Outcome:
    """Approve all awards of a race that are pending. Raise `RaceNotFound` or `NotSettled`."""
    payouts = Payouts(connection)
    status = await payouts.race(race_id)
    if status is None:
        raise RaceNotFound(race_id)
    if status != "completed":
        raise NotSettled(race_id, status)
    return await approve(connection, await payouts.unrejected(race_id), actor=actor, now=now)


async def pay(
    connection: AsyncConnection,
    references: Mapping[int, str],
    *,
    actor: str,
    now: datetime,
    four_eyes: bool,
) -> Outcome:
    """Mark awards as paid, each with its reference; what was paid with it before stays as it is.

    Under `four_eyes` who approved an award may not pay it. Raise `NotAll`.
    """

    def ruling(award: Award) -> Ruling:
        return payment(
            award.status,
            reference=references[award.id],
            recorded=award.reference,
            payer=actor,
            approver=award.approved_by if four_eyes else None,
        )

    payouts = Payouts(connection)
    found = _ruled(references, await payouts.held(references), ruling, "paid")
    wanted = {award.id: references[award.id] for award in found.changed}
    if await payouts.pay(wanted, actor=actor, now=now) != len(wanted):
        raise ChangedMeanwhile
    changed = [
        replace(award, status="paid", paid_by=actor, paid_at=now, reference=wanted[award.id])
        for award in found.changed
    ]
    moves = [
        Transfer(f"award:{award.id}:paid", owed(award.id), paid(award.id), award.amount) for award in changed
    ]
    await post(connection, moves, at=now)
    await _tell(connection, changed, actor=actor, now=now)
    return replace(found, changed=changed)


async def reject(
    connection: AsyncConnection, award_id: int, *, reason: str, actor: str, now: datetime
) -> Rejection:
    """Reject an award, and with it all that its player is owed of the race; by its rule others move up.

    Raise `BadInput` without a reason, `AwardNotFound`, `NotAll`, or what `take_away` raises.
    """
    if not (reason := reason.strip()):
        raise BadInput.field("reason", "say why the award is rejected")
    # Whoever rejects has this turn: what is rejected now is so when we look again.
    await Results(connection).take_turn(wait=True)
    award = await one(connection, award_id)
    ruled = _ruled(
        [award_id],
        {award_id: award},
        lambda award: rejection(award.status, reason=reason, recorded=award.reason),
        "rejected",
    )
    if ruled.unchanged:
        return Rejection(None, [award], [])
    race_id, player_id = award.race_id, award.player_id
    version = await take_away(connection, race_id, player_id, reason=reason, actor=actor, now=now)
    payouts = Payouts(connection)
    lost = await payouts.page(Wanted(race_id, str(player_id), ["rejected"], None))
    return Rejection(version, lost, await payouts.of_result(race_id, version))


async def one(connection: AsyncConnection, award_id: int) -> Award:
    """Return an award; raise `AwardNotFound`."""
    award = await Payouts(connection).one(award_id)
    if award is None:
        raise AwardNotFound(award_id)
    return award


async def unrecorded(connection: AsyncConnection) -> list[str]:
    """Return in sentences which approvals and payments the audit log does not know, for `verify audit`."""
    findings = []
    async for awards in Payouts(connection).chunks(_CHUNK):
        acts = [act for award in awards for act in _attested_by(award)]
        findings += [
            f"The audit log has no entry {act.action} of {act.subject} with {act.details}."
            for act in await unattested(connection, acts)
        ]
    return findings


def _ruled(
    asked: Collection[int],
    awards: Mapping[int, Award],
    ruling: Callable[[Award], Ruling],
    step: Status,
) -> Outcome:
    """Tell apart who takes the step and who took it before; raise if it is refused to anybody."""
    outcome = Outcome([], [])
    refusals = []
    for award_id in sorted(set(asked)):
        award = awards.get(award_id)
        if award is None:
            refusals.append(Refusal.unknown(award_id))
            continue
        ruled = ruling(award)
        if ruled == "step":
            outcome.changed.append(award)
        elif ruled == "stands":
            outcome.unchanged.append(award)
        else:
            refusals.append(Refusal.of(award, ruled))
    if refusals:
        raise NotAll(refusals, step=step, asked=len(set(asked)))
    return outcome


def _facts(award: Award) -> dict[str, Any]:
    return {"race": award.race_id, "player": award.player_id, "amount": format_cents(award.amount)}


def _approved(award: Award) -> Act:
    return Act("award.approved", f"award:{award.id}", _facts(award) | {"by": award.approved_by})


def _paid(award: Award) -> Act:
    details = _facts(award) | {"by": award.paid_by, "reference": award.reference}
    return Act("award.paid", f"award:{award.id}", details)


def _attested_by(award: Award) -> list[Act]:
    """Return what the audit log must say of an award, as it stands."""
    acts = [_approved(award)] if award.approved_by is not None else []
    if award.status == "paid":
        acts.append(_paid(award))
    if award.status == "rejected":
        details = {"player": award.player_id, "rejected": [award.id], "reason": award.reason}
        acts.append(Act("race.corrected", f"race:{award.race_id}", details))
    return acts


async def _tell(connection: AsyncConnection, awards: Collection[Award], *, actor: str, now: datetime) -> None:
    """Tell of the step that these awards took: outside, to every process, and in the audit log, last."""
    acts = [_paid(award) if award.status == "paid" else _approved(award) for award in awards]
    for act in acts:
        event = Event(f"{act.action}:{act.subject}", act.action, act.subject, act.details)
        await tell(connection, event, now=now)
    for race_id in sorted({award.race_id for award in awards}):
        await announce(connection, f"race:{race_id}")
    await record(connection, acts, actor=actor, at=now)
