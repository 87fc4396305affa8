"""What becomes of the first system's users."""

import pytest

from goatedvips.kit.postgres import create_engine
from goatedvips.legacy.source_repository import first_system
from tests.legacy.conftest import Migration, codes
from tests.legacy.first_system import CLEAR, HASHED, FirstSystem
from tests.people import add_person

ADA = "uidAda00000000000001"
CYRILLIC, MIXED, WIDE = "\u0410\u0434\u0430", "Ad\u0430", "\uff3f"


def test_a_user_is_taken_with_all_that_is_his(migration: Migration) -> None:
    number = migration.first.user(
        "ada",
        email="Ada@Example.COM",
        email_verified=True,
        bio=" Hello\r\nworld ",
        profile_color="#a1b2c3",
        created_at="2025-03-01 12:00:00.5",
        last_login="2025-03-26 08:30:00",
        last_updated="2025-03-26 08:31:00",
        goated_id=ADA,
        goated_account_linked=True,
        total_wager="11999.5",
        verification_token="never-to-be-seen",
    )

    told = migration.run("--timezone", "Europe/Berlin", "--as", "the boss")

    assert told["complete"]
    assert told["tables"]["users"]["taken"] == 1
    assert migration.fetch(
        "SELECT username, bio, profile_color, role, users.created_at AT TIME ZONE 'UTC' || '',"
        " email, email_verified, last_login AT TIME ZONE 'UTC' || '', password, truncates,"
        " goated_id, age_confirmed_at"
        " FROM users JOIN user_accounts ON user_accounts.user_id = users.id"
        " JOIN user_credentials ON user_credentials.user_id = users.id"
        " JOIN players ON players.id = player_id"
    ) == [
        (
            *("ada", "Hello\nworld", "#A1B2C3", "user", "2025-03-01 11:00:00.5"),
            *("Ada@example.com", True, "2025-03-26 07:30:00", HASHED, True, ADA, None),
        )
    ]
    row = told["rows"]["users", number]
    (user_id,) = migration.fetch("SELECT id FROM users")[0]
    assert (row["outcome"], row["target"], row["findings"]) == ("taken", f"user:{user_id}", [])
    assert ("cli:the boss", "user.linked", f"user:{user_id}") in migration.fetch(
        "SELECT actor, action, subject FROM audit_log"
    )
    assert not any("never-to-be-seen" in text for rows in migration.state().values() for text in rows)


def test_a_players_placeholder_is_left_and_his_name_stays_free(migration: Migration) -> None:
    placeholder = migration.first.add(
        "users", username="dot", goated_id=ADA, goated_username="dot", total_wager="1.5"
    )
    owner = migration.first.user("Dot")

    rows = migration.run()["rows"]

    assert rows["users", placeholder]["outcome"] == "left"
    assert rows["users", owner]["outcome"] == "taken"
    assert migration.fetch("SELECT username FROM users") == [("Dot",)]


def test_a_password_in_clear_text_is_written_nowhere(migration: Migration) -> None:
    refused = migration.first.user("ada", password=CLEAR)
    lost = migration.first.add("users", username="bob", password=CLEAR)

    told = migration.run()

    assert codes(told["rows"]["users", refused]) == {"password": "no_bcrypt"}
    assert told["rows"]["users", refused]["outcome"] == "mended"
    assert told["rows"]["users", lost]["outcome"] == "refused"
    assert migration.fetch("SELECT username, password FROM users JOIN user_credentials ON user_id = id") == [
        ("ada", None)
    ]
    held = [text for rows in migration.state().values() for text in rows]
    assert not any(CLEAR in text for text in held)
    assert CLEAR not in migration.rows_file.read_text() + migration.said[0].out + migration.said[0].err


async def test_a_password_in_clear_text_is_not_even_read(first: FirstSystem) -> None:
    first.user("ada", password=CLEAR, verification_token="never-to-be-seen")
    first.user("bob")
    engine = create_engine(first.dsn)
    async with first_system(engine) as source:
        read = [user async for users in source.users() for user in users]
    await engine.dispose()

    assert [user.bcrypt for user in read] == [None, HASHED]
    assert CLEAR not in repr(read)
    assert "never-to-be-seen" not in repr(read)


def test_resets_are_asked_for_only_when_wanted_and_once(migration: Migration) -> None:
    migration.first.user("ada", password=CLEAR)
    migration.first.user("bob", password=None)
    migration.first.user("cid")

    assert migration.run()["resets"] == 0
    assert migration.run("--send-resets")["resets"] == 2
    assert migration.run("--send-resets")["resets"] == 0
    asked = migration.fetch(
        "SELECT username FROM outbox JOIN users ON subject = 'user:' || users.id"
        " WHERE kind = 'mail.reset_password' ORDER BY 1"
    )
    assert asked == [("ada",), ("bob",)]


def test_resets_are_asked_for_with_the_import_itself(migration: Migration) -> None:
    migration.first.user("ada", password=CLEAR)

    assert migration.run("--send-resets")["resets"] == 1
    assert migration.run("--send-resets")["resets"] == 0


