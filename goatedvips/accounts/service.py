"""What somebody sees of his account, and what he changes of it."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.accounts import names
from goatedvips.accounts.age import require_age
from goatedvips.accounts.errors import UserNotFound
from goatedvips.accounts.mails import tell_by_mail
from goatedvips.accounts.profile_repository import Profiles
from goatedvips.accounts.repository import Accounts
from goatedvips.accounts.roles import GRANTS, Role
from goatedvips.accounts.schemas import AccountView, AgeConfirmation, Privacy, ProfileUpdate
from goatedvips.audit.service import Act, record
from goatedvips.kit.errors import BadInput, FieldError, PreconditionFailed
from goatedvips.realtime.announce import announce


class AccountChanged(PreconditionFailed):
    """Somebody has changed the account since the caller saw it."""

    code = "account_changed"

    def __init__(self, user_id: int, version: int) -> None:
        super().__init__(f"User {user_id} is at version {version} now; look again.")


async def account_view(connection: AsyncConnection, user_id: int, *, now: datetime) -> AccountView:
    """Return all that somebody may see of his own account; raise `UserNotFound`.

    The connection acts as the program: whether there is a second factor only it may know.
    """
    accounts = Accounts(connection)
    row, factor = await accounts.me(user_id, now=now), await accounts.second_factor(user_id)
    if row is None or factor is None:
        raise UserNotFound(user_id)
    role = Role(row["role"])
    return AccountView(
        id=row["id"],
        username=row["username"],
        email=row["email"],
        email_verified=row["email_verified"],
        role=role,
        is_admin=row["is_admin"],
        permissions=sorted(GRANTS[role]),
        bio=row["bio"],
        profile_color=row["profile_color"],
        privacy=row["privacy"],
        created_at=row["created_at"],
        last_login=row["last_login"],
        age_confirmed=row["age_confirmed_at"] is not None,
        self_excluded=row["is_excluded"],
        self_excluded_until=None if row["for_good"] else row["excluded_until"],
        totp_enabled=factor["enabled"],
        recovery_codes_left=factor["codes_left"],
        goated_id=row["goated_id"],
        goated_username=row["goated_username"],
        goated_account_linked=row["player_id"] is not None,
        version=row["version"],
    )


async def change_profile(
    connection: AsyncConnection,
    user_id: int,
    change: ProfileUpdate,
    *,
    actor: str,
    now: datetime,
    if_version: int | None = None,
) -> None:
    """Change what is given of a profile; what others see of it changes at once.

    Raises `UserNotFound`, `AccountChanged`, or `BadInput` naming every field that is wrong.
    """
    profiles = Profiles(connection)
    held = await profiles.held(user_id)
    if held is None:
        raise UserNotFound(user_id)
    if if_version not in {None, held["version"]}:
        raise AccountChanged(user_id, held["version"])
    wanted = {name: getattr(change, name) or None for name in change.model_fields_set}
    changed = {name: value for name, value in wanted.items() if value != held[name]}
    if not changed:
        return
    if "username" in changed:
        await _rename(connection, user_id, held["username"], changed, now=now)
    if not await profiles.change(user_id, changed, version=held["version"], now=now):
        raise AccountChanged(user_id, held["version"] + 1)
    await announce(connection, f"user:{user_id}")
    if actor != f"user:{user_id}":
        # Which fields, not what was in them: whoever has himself erased must not live on in the log.
        act = Act("user.edited", f"user:{user_id}", {"fields": sorted(changed)})
        await record(connection, [act], actor=actor, at=now)


async def set_privacy(connection: AsyncConnection, user_id: int, privacy: Privacy, *, now: datetime) -> None:
    """Choose what others see: the whole profile, a masked name, or nothing."""
    profiles = Profiles(connection)
    held = await profiles.held(user_id)
    if held is None:
        raise UserNotFound(user_id)
    if held["privacy"] != privacy.privacy:
        await profiles.change(user_id, {"privacy": privacy.privacy}, version=held["version"], now=now)
        await announce(connection, f"user:{user_id}")


async def confirm_age(
    connection: AsyncConnection, user_id: int, given: AgeConfirmation, *, now: datetime
) -> None:
    """Take somebody's word that he is of age; raise `TooYoung`. The date is not kept."""
    require_age(given.birth_date, now)
    await Accounts(connection).confirm_age(user_id, now=now)
    await Accounts(connection).touch(user_id, now=now)
    await announce(connection, f"user:{user_id}")


async def _rename(
    connection: AsyncConnection, user_id: int, before: str, changed: dict[str, Any], *, now: datetime
) -> None:
    wanted: str = changed["username"]
    if names.is_reserved(wanted):
        raise BadInput.field("username", "is reserved: it could be taken for the site's own")
    skeleton = names.skeleton(wanted)
    if await Accounts(connection).is_taken(wanted, skeleton, but=user_id):
        raise name_taken()
    changed["username_skeleton"] = skeleton
    await Profiles(connection).keep_name(user_id, before, now=now)
    await tell_by_mail(connection, "mail.name_changed", user_id, now=now)


def name_taken() -> BadInput:
    """Return what is said of a name that is another's."""
    return BadInput([FieldError("username", "is taken, or looks like one that is")])
