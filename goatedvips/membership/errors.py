from goatedvips.kit.errors import Conflict


class LastAdministrator(Conflict):
    """Somebody must be left who can let others in."""

    code = "last_administrator"

    def __init__(self) -> None:
        super().__init__("This is the last administrator; make somebody else one first.")


class OneselfNot(Conflict):
    """Something that nobody does to himself."""

    code = "oneself_not"

    def __init__(self, what: str) -> None:
        super().__init__(f"Nobody {what} himself; ask another administrator.")


class SecondFactorFirst(Conflict):
    """Staff sign in with a second factor, or with a long password that is known to be one."""

    code = "second_factor_first"

    def __init__(self, user_id: int) -> None:
        super().__init__(f"User {user_id} must set up an authenticator before he becomes staff.")


class NotInThatState(Conflict):
    """The account is not in the state that the verb starts from."""

    code = "not_in_that_state"

    def __init__(self, user_id: int, status: str) -> None:
        super().__init__(f"User {user_id} is {status}.")


class CannotBeShortened(Conflict):
    """Whoever excluded himself does not come back early."""

    code = "cannot_be_shortened"

    def __init__(self, until: str) -> None:
        super().__init__(f"You are excluded {until}; that can be made longer, not shorter.")
