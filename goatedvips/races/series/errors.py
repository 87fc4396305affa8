from goatedvips.kit.errors import NotFound, PreconditionFailed


class SeriesNotFound(NotFound):
    """There is no such series."""

    code = "series_not_found"

    def __init__(self, series: int | str) -> None:
        super().__init__(f"There is no series {series}.")


class SeriesChanged(PreconditionFailed):
    """Somebody changed the series since the caller saw it."""

    code = "series_changed"

    def __init__(self, series_id: int, version: int) -> None:
        super().__init__(
            f"Series {series_id} was changed meanwhile and is at version {version}; look at it again."
        )
