from goatedvips.kit.errors import Conflict


class AlreadyPosted(Conflict):
    """The same cause would move money a second time."""

    code = "already_posted"

    def __init__(self, key: str) -> None:
        super().__init__(f"The transfer {key} is posted already; one cause moves money once.")
        self.key = key
