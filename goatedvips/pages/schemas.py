from typing import Annotated

from pydantic import Field

from goatedvips.kit.schemas import Schema


class PageQuery(Schema):
    """In which language, if the page is there in it."""

    lang: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"


class PageView(Schema):
    """A page that the operator writes."""

    name: str
    title: str
    html: Annotated[str, Field(description="Made from Markdown; raw HTML in it is shown as text")]
    lang: Annotated[str, Field(description="Of this page, which need not be the one asked for")]


class HelpLineView(Schema):
    """Where somebody in a country finds help; without a country, anybody."""

    country: Annotated[str | None, Field(description="Two letters, ISO 3166")]
    name: str
    phone: str | None
    url: str | None


class SiteNotices(Schema):
    """What every page tells: from what age on, that it is advertising, and where there is help."""

    minimum_age: int
    ad_label: Annotated[str | None, Field(description="The operator's own words, if he wants others")]
    help_lines: list[HelpLineView]
