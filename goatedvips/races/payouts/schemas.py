from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from goatedvips.kit.money import format_cents
from goatedvips.kit.pagination import PageQuery, Pagination
from goatedvips.kit.schemas import Instant, Schema, Submission
from goatedvips.kit.sheets import FORMULA
from goatedvips.races.payouts.repository import Award
from goatedvips.races.rules.payouts import STEPS, Status

AwardStatus = Literal["pending", "approved", "paid", "rejected"]
AwardId = Annotated[int, Field(ge=1, lt=2**63)]
NamedAward = Annotated[int, Field(ge=1, lt=2**63, strict=True)]
"""An award's number in a body: `true` is none, nor is a text."""
MOST = 10_000
"""Awards in one request: as many as places that a race may pay."""


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

    id: NamedAward
    reference: Reference


class Payments(Submission):
    """Awards that were paid; each is named once."""

    payments: Annotated[list[Payment], Field(min_length=1, max_length=MOST)]


class AwardPay(Submission):
    """Under which reference one award was paid."""

    reference: Reference


class AwardApproval(Submission):
    """Which awards are approved: these, or all of a race that are pending."""

    ids: Annotated[list[NamedAward] | None, Field(min_length=1, max_length=MOST)] = None
    race: NamedAward | None = None


class AwardReject(Submission):
    """Why an award is rejected, as its player will read it."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class AwardQuery(Schema):
    """Which awards are meant. The player by number or uid."""

    race: AwardId | None = None
    player: Annotated[str | None, Field(min_length=1, max_length=64)] = None
    status: AwardStatus | None = None


class AwardPageQuery(AwardQuery, PageQuery):
    """Which page of which awards: those of the newest race first."""


class MyAwardsQuery(PageQuery):
    """Which page of my awards: those of the newest race first."""

    status: AwardStatus | None = None


class AwardListQuery(AwardQuery):
    """Which awards to list: those of the newest race first."""

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

    @classmethod
    def all(cls, totals: Mapping[Status, tuple[int, int]]) -> list["AwardTotal"]:
        """Show awards and cents by status, those statuses too of which there are none."""
        return [
            cls(status=status, awards=awards, amount=format_cents(cents))
            for status in STEPS
            for awards, cents in [totals.get(status, (0, 0))]
        ]


class AwardList(Schema):
    """Awards, and the totals of the race and the player that were asked for, whatever the status."""

    data: list[AwardResponse]
    totals: list[AwardTotal]


class AwardPage(AwardList):
    """A page of awards, and the totals of the race and the player that were asked for."""

    pagination: Pagination


class AwardsChanged(Schema):
    """Which awards took the step by this call, and which had taken it before; `amount` is of the former.

    `lines_left_out` are those lines of a sheet that had no reference.
    """

    changed: list[AwardResponse]
    unchanged: list[AwardResponse]
    amount: str
    lines_left_out: list[int]

    @classmethod
    def of(
        cls, changed: Sequence[Award], unchanged: Sequence[Award], left_out: Sequence[int] = ()
    ) -> "AwardsChanged":
        """Show what a call did."""
        return cls(
            changed=[AwardResponse.of(award) for award in changed],
            unchanged=[AwardResponse.of(award) for award in unchanged],
            amount=format_cents(sum(award.amount for award in changed)),
            lines_left_out=list(left_out),
        )


class AwardRejection(Schema):
    """What a rejection came to: what its player lost, and what others are owed instead.

    `version` is that of the race's new result; null if the award was rejected before for the same reason.
    """

    version: int | None
    rejected: list[AwardResponse]
    gained: list[AwardResponse]


class MyAward(Schema):
    """What I am owed for a place, in dollars, and how far it has come. The reference is of the payment."""

    id: int
    race_id: int
    race: str
    position: int
    amount: str
    status: AwardStatus
    created_at: Instant
    approved_at: Instant | None
    paid_at: Instant | None
    reference: str | None
    rejected_at: Instant | None
    reason: str | None

    @classmethod
    def of(cls, award: Award) -> "MyAward":
        """Show an award to its owner: who of us did what to it is ours to know."""
        return cls(**AwardResponse.of(award).model_dump(include=set(cls.model_fields)))


class MyAwards(Schema):
    """A page of my awards, and the totals of all of them."""

    data: list[MyAward]
    totals: list[AwardTotal]
    pagination: Pagination
