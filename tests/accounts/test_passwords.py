"""Which passwords are taken, and how they are kept."""

import asyncio

import bcrypt
import pytest

from goatedvips.accounts.passwords import policy
from goatedvips.accounts.passwords.hashing import PasswordHasher


@pytest.mark.parametrize(
    "password",
    ["correct horse", "ada12345", "        x", "ünïcödé!", "a\0bcdefg", "x" * 127 + "y", "🐐🐏" * 4],
)
def test_no_kind_of_character_is_asked_for_or_forbidden(password: str) -> None:
    policy.check(password, about=("ada",))


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short77", "8 to 128"),
        ("x" * 64 + "y" * 65, "8 to 128"),
        ("password", "many others"),
        ("PASSWORD", "many others"),
        ("Password1!", "many others"),
        ("12345678", "many others"),
        ("zzzzzzzz", "many others"),
        ("lovelace12", "too much like"),
        ("1Lovelace", "too much like"),
        ("goatedvips", "too much like"),
        ("GoatedVIPs!1", "too much like"),
    ],
)
def test_what_others_would_guess_is_refused(password: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        policy.check(password, about=("lovelace", "ada"))


def test_a_name_within_a_longer_phrase_is_no_guess() -> None:
    policy.check("lovelace wrote notes", about=("lovelace",))


def test_staff_need_fifteen() -> None:
    with pytest.raises(ValueError, match="15 to 128"):
        policy.check("fourteen chars", least=policy.LEAST_OF_STAFF)
    policy.check("fifteen chars..", least=policy.LEAST_OF_STAFF)


def test_three_thousand_of_the_most_common_that_are_long_enough_are_known() -> None:
    assert sum(len(password) >= policy.LEAST for password in policy._COMMON) > 3000


@pytest.fixture
def hasher() -> PasswordHasher:
    return PasswordHasher(4)


def matches(hasher: PasswordHasher, kept: str, typed: str) -> bool:
    async def ask() -> bool:
        return await hasher.verify(typed, await hasher.hash(kept))

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("y" * 200, "y" * 199),
        ("y" * 72 + "a", "y" * 72 + "b"),
        ("y" * 73, "y" * 72),
        ("ä" * 40 + "a", "ä" * 40 + "b"),
        ("a\0b", "a\0c"),
        ("a\0b", "a"),
        ("space ", "space"),
        ("Case", "case"),
    ],
)
def test_every_character_counts(hasher: PasswordHasher, kept: str, typed: str) -> None:
    assert matches(hasher, kept, kept)
    assert not matches(hasher, kept, typed)


def test_how_a_keyboard_composes_a_character_does_not_matter(hasher: PasswordHasher) -> None:
    assert matches(hasher, "u\u0308ber alles", "über alles")


async def test_a_hash_of_another_program_covers_what_that_one_covered(hasher: PasswordHasher) -> None:
    held = bcrypt.hashpw(b"z" * 72, bcrypt.gensalt(4)).decode()

    assert await hasher.verify("z" * 100, held, truncates=True)
    assert not await hasher.verify("z" * 100, held)
    assert not await hasher.verify("z" * 71, held, truncates=True)
    assert hasher.is_outdated(held, truncates=True)


async def test_nobodys_password_is_compared_too(hasher: PasswordHasher) -> None:
    assert not await hasher.verify("whatever", None)
    assert hasher._nobody.startswith("$2b$04$")
    assert len(hasher._nobody) == len(await hasher.hash("x"))
