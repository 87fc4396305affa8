"""What becomes of an award, and what a call comes to that wants a step of it.

pending ──► approved ──► paid
   └────────────┴──────► rejected
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

Status: TypeAlias = Literal["pending", "approved", "paid", "rejected"]

STEPS: Mapping[Status, frozenset[Status]] = {
    "pending": frozenset({"approved", "rejected"}),
    "approved": frozenset({"paid", "rejected"}),
    "paid": frozenset(),
    "rejected": frozenset(),
}

Refused: TypeAlias = Literal[
    "not_approved", "rejected", "paid", "approved_by_payer", "other_reference", "other_reason"
]
Ruling: TypeAlias = Literal["step", "stands"] | Refused
"""Take the step; it was taken before, by this very call or one that came to the same; or why not."""


def may_become(status: Status, following: Status) -> bool:
    """Tell whether an award of this status may take the following one."""
    return following in STEPS[status]


def sources(following: Status) -> list[Status]:
    """Return the statuses from which an award may take this one: the guard of the update that gives it."""
    return [status for status in STEPS if may_become(status, following)]


def approval(status: Status) -> Ruling:
    """Rule on approving an award; what was paid was approved before."""
    if may_become(status, "approved"):
        return "step"
    return "rejected" if status == "rejected" else "stands"


def payment(
    status: Status, *, reference: str, recorded: str | None, payer: str, approver: str | None
) -> Ruling:
    """Rule on paying an award with a reference, where one may be recorded.

    `approver` is who must not be the payer; None where that does not matter.
    """
    if status == "paid":
        return "stands" if reference == recorded else "other_reference"
    if not may_become(status, "paid"):
        return "rejected" if status == "rejected" else "not_approved"
    # One person in two spellings is still one.
    is_same = approver is not None and approver.casefold() == payer.casefold()
    return "approved_by_payer" if is_same else "step"


def rejection(status: Status, *, reason: str, recorded: str | None) -> Ruling:
    """Rule on rejecting an award for a reason, where one may be recorded."""
    if may_become(status, "rejected"):
        return "step"
    if status == "paid":
        return "paid"
    return "stands" if reason == recorded else "other_reason"
