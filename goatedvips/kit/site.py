"""The built site: its files as they are, and its one page for every address that is a page's."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from servestatic import ServeStaticASGI
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from goatedvips.kit.errors import NotFound, NotReady
from goatedvips.kit.problems import problem

STATIC = Path(__file__).parent.parent / "static"
_API = ("/api/", "/ws", "/assets/", "/openapi.json", "/metrics")

_NAMES = ("/players/",)
"""Pages whose address ends with what the feed calls somebody, dots included."""


Linking: TypeAlias = Callable[[str, str], str | None]
"""Returns the `Link` header of the page at a path with a query, if it has one."""


def _is_hashed(_path: str, url: str) -> bool:
    # Vite puts a hash of the content into the name of all it builds.
    return url.startswith("/assets/")


class Site:
    """Serves the site for whatever the application does not know; wraps it as its fallback."""

    def __init__(self, root: Path = STATIC, *, link: Linking = lambda _path, _query: None) -> None:
        self._link = link
        self._page = root / "index.html"
        self._documentation = root / "docs.html"
        self._files: ASGIApp = self._fallback
        if root.is_dir():
            self._files = ServeStaticASGI(
                self._fallback,
                root=str(root),
                immutable_file_test=_is_hashed,
                max_age=0,
                mimetypes={".webmanifest": "application/manifest+json"},
            )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a file, the page, or 404."""
        await self._files(scope, receive, send)

    async def _fallback(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        await self._answer(request)(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        path = request.url.path
        is_file = "." in path.rsplit("/", 1)[-1] and not path.startswith(_NAMES)
        if path.startswith(_API) or request.method not in {"GET", "HEAD"} or is_file:
            return problem(request, NotFound(f"There is nothing at {path}."))
        if not self._page.exists():
            return problem(request, NotReady("The site is not built; `make web` builds it."))
        page = self._documentation if path == "/docs" else self._page
        headers = {"Cache-Control": "no-cache"}
        if (link := self._link(path, request.url.query)) is not None:
            headers["Link"] = link
        return FileResponse(page, headers=headers, media_type="text/html")
