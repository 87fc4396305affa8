from goatedvips.kit.errors import Conflict, NotFound


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
