"""What is kept of a row of the first system's users."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from goatedvips.accounts.roles import Role
from goatedvips.legacy.rules.findings import Finding, Left, Outcome, Refused, outcome_of
from goatedvips.legacy.rules.users import (
    Account,
    Known,
    LegacyUser,
    PlayerHere,
    Terms,
    address,
    link_of,
    map_user,
    named,
)

NOW = datetime(2025, 3, 26, 12, tzinfo=UTC)
TERMS = Terms(NOW, ZoneInfo("UTC"))
HASHED = "$2b$04$8GuFrGSG.jm3s8hWdOs3Me6BUia1HnZLbzewaxuPLWkq7Grvs5466"
ROW = LegacyUser(
    id=7,
    username="ada",
    email="ada@example.com",
    owns_email=True,
    email_verified=True,
    has_password=True,
    bcrypt=HASHED,
    bio=None,
    profile_color=None,
    created_at="2025-03-01 12:00:00",
    last_login=None,
    last_updated=None,
    is_admin=False,
    goated_id=None,
    goated_account_linked=False,
    total_wager=None,
    daily_wager=None,
    weekly_wager=None,
    monthly_wager=None,
)


FREE = PlayerHere(3, None, 0)


def kept(row: LegacyUser, known: Known = Known(), terms: Terms = TERMS) -> Account:  # noqa: B008 - frozen
    account = map_user(row, known, terms)
    assert isinstance(account, Account)
    return account


def codes(findings: tuple[Finding, ...]) -> set[str]:
    return {found.code for found in findings}


def test_nothing_is_said_of_a_row_that_is_as_ours_are() -> None:
    account = kept(ROW)

    assert account.findings == ()
    assert outcome_of(account.findings) is Outcome.TAKEN
    assert (account.profile_color, account.role, account.needs_reset) == ("#D7FF00", Role.USER, False)


@pytest.mark.parametrize("form", ["$2a$04$", "$2b$04$", "$2y$04$", "$2b$10$", "$2b$15$"])
def test_bcrypt_is_kept_as_it_is(form: str) -> None:
    hashed = form + HASHED[7:]

    assert kept(replace(ROW, bcrypt=hashed)).password == hashed


@pytest.mark.parametrize(
    "hashed",
    [
        None,
        "$2x$" + HASHED[4:],
        # What the library would refuse: costs it does not know, and salts that are not canonical.
        "$2b$03$" + HASHED[7:],
        "$2b$32$" + HASHED[7:],
        HASHED[:28] + "A" + HASHED[29:],
        # What no password ever gives.
        HASHED[:-1] + "7",
        # What would take minutes to compare.
        "$2b$16$" + HASHED[7:],
        HASHED + "\n",
        HASHED[:-1],
    ],
)
def test_any_other_password_is_refused_for_a_reset(hashed: str | None) -> None:
    account = kept(replace(ROW, bcrypt=hashed))

    assert account.password is None
    assert account.needs_reset
    assert codes(account.findings) == {"no_bcrypt"}


def test_no_password_at_all_is_nothing_lost() -> None:
    account = kept(replace(ROW, bcrypt=None, has_password=False))

    assert (account.findings, account.needs_reset) == ((), True)


def test_a_row_without_address_and_password_is_a_player() -> None:
    player = replace(ROW, email=None, bcrypt=None, has_password=False, total_wager="oops")

    mapped = map_user(player, Known(), TERMS)

    assert isinstance(mapped, Left)
    assert codes(mapped.findings) == {"no_amount"}
    assert isinstance(map_user(replace(player, email=""), Known(), TERMS), Left)


def test_a_row_that_nobody_could_sign_in_to_is_refused() -> None:
    mapped = map_user(replace(ROW, email="oops", bcrypt=None), Known(), TERMS)

    assert isinstance(mapped, Refused)
    assert codes(mapped.findings) == {"no_address", "no_bcrypt", "unreachable"}


def test_an_address_is_verified_only_while_it_is_kept() -> None:
    account = kept(ROW, Known(addresses={"ada@example.com"}))

    assert (account.email, account.email_verified) == (None, False)
    assert not kept(replace(ROW, email_verified=False)).email_verified
    assert address("") is None


def test_a_biography_is_cut_to_what_can_be_shown() -> None:
    long = kept(replace(ROW, bio="\u202e" + "line\n" * 20 + "x" * 900))

    assert long.bio == "\n".join(["line"] * 10)
    assert codes(long.findings) == {"bio"}
    assert kept(replace(ROW, bio="x" * 900)).bio == "x" * 500
    assert kept(replace(ROW, bio="  ")).bio is None


def test_a_colour_that_is_none_becomes_the_usual_one() -> None:
    account = kept(replace(ROW, profile_color="red;}"))

    assert account.profile_color == "#D7FF00"
    assert codes(account.findings) == {"color"}


def test_a_row_without_a_time_is_as_old_as_the_import() -> None:
    account = kept(replace(ROW, created_at=None, last_login="2025-03-26 12:00:01"))

    assert (account.created_at, account.last_login) == (NOW, None)
    assert codes(account.findings) == {"no_time", "time"}


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("100", set()), ("100.00000001", {"above_the_feed"}), ("1e999", {"no_amount"})],
)
def test_a_total_is_held_against_the_feeds(amount: str, expected: set[str]) -> None:
    known = Known(players={"uid": PlayerHere(3, None, 100_00000000)})
    row = replace(ROW, goated_id="uid", goated_account_linked=True, total_wager=amount, daily_wager="999")

    account = kept(row, known)

    assert codes(account.findings) == expected
    assert account.player_id == 3


@pytest.mark.parametrize(
    ("row", "role", "code"),
    [
        (replace(ROW, goated_id="uid"), Role.USER, "link_unconfirmed"),
        (replace(ROW, goated_id="uid", goated_account_linked=True), Role.ADMIN, "link_of_staff"),
        (replace(ROW, goated_id="who", goated_account_linked=True), Role.USER, "player_unknown"),
        (replace(ROW, goated_id=None, goated_account_linked=True), Role.USER, "player_unknown"),
        (replace(ROW, goated_id="his", goated_account_linked=True), Role.USER, "player_taken"),
        (replace(ROW, goated_id="bad", goated_account_linked=True), Role.USER, "player_barred"),
    ],
)
def test_a_link_needs_a_reason(row: LegacyUser, role: Role, code: str) -> None:
    known = Known(
        players={"uid": FREE, "his": PlayerHere(4, 5, 0), "bad": PlayerHere(6, None, 0, is_barred=True)}
    )

    player_id, findings = link_of(row, known, role)

    assert player_id is None
    assert codes(findings) == {code}
    assert link_of(ROW, known, role) == (None, ())


def test_an_administrator_is_made_only_where_asked_for_and_reachable() -> None:
    boss, asked = replace(ROW, is_admin=True), replace(TERMS, admins=True)

    assert kept(boss).role is Role.USER
    assert (kept(boss, terms=asked).role, kept(boss, terms=asked).password) == (Role.ADMIN, None)
    unreachable = kept(replace(boss, email=None), terms=asked)
    assert (unreachable.role, unreachable.password) == (Role.USER, HASHED)


def test_what_is_said_of_a_name_repeats_no_address() -> None:
    account = kept(replace(ROW, username="max@example.org"))

    (found,) = named(account, "max@example.org", "max_7")

    assert "example.org" not in found.text
    assert named(kept(ROW), "ada", "ada") == ()
    assert "is another's" in named(kept(ROW), "ada", "ada_7")[0].text
    assert len(named(account, "x" * 500, "max_7")[0].text) < 200
