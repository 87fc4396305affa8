import pytest

from goatedvips.kit.secret_box import SecretBox, WrongKey

OLD, NEW = "o" * 32, "n" * 32


def test_a_secret_comes_back_and_looks_different_each_time() -> None:
    box = SecretBox([OLD])

    locked = [box.lock("JBSWY3DP") for _ in range(2)]

    assert [box.unlock(each) for each in locked] == ["JBSWY3DP", "JBSWY3DP"]
    assert locked[0] != locked[1]


def test_a_key_is_replaced_by_naming_the_new_one_first() -> None:
    held = SecretBox([OLD]).lock("JBSWY3DP")

    both = SecretBox([NEW, OLD])

    assert both.unlock(held) == "JBSWY3DP"
    assert SecretBox([NEW]).unlock(both.lock("JBSWY3DP")) == "JBSWY3DP"


@pytest.mark.parametrize("at", [0, 12, -1])
def test_what_was_tampered_with_is_not_read(at: int) -> None:
    locked = bytearray(SecretBox([OLD]).lock("JBSWY3DP"))
    locked[at] ^= 1

    with pytest.raises(WrongKey):
        SecretBox([OLD]).unlock(bytes(locked))


@pytest.mark.parametrize("locked", [b"", b"short", b"x" * 40])
def test_what_was_never_locked_is_not_read(locked: bytes) -> None:
    with pytest.raises(WrongKey):
        SecretBox([OLD]).unlock(locked)


def test_another_key_reads_nothing() -> None:
    with pytest.raises(WrongKey):
        SecretBox([NEW]).unlock(SecretBox([OLD]).lock("JBSWY3DP"))
