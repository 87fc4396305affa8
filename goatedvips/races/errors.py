from goatedvips.kit.errors import Conflict, NotFound, PreconditionFailed


class RaceNotFound(NotFound):
    """There is no such race."""

    code = "race_not_found"

    def __init__(self, race_id: int | str) -> None:
        super().__init__(f"There is no race {race_id}.")


class NoSuchRaceNow(NotFound):
    """No race of the type goes on, or none has ended yet."""

    code = "no_race"

    def __init__(self, race_type: str, when: str) -> None:
        super().__init__(f"There is no {when} {race_type} race.")


class RaceNotOpen(Conflict):
    """The race is over, one way or the other."""

    code = "race_not_open"

    def __init__(self, race_id: int, status: str) -> None:
        super().__init__(f"Race {race_id} is {status}; only a scheduled or live race can be cancelled.")


class RaceNotEditable(Conflict):
    """The race has begun, or is over."""

    code = "race_not_editable"

    def __init__(self, race_id: int, phase: str) -> None:
        super().__init__(
            f"Race {race_id} is {phase}; only a race that has not begun can be edited."
            " Cancel it and clone it to change it."
        )


class RaceChanged(PreconditionFailed):
    """Somebody changed the race since the caller saw it."""

    code = "race_changed"

    def __init__(self, race_id: int, version: int) -> None:
        super().__init__(
            f"Race {race_id} was changed meanwhile and is at version {version}; look at it again."
        )
