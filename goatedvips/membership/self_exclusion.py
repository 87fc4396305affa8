"""Keeping oneself out: until a day or for good, at once, and never undone early."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.accounts.errors import UserNotFound
from goatedvips.accounts.repository import Accounts
from goatedvips.audit.service import record
from goatedvips.kit.errors import BadInput
from goatedvips.kit.instants import rfc3339
from goatedvips.membership.errors import CannotBeShortened
from goatedvips.membership.repository import Members
from goatedvips.races.settlement.standing_out import follow_account
from goatedvips.realtime.announce import announce

SHORTEST = timedelta(days=1)
LONGEST = timedelta(days=10 * 365)
"""Whoever wants longer wants it for good."""


async def exclude_oneself(
    connection: AsyncConnection, user_id: int, *, until: datetime | None, now: datetime
) -> None:
    """Take a person off boards, races, prizes and mails from now on, until a day or for good (None).

    Raises `BadInput` for a day that is too near or too far, or `CannotBeShortened`.
    """
    if until is not None and not SHORTEST <= until - now <= LONGEST:
        raise BadInput.field("until", "must be a day to ten years from now; leave it out for good")
    members = Members(connection)
    held = await members.held(user_id)
    if held is None:
        raise UserNotFound(user_id)
    standing = await members.self_exclusion(user_id, now=now)
    if standing["for_good"]:
        raise CannotBeShortened("for good")
    if standing["is_excluded"] and until is not None and until < standing["until"]:
        raise CannotBeShortened(f"until {rfc3339(standing['until'])}")
    await members.exclude_oneself(user_id, until=until, now=now)
    await Accounts(connection).touch(user_id, now=now)
    await announce(connection, f"user:{user_id}")
    if held["player_id"] is not None:
        actor = f"user:{user_id}"
        acts = await follow_account(connection, held["player_id"], actor=actor, now=now)
        await record(connection, acts, actor=actor, at=now)
