"""Names for those whose own are none here."""

from hypothesis import given
from hypothesis import strategies as st

from goatedvips.accounts import names
from goatedvips.legacy.rules.usernames import naming


def test_a_good_name_comes_first_and_needs_no_excuse() -> None:
    found = naming("Ada", 7)

    assert found.choices == ("Ada", "Ada_7", "user_7")
    assert found.why is None


def test_another_form_of_the_letters_is_said() -> None:
    found = naming(" Ada ", 7)

    assert found.choices == ("Ada", "Ada_7", "user_7")
    assert found.why is not None


def test_a_name_that_passes_for_ours_leaves_nothing_of_itself() -> None:
    assert naming("Adm1n", 7).choices == ("user_7",)
    assert naming("support!", 7).choices == ("user_7",)


def test_an_address_as_a_name_keeps_only_what_stands_before_the_at() -> None:
    assert naming("max.power@example.org", 7).choices == ("max_power_7", "user_7")


@given(st.text(), st.integers(1, 2**31 - 1))
def test_whatever_was_written_there_is_a_name_here_in_the_end(written: str, number: int) -> None:
    found = naming(written, number)

    assert found == naming(written, number)
    assert found.choices[-1] == f"user_{number}"
    assert len(set(found.choices)) == len(found.choices)
    for name in found.choices:
        assert names.normalized(name) == name
        assert not names.is_reserved(name)
