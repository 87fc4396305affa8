from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from goatedvips.kit.errors import Conflict, FieldError, NotFound
from goatedvips.races.payouts.repository import Award
from goatedvips.races.rules.payouts import Refused


class AwardNotFound(NotFound):
    """There is no such award."""

    code = "award_not_found"

    def __init__(self, award_id: int | str) -> None:
        super().__init__(f"There is no award {award_id}.")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a step of an award could not be taken: a code for programs, a sentence for people."""

    award_id: int
    code: str
    sentence: str

    @classmethod
    def of(cls, award: Award, why: Refused) -> "Refusal":
        """Say why, naming what is recorded."""
        code, sentence = _REFUSALS[why]
        return cls(award.id, code, sentence(award))

    @classmethod
    def unknown(cls, award_id: int) -> "Refusal":
        """Say that there is no such award."""
        missing = AwardNotFound(award_id)
        return cls(award_id, missing.code, missing.detail)


class NotAll(Conflict):
    """Something stands against a step of some awards, and so it was taken for none."""

    code = "awards_refused"

    def __init__(self, refusals: Sequence[Refusal], *, step: str, asked: int) -> None:
        self.refusals = list(refusals)
        self.heading = ""
        """What stands above the refusals; nothing where one award was asked for."""
        if asked == 1:
            self.code = refusals[0].code
            if self.code == AwardNotFound.code:
                self.status, self.title = AwardNotFound.status, AwardNotFound.title
        else:
            self.heading = f"None of the {asked} awards was {step}; {len(refusals)} could not be:"
        sentences = " ".join(refusal.sentence for refusal in refusals)
        super().__init__(f"{self.heading} {sentences}".lstrip())
        self.name_them({})

    def name_them(self, lines: Mapping[int, int]) -> None:
        """Name each award that stands in the way, by its line where a sheet has it."""
        self.errors = [
            FieldError(
                f"line {lines[refusal.award_id]}"
                if refusal.award_id in lines
                else f"award {refusal.award_id}",
                refusal.sentence,
            )
            for refusal in self.refusals
        ]


class ChangedMeanwhile(Conflict):
    """Somebody changed an award although it was locked."""

    code = "award_changed"

    def __init__(self) -> None:
        super().__init__("Somebody changed one of the awards meanwhile; nothing was done. Look again.")


def _at(moment: datetime | None) -> str:
    return "at an unknown time" if moment is None else f"at {moment:%Y-%m-%d %H:%M} UTC"


def _rejected(award: Award) -> str:
    reason = (award.reason or "for no reason").rstrip(".")
    return f"Award {award.id} was rejected by {award.rejected_by} {_at(award.rejected_at)}: {reason}."


def _paid(award: Award) -> str:
    return (
        f"Award {award.id} was paid by {award.paid_by} {_at(award.paid_at)}"
        f" with the reference {award.reference}"
    )


_REFUSALS: Mapping[Refused, tuple[str, Callable[[Award], str]]] = {
    "not_approved": ("award_not_approved", lambda award: f"Award {award.id} is not approved yet."),
    "rejected": ("award_rejected", _rejected),
    "other_reason": ("award_rejected", _rejected),
    "paid": ("award_paid", lambda award: f"{_paid(award)}; what was paid cannot be taken back."),
    "other_reference": ("award_paid", lambda award: f"{_paid(award)}, not with this one."),
    "approved_by_payer": (
        "four_eyes",
        lambda award: f"Award {award.id} was approved by {award.approved_by}; somebody else must pay it.",
    ),
}
