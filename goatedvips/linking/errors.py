from goatedvips.kit.errors import Conflict, Forbidden, NotFound


class PlayerNotKnown(NotFound):
    """The feed knows nobody of this name or uid."""

    code = "player_not_found"

    def __init__(self, said: str) -> None:
        super().__init__(
            f"No player is known as {said}; the feed names a new one within minutes of his first bet."
        )


class SeveralPlayers(Conflict):
    """More than one player has this name."""

    code = "several_players"

    def __init__(self, said: str) -> None:
        super().__init__(f"Several players are called {said}; give the goatedId instead.")


class PlayerTaken(Conflict):
    """The player is linked to another account."""

    code = "player_taken"

    def __init__(self) -> None:
        super().__init__("This player is linked to another account; support can look into it.")


class AlreadyLinked(Conflict):
    """The account has a player."""

    code = "already_linked"

    def __init__(self) -> None:
        super().__init__("This account is linked to a player; unlink that one first.")


class NotLinked(Conflict):
    """There is nothing to unlink."""

    code = "not_linked"

    def __init__(self) -> None:
        super().__init__("This account is linked to no player.")


class RequestOpen(Conflict):
    """One request at a time."""

    code = "request_open"

    def __init__(self) -> None:
        super().__init__("You have a request that waits; withdraw it before you make another.")


class RequestDecided(Conflict):
    """What was decided stays so."""

    code = "request_decided"

    def __init__(self, request_id: int, status: str) -> None:
        super().__init__(f"Link request {request_id} is {status}.")


class RequestNotFound(NotFound):
    """There is no such request, or it is not one's own."""

    code = "link_request_not_found"

    def __init__(self, request_id: int) -> None:
        super().__init__(f"There is no link request {request_id}.")


class AddressNotVerified(Forbidden):
    """Who cannot be written to is linked to nobody."""

    code = "email_not_verified"

    def __init__(self) -> None:
        super().__init__("Verify your mail address first.")


class SignaturesOff(Forbidden):
    """Links are reviewed by staff only."""

    code = "signatures_off"

    def __init__(self) -> None:
        super().__init__("Here links are reviewed by staff; a proof by wagers is not asked for.")


class TellsNothing(Conflict):
    """The player wagers small amounts so often that two of them would prove nothing."""

    code = "tells_nothing"

    def __init__(self) -> None:
        super().__init__("This player wagers such amounts all the time; staff will look at the request.")
