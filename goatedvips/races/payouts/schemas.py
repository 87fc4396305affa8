from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from goatedvips.kit.money import format_cents
from goatedvips.kit.schemas import Instant, Schema, Submission
from goatedvips.kit.sheets import FORMULA
from goatedvips.races.payouts.repository import Award

AwardStatus = Literal["pending", "approved", "paid", "rejected"]
AwardId = Annotated[int, Field(ge=1, lt=2**63)]


def _plain(reference: str) -> str:
    if not reference.isprintable():
        raise ValueError("holds a character that cannot be printed")
    # So that the sheet of what is due gives it back as it was.
    if reference.startswith((*FORMULA, "'")):
        raise ValueError("must not begin with one of = + - @ '")
    return reference


Reference = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_plain)]
"""Of a payment, as the payer's books have it."""


class Payment(Submission):
    """An award that was paid, and under which reference."""

    id: AwardId
    reference: Reference


class AwardReject(Submission):
    """Why an award is rejected, as its player will read it."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class AwardListQuery(Schema):
    """Which awards to list: those of the newest race first. The player by number or uid."""

    race: AwardId | None = None
    player: Annotated[str | None, Field(min_length=1, max_length=64)] = None
    status: AwardStatus | None = None
    limit: Annotated[int, Field(ge=1, le=100_000)] | None = None


class AwardResponse(Schema):
    """What somebody is owed, in dollars, and how far it has come. The name is that of the result."""

    id: int
    race_id: int
    race: str
    version: int
    player_id: int
    goated_id: str
    username: str
    position: int
    amount: str
    status: AwardStatus
    created_at: Instant
    approved_by: str | None
    approved_at: Instant | None
    paid_by: str | None
    paid_at: Instant | None
    reference: str | None
    rejected_by: str | None
    rejected_at: Instant | None
    reason: str | None

    @classmethod
    def of(cls, award: Award) -> "AwardResponse":
        """Show an award."""
        return cls(
            id=award.id,
            race_id=award.race_id,
            race=award.race,
            version=award.version,
            player_id=award.player_id,
            goated_id=award.uid,
            username=award.username,
            position=award.position,
            amount=format_cents(award.amount),
            status=award.status,
            created_at=award.created_at,
            approved_by=award.approved_by,
            approved_at=award.approved_at,
            paid_by=award.paid_by,
            paid_at=award.paid_at,
            reference=award.reference,
            rejected_by=award.rejected_by,
            rejected_at=award.rejected_at,
            reason=award.reason,
        )


class AwardTotal(Schema):
    """How many awards are of a status, and the dollars of all of them."""

    status: AwardStatus
    awards: int
    amount: str


class AwardList(Schema):
    """Awards, and the totals of the race and the player that were asked for, whatever the status."""

    data: list[AwardResponse]
    totals: list[AwardTotal]
