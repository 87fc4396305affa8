"""What can go wrong, as one small tree.

GoatedError                 500
├── BadInput                422  fields that do not hold what was expected
├── Malformed               400  not even readable
├── NotSignedIn             401
├── Forbidden               403
├── NotFound                404
├── Conflict                409  contradicts the present state
├── PreconditionFailed      412  it is no longer what the caller saw
├── TooLarge                413
├── TooManyRequests         429  says when to come back
└── NotReady                503  ours to mend, or to wait for

Each has a status, a code for programs and a sentence for people. They are
raised deep and rendered once (`kit.problems` on the wire, `cli` in a terminal).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of the input, and what was expected."""

    field: str
    message: str


class GoatedError(Exception):
    """The root: a failure with a status, a code and a sentence."""

    status = 500
    code = "internal_error"
    title = "Internal error"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors: list[FieldError] = []
        """What is wrong part by part, where it is more than one thing."""


class BadInput(GoatedError):
    """Fields do not hold what was expected."""

    status = 422
    code = "invalid_fields"
    title = "Invalid fields"

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("; ".join(f"{error.field}: {error.message}" for error in errors))
        self.errors = errors

    @classmethod
    def field(cls, field: str, message: str) -> "BadInput":
        """Complain about a single field."""
        return cls([FieldError(field, message)])


class Malformed(GoatedError):
    """The input could not be read at all."""

    status = 400
    code = "malformed"
    title = "Malformed request"


class NotSignedIn(GoatedError):
    """The caller must say who he is."""

    status = 401
    code = "not_signed_in"
    title = "Not signed in"


class Forbidden(GoatedError):
    """The caller may not do this."""

    status = 403
    code = "forbidden"
    title = "Forbidden"


class NotFound(GoatedError):
    """There is no such thing, or none that the caller may know of."""

    status = 404
    code = "not_found"
    title = "Not found"


class Conflict(GoatedError):
    """The request contradicts the present state."""

    status = 409
    code = "conflict"
    title = "Conflict"


class PreconditionFailed(GoatedError):
    """It is no longer what the caller saw."""

    status = 412
    code = "precondition_failed"
    title = "Precondition failed"


class TooLarge(GoatedError):
    """The body is longer than any that we take."""

    status = 413
    code = "too_large"
    title = "Too large"


class TooManyRequests(GoatedError):
    """The caller asked too often; `retry_after` is in seconds."""

    status = 429
    code = "too_many_requests"
    title = "Too many requests"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class NotReady(GoatedError):
    """The system cannot serve this yet."""

    status = 503
    code = "not_ready"
    title = "Not ready"
