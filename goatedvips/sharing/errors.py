from goatedvips.kit.errors import NotFound


class NotEmbeddable(NotFound):
    """A page that cannot be framed, or is not of this site."""

    code = "not_embeddable"

    def __init__(self) -> None:
        super().__init__("Only pages of races and of the leaderboard on this site can be embedded.")
