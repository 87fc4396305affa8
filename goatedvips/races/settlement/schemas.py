from typing import Annotated

from pydantic import Field

from goatedvips.kit.schemas import Schema


class ProofQuery(Schema):
    """Which version of a result; the newest unless told otherwise."""

    version: Annotated[int | None, Field(ge=1, le=32_767)] = None
