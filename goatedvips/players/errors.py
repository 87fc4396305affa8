from goatedvips.kit.errors import NotFound


class PersonNotFound(NotFound):
    """Nobody has this id, or none that the caller may know of."""

    code = "person_not_found"

    def __init__(self, person: str) -> None:
        super().__init__(f"Nobody is known as {person}.")
