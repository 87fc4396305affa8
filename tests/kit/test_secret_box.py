"""What is encrypted is read with the keys of the installation, old ones too, and with no other."""

import pytest

from goatedvips.kit.secret_box import SecretBox, WrongKey


def test_what_was_locked_is_read_again() -> None:
    box = SecretBox(["k" * 32])

    assert box.unlock(box.lock("JBSWY3DP")) == "JBSWY3DP"
    assert b"JBSWY3DP" not in box.lock("JBSWY3DP")


def test_a_key_is_replaced_by_putting_the_new_one_before_it() -> None:
    old, both, new = SecretBox(["old" * 11]), SecretBox(["new" * 11, "old" * 11]), SecretBox(["new" * 11])
    before = old.lock("before")

    assert both.unlock(before) == "before"
    assert new.unlock(both.lock("after")) == "after"
    with pytest.raises(WrongKey, match="GOATEDVIPS_SECRET_KEY"):
        new.unlock(before)


def test_nobody_changes_what_is_locked() -> None:
    box = SecretBox(["k" * 32])
    locked = bytearray(box.lock("secret"))
    locked[20] ^= 1

    with pytest.raises(WrongKey):
        box.unlock(bytes(locked))


@pytest.mark.parametrize("locked", [b"", b"short", b"x" * 40])
def test_what_was_never_locked_is_not_read(locked: bytes) -> None:
    with pytest.raises(WrongKey):
        SecretBox(["k" * 32]).unlock(locked)
