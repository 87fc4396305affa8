from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from goatedvips.sharing.embeds import SMALLEST


class OembedQuery(BaseModel):
    """Which page, and how much room there is for it. Other parameters are those of other providers."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    url: Annotated[str, Field(min_length=1, max_length=2000)]
    maxwidth: Annotated[int | None, Field(ge=SMALLEST)] = None
    maxheight: Annotated[int | None, Field(ge=SMALLEST)] = None
    format: Literal["json"] = "json"


class Oembed(BaseModel):
    """How a page is shown on another site (oembed.com; snake_case is its own)."""

    model_config = ConfigDict(frozen=True)

    version: Literal["1.0"] = "1.0"
    type: Literal["rich"] = "rich"
    title: str
    provider_name: str
    provider_url: str
    html: str
    width: int
    height: int
    cache_age: int = 3600
