from typing import Annotated
from xml.sax.saxutils import escape

import msgspec
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from goatedvips.kit.etag import answer, of_bytes, ready
from goatedvips.kit.ready_route import ReadyRoute
from goatedvips.races.reading import RaceReader
from goatedvips.races.schemas import RaceListQuery
from goatedvips.sharing.embeds import HEIGHT, WIDTH, Embed, embed_of, frame
from goatedvips.sharing.errors import NotEmbeddable
from goatedvips.sharing.schemas import Oembed, OembedQuery

NAME = "GoatedVIPs"
PAGES = ("/", "/leaderboard", "/races", "/tiers", "/how-it-works", "/rules", "/fairness", "/help")
"""What a search engine should know, beside the races."""
_RACES = 100
_ROBOTS = """\
User-agent: *
Disallow: /overlay/
Disallow: /embed/
Sitemap: {site}/sitemap.xml
"""


class SharingEndpoints:
    """What leaves the site: frames for other pages, and what search engines read."""

    def __init__(self, reader: RaceReader, *, site_url: str) -> None:
        self._reader = reader
        self._site_url = site_url

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(route_class=ReadyRoute, tags=["Sharing"])
        add = router.add_api_route
        add(
            "/api/oembed",
            self.oembed,
            response_model=Oembed,
            summary="How another site frames a page (oEmbed)",
        )
        add("/robots.txt", self.robots, include_in_schema=False)
        add("/sitemap.xml", self.sitemap, include_in_schema=False)
        return router

    async def oembed(self, request: Request, query: Annotated[OembedQuery, Query()]) -> Response:
        """Show the frame for a race's or the leaderboard's page of this site."""
        embed = embed_of(query.url, self._site_url)
        if embed is None:
            raise NotEmbeddable
        title = await self._title(embed)
        width, height = min(WIDTH, query.maxwidth or WIDTH), min(HEIGHT, query.maxheight or HEIGHT)
        html = frame(embed, site_url=self._site_url, title=title, width=width, height=height)
        said = Oembed(
            title=title,
            provider_name=NAME,
            provider_url=self._site_url,
            html=html,
            width=width,
            height=height,
        )
        return answer(request, ready(said))

    async def _title(self, embed: Embed) -> str:
        if embed.race_id is None:
            return f"Leaderboard · {NAME}"
        race = await self._reader.race(embed.race_id)
        return f"{race.race['name']} · {NAME}"

    async def robots(self, _request: Request) -> Response:
        """Tell search engines what is not for them."""
        return PlainTextResponse(_ROBOTS.format(site=self._site_url))

    async def sitemap(self, request: Request) -> Response:
        """List the pages that search engines should know: the site's own and the last 100 races."""
        races = await self._reader.list(RaceListQuery(limit=_RACES))
        ids = [race["id"] for race in msgspec.json.decode(races.body)["data"]]
        addresses = [*PAGES, *(f"/races/{race_id}" for race_id in ids)]
        urls = "".join(f"<url><loc>{escape(self._site_url + path)}</loc></url>" for path in addresses)
        xml = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
        body = f'<?xml version="1.0" encoding="UTF-8"?>{xml}'.encode()
        return answer(request, of_bytes(body), media_type="application/xml")
