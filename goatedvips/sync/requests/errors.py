from goatedvips.kit.errors import NotFound


class SyncRequestNotFound(NotFound):
    """There is no such request."""

    code = "sync_request_not_found"

    def __init__(self, request_id: int) -> None:
        super().__init__(f"There is no request {request_id}.")
