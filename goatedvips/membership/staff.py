"""What only whoever has the machine may do with accounts: let the first administrator in."""

from datetime import datetime

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.accounts import names
from goatedvips.accounts.errors import UserNotFound
from goatedvips.accounts.passwords import policy
from goatedvips.accounts.passwords.hashing import PasswordHasher
from goatedvips.accounts.repository import Accounts, NameTaken
from goatedvips.accounts.roles import STAFF, Role
from goatedvips.accounts.schemas import EmailText, Username
from goatedvips.accounts.service import name_taken
from goatedvips.accounts.sessions.service import end_sessions
from goatedvips.audit.service import Act, record
from goatedvips.kit.errors import BadInput, NotFound
from goatedvips.kit.schemas import TypedSubmission


class NobodyCalled(NotFound):
    """No account has this name."""

    code = "user_not_found"

    def __init__(self, username: str) -> None:
        super().__init__(f"No user is called {username}.")


class StaffCreate(TypedSubmission):
    """A new account of the staff's. Its address is taken for verified: whoever has the machine says so."""

    username: Username
    email: EmailText
    password: SecretStr
    role: Role


async def create_staff(
    connection: AsyncConnection, wanted: StaffCreate, *, hasher: PasswordHasher, actor: str, now: datetime
) -> int:
    """Make an account; return its id. Raise `BadInput` naming what is wrong."""
    password = wanted.password.get_secret_value()
    require_staff_password(password, wanted.username, wanted.email)
    values = {
        "username": wanted.username,
        "skeleton": names.skeleton(wanted.username),
        "role": wanted.role,
        "email": wanted.email,
        "email_verified": True,
        "age_confirmed_at": now,
        "password": await hasher.hash(password),
        "now": now,
    }
    try:
        user_id = await Accounts(connection).add(values)
    except NameTaken:
        raise name_taken() from None
    act = Act("user.created", f"user:{user_id}", {"role": wanted.role})
    await record(connection, [act], actor=actor, at=now)
    return user_id


async def set_password(
    connection: AsyncConnection,
    user_id: int,
    password: str,
    *,
    hasher: PasswordHasher,
    actor: str,
    now: datetime,
) -> None:
    """Give somebody another password and end his sessions. Raise `UserNotFound` or `BadInput`."""
    held = await Accounts(connection).credentials(user_id)
    if held is None or held["status"] == "erased":
        raise UserNotFound(user_id)
    if held["role"] in STAFF:
        require_staff_password(password, held["username"], held["email"] or "")
    await Accounts(connection).set_password(user_id, await hasher.hash(password), now=now)
    await end_sessions(connection, user_id)
    act = Act("user.password_set", f"user:{user_id}", {})
    await record(connection, [act], actor=actor, at=now)


async def id_of(connection: AsyncConnection, username: str) -> int:
    """Return the id of whoever has a name; raise `NobodyCalled`."""
    found = await Accounts(connection).by_login(username)
    if found is None or found["status"] == "erased":
        raise NobodyCalled(username)
    return int(found["id"])


def require_staff_password(password: str, username: str, email: str) -> None:
    """Raise `BadInput` for a password that is too little as the only guard of what staff may do."""
    try:
        policy.check(password, least=policy.LEAST_OF_STAFF, about=(username, email.partition("@")[0]))
    except ValueError as error:
        raise BadInput.field("password", str(error)) from None
