"""Accounts that somebody registered and never used go; whatever shows a use, or refers to one, keeps it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import anyio
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from goatedvips.accounts.identity import Client
from goatedvips.accounts.passwords.hashing import PasswordHasher
from goatedvips.accounts.schemas import Login
from goatedvips.accounts.signing_in.schemas import Registration
from goatedvips.accounts.signing_in.service import Doorkeeper, SignedIn
from goatedvips.audit.service import verify
from goatedvips.kit.acting import Acting, acting
from goatedvips.kit.secret_box import SecretBox
from goatedvips.models import Base
from goatedvips.retention import repository
from tests.people import PASSWORD
from tests.pipeline import NOON, Pipeline, row
from tests.retention.leftovers import counts, keeping

STRANGER = Client(address=None, user_agent=None)


@pytest.fixture
async def doorkeeper(pipeline: Pipeline) -> AsyncIterator[Doorkeeper]:
    hasher = PasswordHasher(4)
    yield Doorkeeper(pipeline.engine, hasher, SecretBox(["k" * 40]), pipeline.clock)
    hasher.close()


async def register(doorkeeper: Doorkeeper, name: str = "passer_by") -> SignedIn:
    wanted = {"username": name, "email": "claimed@example.com", "password": PASSWORD}
    return await doorkeeper.register(Registration.model_validate(wanted), STRANGER)


async def lapsed(pipeline: Pipeline) -> int:
    due = {each.rule.table: each.count for each in await keeping(pipeline).look()}["users"]
    gone = {each.rule.table: each.count for each in await keeping(pipeline).tidy(actor="worker")}["users"]
    assert due == gone, "a look tells what will go"
    return gone


async def test_an_account_that_was_never_used_goes_after_thirty_days(
    pipeline: Pipeline, doorkeeper: Doorkeeper
) -> None:
    registered = await register(doorkeeper)
    pipeline.clock.now = NOON + timedelta(days=30)
    too_early = await lapsed(pipeline)
    pipeline.clock.move(seconds=1)

    in_time = await lapsed(pipeline)

    assert (too_early, in_time) == (0, 1)
    left = await counts(pipeline)
    assert {table: left[table] for table in left if table.startswith("user")} == {
        table: 0 for table in left if table.startswith("user")
    }
    entries = "SELECT actor, action, subject FROM audit_log"
    assert await pipeline.fetch(entries) == [("worker", "user.lapsed", f"user:{registered.user_id}")]
    async with pipeline.engine.connect() as connection:
        assert (await verify(connection)).findings == []


async def test_its_name_and_its_address_are_free_again(pipeline: Pipeline, doorkeeper: Doorkeeper) -> None:
    first = await register(doorkeeper)
    pipeline.clock.move(days=31)
    await lapsed(pipeline)

    second = await register(doorkeeper)

    assert second.user_id > first.user_id


USES = {
    "an address that was verified": "UPDATE user_accounts SET email_verified = true",
    "no address at all": "UPDATE user_accounts SET email = NULL",
    "a ban": "UPDATE user_accounts SET banned_at = now(), banned_by = 'user:1'",
    "a sign-in of late": "UPDATE user_accounts SET last_login = last_login + interval '2 days'",
    "no sign-in ever, as of the imported": "UPDATE user_accounts SET last_login = NULL",
    "a page that was looked at of late": (
        "UPDATE user_sessions SET last_seen_at = last_seen_at + interval '2 days'"
    ),
    "another password": "UPDATE user_credentials SET password_changed_at = now()",
    "a password that was imported": "UPDATE user_credentials SET password_changed_at = NULL",
    "an authenticator": "UPDATE user_credentials SET totp_secret = 'x'",
    "a profile that was edited": "UPDATE users SET version = 2",
    "a role": "UPDATE users SET role = 'support'",
    "an erased account": "UPDATE users SET status = 'erased'",
    "a player": "UPDATE users SET player_id = (SELECT id FROM players)",
    "a key": (
        "INSERT INTO api_keys (user_id, name, hint, token_sha256, scopes, created_at)"
        " SELECT id, 'x', 'x', sha256('x'), '{}', now() FROM users"
    ),
    "an answer that may be asked for again": (
        "INSERT INTO idempotency_keys (user_id, key, request_sha256, created_at)"
        " SELECT id, 'x', sha256('x'), now() + interval '99 years' FROM users"
    ),
    "a recovery code": (
        "INSERT INTO recovery_codes (user_id, code_sha256, created_at)"
        " SELECT id, sha256('x'), now() FROM users"
    ),
    "a self-exclusion": "INSERT INTO self_exclusions (user_id, created_at) SELECT id, now() FROM users",
    "an earlier name": (
        "INSERT INTO user_names (user_id, changed_at, username) SELECT id, now(), 'x' FROM users"
    ),
}


@pytest.mark.parametrize("use", USES)
async def test_an_account_stays_that_has(pipeline: Pipeline, doorkeeper: Doorkeeper, use: str) -> None:
    await pipeline.pull(row("a", "1"), minutes=0)
    await register(doorkeeper)
    await pipeline.execute(USES[use])
    pipeline.clock.move(days=31)

    assert await lapsed(pipeline) == 0
    assert await pipeline.fetch("SELECT count(*) FROM users") == [(1,)]


def test_whatever_refers_to_an_account_keeps_it_or_goes_with_it() -> None:
    referring = {
        table.name
        for table in Base.metadata.sorted_tables
        if any(key.target_fullname == "users.id" for column in table.columns for key in column.foreign_keys)
    }
    removed = {str(statement).split()[2] for statement in repository.REMOVE_PARTS}

    keeping_it = {
        table for table in referring if f"FROM {table} WHERE user_id" in str(repository.COUNT_LAPSED)
    }
    assert referring == keeping_it | removed, "a new table that refers to users belongs into one of the two"


async def test_who_is_coming_back_at_that_moment_keeps_his_account(
    pipeline: Pipeline, doorkeeper: Doorkeeper
) -> None:
    await register(doorkeeper)
    await register(doorkeeper, "another_one")
    pipeline.clock.move(days=31)
    async with pipeline.engine.begin() as coming_back:
        await coming_back.execute(
            text(
                "UPDATE user_accounts SET last_login = :now WHERE user_id ="
                " (SELECT id FROM users WHERE username = 'passer_by')"
            ),
            {"now": pipeline.clock()},
        )
        with anyio.fail_after(20):
            gone = await keeping(pipeline).tidy(actor="worker")

    assert {each.rule.table: each.count for each in gone}["users"] == 1
    assert await lapsed(pipeline) == 0
    await doorkeeper.sign_in(Login.model_validate({"login": "passer_by", "password": PASSWORD}), STRANGER)


@pytest.mark.parametrize(
    ("role", "change"),
    [
        ("admin", ""),
        ("support", ""),
        ("user", ""),
        ("system", "UPDATE users SET version = 2"),
        ("system", "UPDATE users SET role = 'admin'"),
        ("system", "UPDATE users SET status = 'banned'"),
    ],
)
async def test_the_database_removes_no_account_that_was_used_and_none_for_anybody_but_the_program(
    pipeline: Pipeline, doorkeeper: Doorkeeper, role: Acting, change: str
) -> None:
    user_id = (await register(doorkeeper)).user_id
    if change:
        await pipeline.execute(change)
    for table in ("user_sessions", "user_devices", "user_tokens", "user_credentials", "user_accounts"):
        await pipeline.execute(f"DELETE FROM {table}")

    with pytest.raises(IntegrityError, match="never used"):
        async with acting(pipeline.engine, role, user_id) as connection:
            await connection.execute(repository.REMOVE, {"ids": [user_id]})


async def test_the_database_removes_no_account_with_anything_left_of_it(
    pipeline: Pipeline, doorkeeper: Doorkeeper
) -> None:
    user_id = (await register(doorkeeper)).user_id

    with pytest.raises(IntegrityError, match="still referenced"):
        async with acting(pipeline.engine, "system") as connection:
            await connection.execute(repository.REMOVE, {"ids": [user_id]})
