"""What a username may be, and which names look alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goatedvips.accounts.names import LONGEST, SHORTEST, is_reserved, masked, normalized, skeleton


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ada", "Ada"),
        ("  ada_1  ", "ada_1"),
        ("\uff21\uff22\uff23", "ABC"),
        ("u\u0308nal", "ünal"),
        ("Ünal-12", "Ünal-12"),
        ("日本語カナ", "日本語カナ"),
        ("한국어", "한국어"),
        ("हिन्दी", "हिन्दी"),
        ("مرحبا", "مرحبا"),
        ("кот.пёс", "кот.пёс"),
        ("a" * 32, "a" * 32),
    ],
)
def test_names_of_all_languages_are_taken(typed: str, kept: str) -> None:
    assert normalized(typed) == kept


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("ab", "3 to 32"),
        ("a" * 33, "3 to 32"),
        ("   ", "3 to 32"),
        ("a b c", "letters, digits"),
        ("a<b>c", "letters, digits"),
        ("a\u200bbc", "letters, digits"),
        ("a\u202ebc", "letters, digits"),
        ("a@b.c", "letters, digits"),
        ("🐐🐐🐐", "letters, digits"),
        ("_ab", "between letters"),
        ("ab_", "between letters"),
        ("a..b", "between letters"),
        ("a-_b", "between letters"),
        ("12345", "hold a letter"),
        ("\u0301abc", "begin with a letter"),
        ("p\u0430ypal", "one script"),
        ("a日b", "one script"),
    ],
)
def test_what_is_no_name_is_refused_with_a_sentence(typed: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        normalized(typed)


@given(st.text(max_size=40))
def test_what_is_kept_stays_as_it_is(typed: str) -> None:
    try:
        kept = normalized(typed)
    except ValueError:
        return

    assert normalized(kept) == kept
    assert SHORTEST <= len(kept) <= LONGEST
    assert skeleton(kept)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ian", "lan"),
        ("l0ve", "1Ove"),
        ("rnike", "mike"),
        ("\u0440\u0430\u0443\u0440\u0430l", "paypal"),
        ("Ünal", "ünal"),
        ("O0O", "oOo"),
        ("a\u05c0b", "alb"),
        ("\u1d2b\u1d2b\u1d2b", "\u043b\u043b\u043b"),  # the table names each as what the other looks like
    ],
)
def test_names_that_look_alike_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(("one", "other"), [("ian", "lan"), ("ada", "adb"), ("a-b", "a.b"), ("ünal", "unal")])
def test_names_that_do_not_look_alike_have_two(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@pytest.mark.parametrize("name", ["admin", "Adm1n", "a-d-m-i-n", "G0atedVips", "SUPPORT", "de1eted.player"])
def test_nobody_passes_for_the_site(name: str) -> None:
    assert is_reserved(name)


def test_others_are_not_reserved() -> None:
    assert not is_reserved("administrating")


@pytest.mark.parametrize(
    ("name", "shown"), [("SomePlayer", "So•••"), ("Ada", "A•••"), ("Adam", "Ad•••"), ("x", "x•••")]
)
def test_a_masked_name_tells_its_beginning_and_not_its_length(name: str, shown: str) -> None:
    assert masked(name) == shown
