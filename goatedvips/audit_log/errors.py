from goatedvips.kit.errors import Conflict


class VerificationRunning(Conflict):
    """Somebody has the log verified already."""

    code = "verification_running"

    def __init__(self) -> None:
        super().__init__("The log is being verified; try again when that is done.")
