"""Being of age: asked for once, and no birth date is kept."""

from datetime import date, datetime

from goatedvips.kit.errors import Forbidden

OF_AGE = 18
"""Years: prizes are won with wagers at a casino, which nobody younger may place."""


class TooYoung(Forbidden):
    """Somebody is not of age."""

    code = "too_young"

    def __init__(self) -> None:
        super().__init__(f"You must be {OF_AGE} or older to take part here.")


class AgeNotConfirmed(Forbidden):
    """Nobody takes part before he has said that he is of age."""

    code = "age_not_confirmed"

    def __init__(self) -> None:
        super().__init__(f"Confirm first that you are {OF_AGE} or older.")


def require_age(born: date, now: datetime) -> None:
    """Raise `TooYoung` unless somebody born on this day is of age."""
    if age(born, now.date()) < OF_AGE:
        raise TooYoung


def age(born: date, today: date) -> int:
    """Return full years; who was born on a 29th of February grows older on the 1st of March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
