"""Edits of what a caller saw: `If-Match` with the version that was shown (RFC 9110, 13.1.1)."""

import re
from typing import Annotated

from fastapi import Header

_VERSION = re.compile(r'"(\d{1,9})"', re.ASCII)
_NO_VERSION = -1

IfMatch = Annotated[
    str | None, Header(description='The version that was seen, like `"3"`; 412 if it is another by now')
]


def version_of(if_match: str | None) -> int | None:
    """Read the version that a caller saw; a tag that is no version of ours matches none."""
    if if_match is None or if_match.strip() == "*":
        return None
    tag = _VERSION.fullmatch(if_match.strip())
    return int(tag[1]) if tag else _NO_VERSION


def version_tag(version: int) -> str:
    """Write a version as the tag that `version_of` reads."""
    return f'"{version}"'
