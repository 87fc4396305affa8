"""Finding somebody on the boards."""

from goatedvips.kit.ids import as_id
from goatedvips.leaderboards.boards import Boards
from goatedvips.realtime.topics import Viewer


def slot_of(boards: Boards, person: str) -> int | None:
    """Return the slot of a person named by player id, by uid, or by the id of a linked user.

    A number is an id first: uids have 20 characters in every capture, ids never that many.
    """
    if (number := as_id(person)) is not None:
        slot = boards.slot(number)
        if slot is not None:
            return slot
        linked = boards.faces.player_of(number)
        if linked is not None:
            return boards.slot(linked)
    return boards.slot_by_uid(person)


def seen_slot(boards: Boards, person: str, viewer: Viewer | None) -> int | None:
    """Return the slot of a person whom this viewer may find: the hidden find only themselves."""
    slot = slot_of(boards, person)
    if slot is None:
        return None
    player_id = int(boards.ids[slot])
    if not boards.faces.is_hidden(player_id):
        return slot
    is_himself = viewer is not None and viewer.user_id == boards.faces.of(player_id).user_id
    return slot if is_himself else None
