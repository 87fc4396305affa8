from goatedvips.kit.errors import NotFound


class PageNotFound(NotFound):
    """The site has no such page."""

    code = "page_not_found"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no page {name}.")
