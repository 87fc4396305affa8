from decimal import ROUND_HALF_EVEN, Context, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goatedvips.kit.money import (
    MAX_UNITS,
    format_cents,
    from_units,
    parse_cents,
    to_units,
    units_to_json,
)

EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)


@given(st.integers(0, 10**14 - 1))
def test_cents_survive_being_written_and_read(cents: int) -> None:
    assert parse_cents(format_cents(cents)) == cents


@given(st.integers(1, 10**20))
def test_a_debt_is_written_as_the_amount_with_a_sign(cents: int) -> None:
    assert format_cents(-cents) == f"-{format_cents(cents)}"


@given(st.from_regex(r"\A\d{1,12}(\.\d{1,2})?\Z", fullmatch=True).filter(str.isascii))
def test_every_amount_of_the_wire_is_read_exactly(money: str) -> None:
    assert Decimal(parse_cents(money)) == Decimal(money) * 100


@pytest.mark.parametrize(
    "money",
    [
        "",
        "1.",
        ".5",
        "1.005",
        "-1",
        "+1",
        "1e3",
        "1,000",
        " 1",
        "1 ",
        "1\n",
        "\N{ARABIC-INDIC DIGIT ONE}",
        "NaN",
        "1" * 13,
        "1_0",
    ],
)
def test_anything_else_is_no_amount(money: str) -> None:
    with pytest.raises(ValueError, match="is not an amount of dollars"):
        parse_cents(money)


@given(st.decimals(0, Decimal(MAX_UNITS).scaleb(-8), allow_nan=False, places=18))
def test_dollars_are_rounded_half_even_to_units(dollars: Decimal) -> None:
    expected = EXACT.to_integral_value(EXACT.scaleb(dollars, 8))

    assert to_units(dollars) == expected


@pytest.mark.parametrize(
    ("dollars", "units"),
    [
        ("457.9517254411", 45_795_172_544),
        ("0.000000005", 0),
        ("0.000000015", 2),
        ("0.000000025", 2),
        ("0.00000000500000001", 1),
        ("92233720368.54775807", MAX_UNITS),
        ("1e-999999", 0),
        ("-0", 0),
    ],
)
def test_an_amount_at_an_edge_is_rounded_as_everywhere(dollars: str, units: int) -> None:
    assert to_units(Decimal(dollars)) == units


@pytest.mark.parametrize(
    ("dollars", "why"),
    [
        ("NaN", "not a finite"),
        ("sNaN", "not a finite"),
        ("Infinity", "not a finite"),
        ("-Infinity", "not a finite"),
        ("-0.000000001", "is negative"),
        ("92233720368.54775808", "more than any player"),
        ("92233720368.547758075", "more than any player"),
        ("1e12", "more than any player"),
        ("1e999999", "more than any player"),
    ],
)
def test_what_cannot_have_been_wagered_is_refused(dollars: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        to_units(Decimal(dollars))


@given(st.integers(0, MAX_UNITS))
def test_units_survive_being_dollars(units: int) -> None:
    assert to_units(from_units(units)) == units


@given(st.integers(0, MAX_UNITS))
def test_units_are_written_as_the_shortest_exact_number(units: int) -> None:
    written = units_to_json(units)

    assert Decimal(written) == from_units(units)
    assert "e" not in written.lower()
    assert written == "0" or "." not in written or not written.endswith(("0", "."))
