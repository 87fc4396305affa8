"""Awards take the steps that are drawn, and no others."""

from typing import get_args

import pytest

from goatedvips.races.rules.payouts import (
    STEPS,
    Status,
    approval,
    may_become,
    payment,
    rejection,
    sources,
)

DRAWN = {
    ("pending", "approved"),
    ("pending", "rejected"),
    ("approved", "paid"),
    ("approved", "rejected"),
}


def test_only_the_steps_that_are_drawn_can_be_taken() -> None:
    statuses = get_args(Status)

    assert set(STEPS) == set(statuses)
    assert {
        (before, after) for before in statuses for after in statuses if may_become(before, after)
    } == DRAWN


def test_the_guard_of_an_update_names_where_the_step_may_come_from() -> None:
    assert [sources(status) for status in get_args(Status)] == [
        [],
        ["pending"],
        ["approved"],
        ["pending", "approved"],
    ]


@pytest.mark.parametrize(
    ("status", "ruling"),
    [("pending", "step"), ("approved", "stands"), ("paid", "stands"), ("rejected", "rejected")],
)
def test_what_was_approved_once_stays_approved(status: Status, ruling: str) -> None:
    assert approval(status) == ruling


@pytest.mark.parametrize(
    ("status", "recorded", "ruling"),
    [
        ("pending", None, "not_approved"),
        ("approved", None, "step"),
        ("paid", "R1", "stands"),
        ("paid", "R2", "other_reference"),
        ("rejected", None, "rejected"),
    ],
)
def test_only_what_is_approved_is_paid_and_with_one_reference(
    status: Status, recorded: str | None, ruling: str
) -> None:
    assert payment(status, reference="R1", recorded=recorded, payer="cli:bob", approver="cli:ann") == ruling


@pytest.mark.parametrize(
    ("approver", "ruling"),
    [("cli:ann", "approved_by_payer"), ("cli:ANN", "approved_by_payer"), ("cli:bob", "step"), (None, "step")],
)
def test_who_approved_does_not_pay_in_whatever_spelling(approver: str | None, ruling: str) -> None:
    assert payment("approved", reference="R1", recorded=None, payer="cli:Ann", approver=approver) == ruling


def test_who_paid_may_say_so_again_although_he_approved_it() -> None:
    # It was paid before four eyes were required.
    assert payment("paid", reference="R", recorded="R", payer="cli:ann", approver="cli:ann") == "stands"


@pytest.mark.parametrize(
    ("status", "recorded", "ruling"),
    [
        ("pending", None, "step"),
        ("approved", None, "step"),
        ("paid", None, "paid"),
        ("rejected", "cheated", "stands"),
        ("rejected", "left", "other_reason"),
    ],
)
def test_what_is_not_paid_is_rejected_for_one_reason(
    status: Status, recorded: str | None, ruling: str
) -> None:
    assert rejection(status, reason="cheated", recorded=recorded) == ruling
