"""Ages, limits, lifetimes, roles, codes and letters: what only computes."""

from datetime import UTC, date, datetime, timedelta

import pyotp
import pytest

from goatedvips.accounts.age import TooYoung, age, require_age
from goatedvips.accounts.attempts.limits import Limit
from goatedvips.accounts.mailbox import letters
from goatedvips.accounts.mailbox.letters import Addressee
from goatedvips.accounts.roles import GRANTS, Permission, Role
from goatedvips.accounts.second_factor import codes
from goatedvips.accounts.sessions.lifetimes import OF_PLAYERS, OF_STAFF, lifetime

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TO = Addressee("ada@example.com", "ada", "https://vips.example")


@pytest.mark.parametrize(
    ("born", "today", "years"),
    [
        (date(2000, 11, 24), date(2026, 11, 24), 26),
        (date(2000, 11, 25), date(2026, 11, 24), 25),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_years_are_full_years(born: date, today: date, years: int) -> None:
    assert age(born, today) == years


def test_the_day_of_age_is_old_enough() -> None:
    require_age(date(2008, 11, 24), NOON)
    with pytest.raises(TooYoung):
        require_age(date(2008, 11, 25), NOON)


def test_the_oldest_of_so_many_tries_makes_room() -> None:
    limit = Limit(3, timedelta(minutes=15))
    tries = [NOON - timedelta(minutes=minutes) for minutes in (1, 2, 10)]

    assert limit.since(NOON) == NOON - timedelta(minutes=15)
    assert limit.free_at(tries) == NOON + timedelta(minutes=5)
    assert limit.free_at(tries[:2]) is None


def test_staff_are_signed_in_for_a_working_day() -> None:
    assert lifetime(Role.USER) is OF_PLAYERS
    assert lifetime(Role.SUPPORT) is lifetime(Role.ADMIN) is OF_STAFF


@pytest.mark.parametrize(
    ("seen", "left", "over"), [(59, 1, False), (60, 1, True), (1, 0, True), (1, -1, True)]
)
def test_a_session_is_over_when_idle_or_at_its_end(seen: int, left: int, *, over: bool) -> None:
    assert (
        OF_STAFF.is_over(
            NOON,
            last_seen_at=NOON - timedelta(minutes=seen),
            expires_at=NOON + timedelta(minutes=left),
        )
        is over
    )


def test_each_role_may_do_what_the_one_before_it_may() -> None:
    assert GRANTS[Role.USER] < GRANTS[Role.SUPPORT] < GRANTS[Role.ADMIN] == set(Permission)


def test_a_code_is_good_a_step_before_and_after_and_once() -> None:
    secret = codes.new_secret()
    step = int(NOON.timestamp()) // codes.STEP
    given = {off: pyotp.TOTP(secret).at((step + off) * codes.STEP) for off in (-2, -1, 0, 1, 2)}

    found = {off: codes.step_of(secret, code, now=NOON, after=None) for off, code in given.items()}

    assert found == {-2: None, -1: step - 1, 0: step, 1: step + 1, 2: None}
    assert codes.step_of(secret, given[0], now=NOON, after=step) is None
    assert codes.step_of(secret, given[1], now=NOON, after=step) == step + 1


def test_recovery_codes_are_written_down_as_people_do() -> None:
    made = codes.new_recovery_codes()

    assert len(set(made)) == codes.RECOVERY_CODES
    assert all(codes.is_recovery_code(code) for code in made)
    assert codes.fingerprint(made[0].upper().replace("-", "")) == codes.fingerprint(made[0])
    assert not codes.is_recovery_code("123456")
    assert codes.provisioning_uri(codes.new_secret(), "ada").startswith("otpauth://totp/GoatedVIPs:ada?")


def test_a_letter_with_a_token_keeps_it_out_of_every_log() -> None:
    for letter in (letters.verify_email(TO, "tok"), letters.reset_password(TO, "tok")):
        assert letter.to == "ada@example.com"
        assert "#tok" in letter.text
        assert "?tok" not in letter.text


def test_what_is_only_told_needs_nothing() -> None:
    told = letters.news("mail.password_changed", TO)

    assert told is not None
    assert "ada" in told.text
    assert letters.news("mail.nothing", TO) is None
    assert "grace" in letters.already_registered(TO, "grace").text
