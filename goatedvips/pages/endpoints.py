from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from goatedvips.accounts.age import OF_AGE
from goatedvips.kit.etag import answer, ready
from goatedvips.kit.ready_route import ReadyRoute
from goatedvips.pages.errors import PageNotFound
from goatedvips.pages.folder import Folder, PageName
from goatedvips.pages.schemas import HelpLineView, PageQuery, PageView, SiteNotices


class PageEndpoints:
    """What the operator writes: pages, and what every page tells."""

    def __init__(self, folder: Folder, *, ad_label: str | None) -> None:
        self._folder = folder
        self._ad_label = ad_label

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(prefix="/api", route_class=ReadyRoute, tags=["Site"])
        add = router.add_api_route
        add("/site", self.site, response_model=SiteNotices, summary="What every page tells")
        add("/pages/{name}", self.page, response_model=PageView, summary="A page of the operator's")
        return router

    async def site(self, request: Request) -> Response:
        """Show from what age on people take part, how advertising is marked, and where there is help."""
        lines = [
            HelpLineView(country=line.country or None, name=line.name, phone=line.phone, url=line.url)
            for line in self._folder.help_lines()
        ]
        notices = SiteNotices(minimum_age=OF_AGE, ad_label=self._ad_label, help_lines=lines)
        return answer(request, ready(notices))

    async def page(self, request: Request, name: str, query: Annotated[PageQuery, Query()]) -> Response:
        """Show how it works, the rules, help, terms or privacy."""
        try:
            known = PageName(name)
        except ValueError:
            raise PageNotFound(name) from None
        page = self._folder.page(known, query.lang)
        return answer(
            request, ready(PageView(name=known, title=page.title, html=page.html, lang=page.language))
        )
