"""A page's Markdown as HTML. What is written there brings no script along: raw HTML is shown as text."""

import re
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_NO_ANCHOR = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page: its title, which is its first heading, and the rest of it as HTML."""

    title: str
    html: str


def render(markdown: str, *, untitled: str) -> Rendered:
    """Return a page; one that does not begin with a heading of the first level has the title `untitled`."""
    tokens = _MARKDOWN.parse(markdown)
    title = untitled
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        title, tokens = tokens[1].content, tokens[3:]
    _name_headings(tokens)
    return Rendered(title, _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def _name_headings(tokens: list[Token]) -> None:
    """Give each heading an id, so that one can link to it; of two with the same words the first has it."""
    taken: set[str] = set()
    for opening, inner in pairwise(tokens):
        if opening.type == "heading_open":
            name = _NO_ANCHOR.sub("-", inner.content.lower()).strip("-")
            if name and name not in taken:
                taken.add(name)
                opening.attrSet("id", name)
