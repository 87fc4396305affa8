from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from goatedvips.upstream.wire import Referral
from goatedvips.wagers.diff import Amounts, Diff, Holding, Move, Newcomer, Rename, diff

FIVE = Amounts(1, 2, 3, 500_000_000)


def referral(uid: str, all_time: str = "5", *, name: str = "Ann") -> Referral:
    return Referral(uid, name, Decimal("1e-8"), Decimal("2e-8"), Decimal("3e-8"), Decimal(all_time))


def test_nobody_is_held_so_everybody_is_new() -> None:
    assert diff([referral("a")], {}) == Diff(newcomers=[Newcomer("a", "Ann", FIVE)])


def test_who_is_as_before_changes_nothing() -> None:
    same = diff([referral("a")], {"a": Holding(1, "Ann", FIVE)})

    assert same == Diff()
    assert same.updated == 0


def test_what_differs_beyond_eight_decimals_only_is_no_change() -> None:
    assert diff([referral("a", "5.000000004")], {"a": Holding(1, "Ann", FIVE)}) == Diff()


def test_a_move_knows_what_was_before() -> None:
    moved = diff([referral("a", "4")], {"a": Holding(1, "Ann", FIVE)})

    assert moved.moves == [Move(1, FIVE, FIVE._replace(all_time=400_000_000))]
    assert moved.renames == []


def test_who_moves_under_a_new_name_is_one_update() -> None:
    changed = diff(
        [referral("a", "6", name="Bob"), referral("b", name="Bob")],
        {"a": Holding(1, "Ann", FIVE), "b": Holding(2, "Ann", FIVE)},
    )

    assert len(changed.moves) == 1
    assert changed.renames == [Rename(1, "Bob"), Rename(2, "Bob")]
    assert changed.updated == 2


units = st.integers(0, 2**63 - 1)


@given(units, units, units, units)
def test_amounts_are_read_to_the_unit(today: int, week: int, month: int, ever: int) -> None:
    row = Referral("a", "Ann", *(Decimal(each).scaleb(-8) for each in (today, week, month, ever)))

    assert Amounts.of(row) == (today, week, month, ever)
