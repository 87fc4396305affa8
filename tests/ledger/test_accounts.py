"""Which cause moves money between which accounts."""

import pytest

from goatedvips.ledger.accounts import OPERATOR, flows, forfeited, owed, paid, pool


def test_accounts_are_named_after_what_they_hold() -> None:
    names = [OPERATOR, pool(7), forfeited(7), owed(12), paid(12)]

    assert names == ["operator", "race:7:pool", "race:7:forfeited", "award:12:owed", "award:12:paid"]


@pytest.mark.parametrize(
    ("key", "debit", "credit"),
    [
        ("race:7:1:pool", OPERATOR, pool(7)),
        ("race:7:1:returned", pool(7), OPERATOR),
        ("race:7:23:returned", pool(7), OPERATOR),
        ("award:12:owed", pool(7), owed(12)),
        ("award:12:paid", owed(12), paid(12)),
        ("award:12:forfeited", owed(12), forfeited(7)),
        ("award:12:reversed", owed(12), pool(7)),
    ],
)
def test_a_cause_moves_money_one_way(key: str, debit: str, credit: str) -> None:
    assert flows(key, debit, credit)
    assert not flows(key, credit, debit)
    assert not flows(key, debit, debit)


@pytest.mark.parametrize(
    ("key", "debit", "credit"),
    [
        ("race:7:1:pool", OPERATOR, pool(8)),
        ("race:7:2:pool", OPERATOR, pool(7)),
        ("race:7:0:returned", pool(7), OPERATOR),
        ("race:07:1:pool", OPERATOR, "race:07:pool"),
        ("race:\u0667:1:pool", OPERATOR, "race:\u0667:pool"),
        ("award:12:owed", pool(7), owed(13)),
        ("award:12:owed", OPERATOR, owed(12)),
        ("award:12:owed ", pool(7), owed(12)),
        ("award:12:paid", owed(13), paid(13)),
        ("award:12:forfeited", owed(12), pool(7)),
        ("gift:1", OPERATOR, owed(12)),
        ("", "", ""),
    ],
)
def test_nothing_else_does(key: str, debit: str, credit: str) -> None:
    assert not flows(key, debit, credit)
