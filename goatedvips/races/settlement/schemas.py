from typing import Annotated

from pydantic import Field, StrictBool, ValidationInfo, field_validator

from goatedvips.kit.schemas import Schema, Submission


class ProofQuery(Schema):
    """Which version of a result; the newest unless told otherwise."""

    version: Annotated[int | None, Field(ge=1, le=32_767)] = None


class RaceSettle(Submission):
    """How a race is settled: for a trial, or on the last report there is, and then why; players read it."""

    dry_run: StrictBool = False
    on_last_run: StrictBool = False
    reason: Annotated[str | None, Field(min_length=1, max_length=500)] = None

    @field_validator("reason")
    @classmethod
    def _is_asked_for(cls, reason: str | None, given: ValidationInfo) -> str | None:
        if reason is not None and given.data.get("on_last_run") is False:
            raise ValueError("is for onLastRun; a race with its last report needs none")
        return reason
