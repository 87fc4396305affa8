"""Which pages can be shown on another site, and the frame that shows them. Computes only."""

import re
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qs, quote, urlsplit

from goatedvips.kit.windows import PERIODS

_RACE = re.compile(r"/(?:embed/race|races)/([1-9]\d{0,17})/?", re.ASCII)
_BOARD = re.compile(r"/(?:embed/)?leaderboard/?", re.ASCII)
WIDTH, HEIGHT = 480, 560
"""Pixels: a title, ten rows and where they are from."""
SMALLEST = 200


@dataclass(frozen=True, slots=True)
class Embed:
    """A page that can be framed: its address within the site, and the race it shows, if it shows one."""

    path: str
    race_id: int | None = None


def embed_of(url: str, site_url: str) -> Embed | None:
    """Return how a page of this site is framed, or None for any other page."""
    try:
        parts, site = urlsplit(url), urlsplit(site_url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or parts.netloc.lower() != site.netloc.lower():
        return None
    if race := _RACE.fullmatch(parts.path):
        return Embed(f"/embed/race/{race[1]}", int(race[1]))
    if _BOARD.fullmatch(parts.path):
        period = parse_qs(parts.query).get("period", ["all_time"])[0]
        return Embed(f"/embed/leaderboard?period={period}") if period in PERIODS else None
    return None


def frame(embed: Embed, *, site_url: str, title: str, width: int, height: int) -> str:
    """Return the HTML that another site puts into its page."""
    return (
        f'<iframe src="{escape(site_url + embed.path)}" title="{escape(title)}" width="{width}"'
        f' height="{height}" loading="lazy" frameborder="0" referrerpolicy="no-referrer"></iframe>'
    )


def discovery(path: str, query: str, site_url: str) -> str | None:
    """Return the `Link` header by which other sites find out that a page can be framed."""
    page = f"{site_url}{path}{'?' if query else ''}{query}"
    if embed_of(page, site_url) is None:
        return None
    address = f"{site_url}/api/oembed?url={quote(page, safe='')}"
    return f'<{address}>; rel="alternate"; type="application/json+oembed"'
