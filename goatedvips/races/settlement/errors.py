from datetime import datetime

from goatedvips.kit.errors import Conflict, NotFound


class NotDue(Conflict):
    """The race cannot be settled: it has not ended, or its last report may still come."""

    code = "race_not_due"

    def __init__(self, race_id: int, why: str) -> None:
        super().__init__(f"Race {race_id} cannot be settled: {why}.")


class NotSettled(Conflict):
    """There is no result yet."""

    code = "race_not_settled"

    def __init__(self, race_id: int, status: str) -> None:
        super().__init__(f"Race {race_id} is {status}; it has no result yet.")


class NoSuchVersion(NotFound):
    """The result has no such version."""

    code = "no_such_version"

    def __init__(self, race_id: int, version: int, *, newest: int) -> None:
        super().__init__(f"The result of race {race_id} has no version {version}; its newest is {newest}.")


class AlreadyPaid(Conflict):
    """Money that was paid cannot be taken back here."""

    code = "award_paid"

    def __init__(self, player_id: int, race_id: int) -> None:
        super().__init__(f"Player {player_id} was paid his prize of race {race_id}; it cannot be taken back.")


class NoStanding(Conflict):
    """The player took no part, so there is nothing to take from him."""

    code = "no_standing"

    def __init__(self, player_id: int, race_id: int) -> None:
        super().__init__(f"Player {player_id} has no standing in race {race_id}.")


class AlreadyExcluded(Conflict):
    """The player takes no place as it is."""

    code = "already_excluded"

    def __init__(self, player_id: int, race_id: int) -> None:
        super().__init__(f"Player {player_id} is excluded from race {race_id} already.")


class TakesFromOthers(Conflict):
    """The correction would owe somebody less than he was awarded."""

    code = "takes_from_others"

    def __init__(self, race_id: int) -> None:
        super().__init__(
            f"In race {race_id} a worse place pays more than a better one:"
            " moving up would take from others what they were awarded."
        )


def at(moment: datetime) -> str:
    """Write a moment for a sentence."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"
