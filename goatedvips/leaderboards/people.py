"""Finding somebody on the boards."""

from goatedvips.kit.ids import as_id
from goatedvips.leaderboards.boards import Boards


def slot_of(boards: Boards, person: str) -> int | None:
    """Return the slot of a person named by player id, by uid, or by the id of a linked user.

    A number is an id first: uids have 20 characters in every capture, ids never that many.
    """
    if (number := as_id(person)) is not None:
        slot = boards.slot(number)
        if slot is not None:
            return slot
        for player_id, (user_id, _) in boards.linked.items():
            if user_id == number:
                return boards.slot(player_id)
    return boards.slot_by_uid(person)