def test_names_that_are_none_here_are_mended_the_same_way_every_time(migration: Migration) -> None:
    numbers = {
        name: migration.first.user(name, email=f"{place}@example.com")
        for place, name in enumerate(
            [
                "ab",
                "two words",
                "admin",
                "max@example.org",
                "12345",
                CYRILLIC,
                MIXED,
                "=1+1",
                "Straße",
                WIDE,
                "x" * 40,
            ]
        )
    }

    told = migration.run("--dry-run"), migration.run()

    assert [row["findings"] for row in told[0]["rows"].values()] == [
        row["findings"] for row in told[1]["rows"].values()
    ]
    called = dict(
        migration.fetch("SELECT source_id, username FROM legacy_rows JOIN users ON target_id = users.id")
    )
    assert {name: called[number] for name, number in numbers.items()} == {
        "ab": f"ab_{numbers['ab']}",
        "two words": f"two_words_{numbers['two words']}",
        "admin": f"user_{numbers['admin']}",
        "max@example.org": f"max_{numbers['max@example.org']}",
        "12345": f"12345_{numbers['12345']}",
        CYRILLIC: CYRILLIC,
        MIXED: f"user_{numbers[MIXED]}",
        "=1+1": f"1_1_{numbers['=1+1']}",
        "Straße": "Straße",
        WIDE: f"user_{numbers[WIDE]}",
        "x" * 40: f"{'x' * 29}_{numbers['x' * 40]}",
    }
    assert "example.org" not in migration.rows_file.read_text()
    kept = migration.fetch("SELECT username FROM user_names")
    assert len(kept) == len(numbers) - 2
    assert ("two words",) in kept


def test_names_that_are_anothers_are_mended_too(migration: Migration) -> None:
    add_person(migration.dsn, "ada")
    here = migration.first.user("Ada", email="1@example.com")
    first = migration.first.user("paypal", email="2@example.com")
    alike = migration.first.user("paypaI", email="3@example.com")
    spaced = migration.first.user("paypal ", email="4@example.com")

    rows = migration.run()["rows"]

    called = dict(
        migration.fetch("SELECT source_id, username FROM legacy_rows JOIN users ON target_id = users.id")
    )
    assert called == {
        here: f"Ada_{here}",
        first: "paypal",
        alike: f"paypaI_{alike}",
        spaced: f"paypal_{spaced}",
    }
    assert "is another's here" in rows["users", here]["findings"][0]["text"]


def test_who_can_have_no_name_is_refused(migration: Migration) -> None:
    number = migration.first.user("?")
    add_person(migration.dsn, f"user_{number}")

    row = migration.run()["rows"]["users", number]

    assert row["outcome"] == "refused"
    assert codes(row) == {"username": "no_name"}
    assert migration.fetch("SELECT count(*) FROM legacy_rows") == [(0,)]


def test_an_address_is_his_who_has_more_right_to_it(migration: Migration) -> None:
    add_person(migration.dsn, "here")
    taken = migration.first.user("eve", email="HERE@example.com", email_verified=True)
    older = migration.first.user("cid", email="both@example.com")
    surer = migration.first.user("dot", email="Both@example.com", email_verified=True)
    wrong = migration.first.user("fay", email="no address")

    rows = migration.run()["rows"]

    assert codes(rows["users", taken]) == {"email": "address_taken"}
    assert codes(rows["users", older]) == {"email": "address_twice"}
    assert rows["users", surer]["outcome"] == "taken"
    assert codes(rows["users", wrong]) == {"email": "no_address"}
    held = migration.fetch(
        "SELECT username, email, email_verified FROM users JOIN user_accounts ON user_id = id ORDER BY 1"
    )
    assert held == [
        ("cid", None, False),
        ("dot", "Both@example.com", True),
        ("eve", None, False),
        ("fay", None, False),
        ("here", "here@example.com", True),
    ]


def test_an_address_that_somebody_here_only_claims_is_verified_for_whom_it_was(migration: Migration) -> None:
    add_person(migration.dsn, "here", verified=False)
    migration.first.user("eve", email="here@example.com", email_verified=True)

    assert migration.run()["complete"]
    assert ("eve",) in migration.fetch(
        "SELECT username FROM users JOIN user_accounts ON user_id = id WHERE email_verified"
    )


@pytest.mark.parametrize(
    ("flags", "role", "found"),
    [((), "user", {"is_admin": "no_admin"}), (("--admins",), "admin", {"password": "admin_reset"})],
)
def test_an_administrator_is_one_only_if_asked_for_and_after_a_reset(
    migration: Migration, flags: tuple[str, ...], role: str, found: dict[str, str]
) -> None:
    number = migration.first.user("ada", is_admin=True)
    unreachable = migration.first.user("bob", is_admin=True, email=None)

    rows = migration.run(*flags)["rows"]

    assert codes(rows["users", number]) == found
    assert codes(rows["users", unreachable]) == {"is_admin": "no_admin"}
    held = migration.fetch(
        "SELECT username, role, password IS NULL FROM users JOIN user_credentials ON user_id = id"
    )
    assert sorted(held) == [("ada", role, role == "admin"), ("bob", "user", False)]
    acts = migration.fetch("SELECT details ->> 'after' FROM audit_log WHERE action = 'user.role_changed'")
    assert acts == ([("admin",)] if flags else [])


def test_times_that_are_none_are_left_out(migration: Migration) -> None:
    number = migration.first.user(
        "ada",
        created_at="infinity",
        last_login="0044-03-15 00:00:00 BC",
        last_updated="2999-01-01",
        bio="\x07" * 9,
    )

    row = migration.run()["rows"]["users", number]

    assert codes(row) == {"created_at": "no_time", "last_login": "time", "last_updated": "time", "bio": "bio"}
    assert migration.fetch(
        "SELECT bio, last_login, last_updated FROM users JOIN user_accounts ON user_id = id"
    ) == [(None, None, None)]
