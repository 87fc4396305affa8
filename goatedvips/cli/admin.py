"""`goatedvips admin …`: the first administrator, and what to do when nobody can get in."""

import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Any

import typer
from pydantic import SecretStr
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from goatedvips.accounts.keys.schemas import ApiKeyCreate
from goatedvips.accounts.keys.service import make_key
from goatedvips.accounts.passwords.hashing import PasswordHasher
from goatedvips.accounts.roles import STAFF, Role
from goatedvips.accounts.tokens import new_token
from goatedvips.cli.actor import As, actor
from goatedvips.cli.engine import Answer, with_engine
from goatedvips.cli.flags import parsed
from goatedvips.cli.output import Json, console, print_json, say
from goatedvips.cli.resources import DatabaseUrl, Home, settings_of
from goatedvips.kit.clock import utc_now
from goatedvips.kit.instants import rfc3339
from goatedvips.membership import service, staff
from goatedvips.membership.repository import Members, Wanted
from goatedvips.membership.schemas import RoleChange

admin_app = typer.Typer(
    help="Make the first administrator, give roles and keys, let back in who is locked out.",
    no_args_is_help=True,
)

Username = Annotated[str, typer.Argument(help="The name of an account, or its mail address.")]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]
_SHOWN = 1000


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(admin_app, name="admin")


@admin_app.command()
def create(
    username: Annotated[str, typer.Option(help="3 to 32 letters, digits, and _ - . between them.")],
    email: Annotated[str, typer.Option(help="Taken for verified.")],
    role: Annotated[str, typer.Option(help="admin or support.")] = "admin",
    password_stdin: PasswordStdin = False,
    as_name: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Make an administrator. Without a password one is made up and shown this once."""
    given = _password(from_stdin=password_stdin)
    password = given or new_token()
    wanted = parsed(
        staff.StaffCreate, username=username, email=email, password=SecretStr(password), role=role
    )
    hasher, who = _hasher(home, database_url), actor(as_name)

    async def make(connection: AsyncConnection) -> int:
        return await staff.create_staff(connection, wanted, hasher=hasher, actor=who, now=utc_now())

    user_id = _once(make, home, database_url)
    answer = {"id": user_id, "username": wanted.username, "role": wanted.role}
    if as_json:
        print_json(answer | ({} if given else {"password": password}))
        return
    say(f"User {user_id}, {wanted.username}, is {wanted.role}.")
    if not given:
        say(password, label="His password, shown this once:")


@admin_app.command(name="list")
def list_staff(as_json: Json = False, home: Home = None, database_url: DatabaseUrl = None) -> None:
    """Show who may do more than others."""

    async def look(connection: AsyncConnection) -> list[dict[str, Any]]:
        found = []
        for role in sorted(STAFF):
            wanted = Wanted(None, None, role, None, None)
            _, rows = await Members(connection).page(wanted, limit=_SHOWN, offset=0, now=utc_now())
            found += [
                {
                    "id": row["id"],
                    "username": row["username"],
                    "role": row["role"],
                    "status": row["status"],
                    "email": row["email"],
                    "lastLogin": None if row["last_login"] is None else rfc3339(row["last_login"]),
                }
                for row in rows
            ]
        return found

    people = _once(look, home, database_url)
    if as_json:
        print_json({"data": people})
        return
    table = Table("id", "name", "role", "status", "address", "last signed in")
    for person in people:
        table.add_row(*(str(cell) if cell is not None else "never" for cell in person.values()))
    console.print(table)


@admin_app.command()
def role(
    username: Username,
    role: Annotated[str, typer.Argument(help="user, support or admin.")],
    as_name: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Let somebody do more, or less. Staff need an authenticator, and take no prizes."""
    wanted = parsed(RoleChange, role=role).role
    who = actor(as_name)

    async def change(connection: AsyncConnection) -> int:
        user_id = await staff.id_of(connection, username)
        await service.set_role(connection, user_id, wanted, actor=who, now=utc_now())
        return user_id

    _answer(
        {"id": _once(change, home, database_url), "role": wanted},
        f"{username} is {wanted} now.",
        as_json=as_json,
    )


@admin_app.command()
def password(
    username: Username,
    password_stdin: PasswordStdin = False,
    as_name: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Give somebody another password; his sessions end. Without one it is made up and shown this once."""
    given = _password(from_stdin=password_stdin)
    fresh = given or new_token()
    hasher, who = _hasher(home, database_url), actor(as_name)

    async def change(connection: AsyncConnection) -> int:
        user_id = await staff.id_of(connection, username)
        await staff.set_password(connection, user_id, fresh, hasher=hasher, actor=who, now=utc_now())
        return user_id

    answer = {"id": _once(change, home, database_url)} | ({} if given else {"password": fresh})
    _answer(answer, f"{username} has another password now{'.' if given else f': {fresh}'}", as_json=as_json)


@admin_app.command(name="remove-second-factor")
def remove_second_factor(
    username: Username,
    reason: Annotated[str, typer.Option(help="For the audit log.")],
    as_name: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Let somebody in without the authenticator that he lost; he is told by mail."""
    who = actor(as_name)

    async def change(connection: AsyncConnection) -> int:
        user_id = await staff.id_of(connection, username)
        await service.remove_second_factor(connection, user_id, reason=reason, actor=who, now=utc_now())
        return user_id

    answer = {"id": _once(change, home, database_url)}
    _answer(answer, f"{username} signs in with his password alone now.", as_json=as_json)


@admin_app.command()
def key(
    username: Username,
    name: Annotated[str, typer.Option(help="What the key is for.")],
    scope: Annotated[list[str], typer.Option(help="Like races:write; may be given several times.")],
    days: Annotated[int | None, typer.Option(help="After how many days it ends.", min=1, max=3650)] = None,
    as_name: As = None,
    as_json: Json = False,
    home: Home = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Make an API key with which a program acts for somebody; it is shown this once."""
    expires_at = None if days is None else utc_now() + timedelta(days=days)
    wanted = parsed(ApiKeyCreate, name=name, scopes=scope, expires_at=expires_at)
    who = actor(as_name)

    async def make(connection: AsyncConnection) -> dict[str, Any]:
        user_id = await staff.id_of(connection, username)
        row = await Members(connection).held(user_id)
        assert row is not None  # noqa: S101 - he was just found
        made = await make_key(connection, user_id, Role(row["role"]), wanted, actor=who, now=utc_now())
        return made.model_dump(mode="json", by_alias=True)

    made = _once(make, home, database_url)
    _answer(made, f"Send it as `Authorization: Bearer …`: {made['key']}", as_json=as_json)


def _password(*, from_stdin: bool) -> str | None:
    """Return the password that is given, or None for one to be made up."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        return None
    return typer.prompt("Password (empty for one that is made up)", hide_input=True, default="") or None


def _hasher(home: Home, database_url: DatabaseUrl) -> PasswordHasher:
    settings = settings_of(goatedvips_home=home, database_url=database_url)
    return PasswordHasher(settings.goatedvips_password_cost)


def _answer(answer: dict[str, Any], sentence: str, *, as_json: bool) -> None:
    if as_json:
        print_json(answer)
    else:
        say(sentence)


def _once(
    verb: Callable[[AsyncConnection], Awaitable[Answer]], home: Home, database_url: DatabaseUrl
) -> Answer:
    """Do something in one transaction."""

    async def run(engine: AsyncEngine) -> Answer:
        async with engine.begin() as connection:
            return await verb(connection)

    return with_engine(run, home, database_url, name="goatedvips admin")
