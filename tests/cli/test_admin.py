"""The first administrator, and those who are locked out."""

import io
from typing import Any

import pytest

from goatedvips.accounts.passwords.hashing import PasswordHasher
from tests.cli.conftest import Program

LONG = "a long password for staff"


def made(program: Program, username: str, *more: str) -> dict[str, Any]:
    said = program(
        *("admin", "create", "--username", username, "--email", f"{username}@example.com", "--json"), *more
    )
    assert said.code == 0, said
    answer: dict[str, Any] = said.json()
    return answer


@pytest.fixture
def program(kept: Program) -> Program:
    return Program(kept.settings | {"GOATEDVIPS_PASSWORD_COST": "4"})


def test_the_first_administrator_gets_a_password_that_is_shown_once(program: Program) -> None:
    answer = made(program, "first_boss")
    listed = program("admin", "list", "--json").json()["data"]

    assert answer["role"] == "admin"
    assert len(answer["password"]) >= 40
    mine = next(each for each in listed if each["id"] == answer["id"])
    assert (mine["username"], mine["role"], mine["lastLogin"]) == ("first_boss", "admin", None)
    assert answer["password"] not in program("admin", "list").out


def test_a_password_comes_by_standard_input_and_is_not_shown(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{LONG}\n"))
    answer = made(program, "second_boss", "--password-stdin", "--role", "support")

    assert answer.keys() == {"id", "username", "role"}
    assert answer["role"] == "support"


@pytest.mark.parametrize(
    ("flags", "field"),
    [
        (("--username", "ab", "--email", "a@example.com"), "username"),
        (("--username", "third_boss", "--email", "nowhere"), "email"),
        (("--username", "third_boss", "--email", "a@example.com", "--role", "king"), "role"),
    ],
)
def test_what_is_wrong_is_named(program: Program, flags: tuple[str, ...], field: str) -> None:
    said = program("admin", "create", *flags, "--json")

    assert said.code == 1
    assert [error["field"] for error in said.json()["errors"]] == [field]


def test_staff_have_long_passwords(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("fourteen chars\n"))
    said = program(
        *("admin", "create", "--username", "short_boss", "--email", "s@example.com"),
        *("--password-stdin", "--json"),
    )

    assert said.code == 1
    assert "15 to 128" in said.json()["errors"][0]["message"]


def test_who_is_locked_out_gets_another_password(program: Program) -> None:
    made(program, "locked_boss")

    first, second = (program("admin", "password", "locked_boss", "--json").json() for _ in range(2))

    assert first["password"] != second["password"]
    assert program("admin", "password", "nobody_here", "--json").json()["code"] == "user_not_found"


def test_a_role_needs_a_second_factor(program: Program) -> None:
    made(program, "staying_boss")  # the last administrator could not be taken down
    made(program, "other_boss")

    down = program("admin", "role", "other_boss", "user", "--json")
    up = program("admin", "role", "other_boss", "admin", "--json")

    assert down.json()["role"] == "user"
    assert (up.code, up.json()["code"]) == (1, "second_factor_first")
    gone = program("admin", "remove-second-factor", "other_boss", "--reason", "Lost.", "--json")
    assert gone.json()["code"] == "totp_not_enabled"


def test_a_key_is_made_for_a_program(program: Program) -> None:
    made(program, "key_boss")

    key = program(
        "admin", "key", "key_boss", "--name", "ci", "--scope", "races:write", "--days", "7", "--json"
    )
    odd = program("admin", "key", "key_boss", "--name", "ci", "--scope", "everything", "--json")
    spoken = program("admin", "key", "key_boss", "--name", "ci", "--scope", "own")

    assert key.json()["key"].startswith("gvip_")
    assert key.json()["expiresAt"] is not None
    assert odd.json()["errors"][0]["field"].startswith("scopes")
    assert "Authorization: Bearer" in spoken.out


def test_a_hash_costs_what_the_settings_say() -> None:
    hasher = PasswordHasher(5)

    assert hasher.is_outdated("$2b$04$8GuFrGSG.jm3s8hWdOs3Me6BUia1HnZLbzewaxuPLWkq7Grvs5466")
    hasher.close()
