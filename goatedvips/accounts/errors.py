from goatedvips.kit.errors import Conflict, Forbidden, NotFound, NotSignedIn


class WrongCredentials(NotSignedIn):
    """Login and password do not belong together; it is not said which is wrong."""

    code = "wrong_credentials"

    def __init__(self) -> None:
        super().__init__("The name or the password is not right.")


class SecondFactorNeeded(NotSignedIn):
    """The password was right, and a code of the authenticator is asked for."""

    code = "totp_required"

    def __init__(self) -> None:
        super().__init__("Give the code that your authenticator shows, or a recovery code.")


class WrongCode(NotSignedIn):
    """The code of the authenticator is not right, or was used before."""

    code = "wrong_totp"

    def __init__(self) -> None:
        super().__init__("This code is not right any more; wait for the next one.")


class Banned(Forbidden):
    """The account is banned."""

    code = "banned"

    def __init__(self, reason: str) -> None:
        super().__init__(f"This account is banned: {reason}")


class NotPermitted(Forbidden):
    """Somebody's role, or his key, does not reach so far."""

    code = "not_permitted"

    def __init__(self, permission: str) -> None:
        super().__init__(f"This needs the permission {permission}, which you do not have.")


class CsrfTokenNeeded(Forbidden):
    """A browser must show that the page that asks is ours."""

    code = "csrf_token_needed"

    def __init__(self) -> None:
        super().__init__("Send the token that GET /api/auth/me gives as X-CSRF-Token.")


class ProofNeeded(Forbidden):
    """Too long ago that he proved who he is."""

    code = "proof_needed"

    def __init__(self) -> None:
        super().__init__("Sign in again first: it is too long ago for a change as grave as this one.")


class TokenNotGood(Forbidden):
    """What the mail held is no token, or one that was used, replaced or is too old."""

    code = "token_not_good"

    def __init__(self) -> None:
        super().__init__("This link was used before, has been replaced by a newer one, or is too old.")


class UserNotFound(NotFound):
    """There is no such account."""

    code = "user_not_found"

    def __init__(self, user_id: int) -> None:
        super().__init__(f"There is no user {user_id}.")


class SessionNotFound(NotFound):
    """None of one's sessions has this number."""

    code = "session_not_found"

    def __init__(self, session_id: int) -> None:
        super().__init__(f"None of your sessions has the number {session_id}.")


class AlreadyVerified(Conflict):
    """The address is verified; there is nothing to send."""

    code = "already_verified"

    def __init__(self) -> None:
        super().__init__("Your address is verified.")
