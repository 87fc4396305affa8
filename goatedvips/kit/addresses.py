"""Which methods an address has. One that is written out comes before any template (OpenAPI 3.1, 4.8.8)."""

from collections import defaultdict
from collections.abc import Iterable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class FixedAddresses(BaseRoute):
    """Goes before all routes, and refuses a method that a written-out address does not have.

    Otherwise a template would catch it: `PATCH /users/search` is no change of somebody called `search`.
    """

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._methods: dict[str, set[str]] = defaultdict(set)
        for route in routes:
            if isinstance(route, Route) and not route.param_convertors:
                self._methods[route.path] |= route.methods or set()

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match what is to be refused."""
        known = self._methods.get(scope["path"]) if scope["type"] == "http" else None
        return (Match.NONE if known is None or scope["method"] in known else Match.FULL), {}

    async def handle(self, _scope: Scope, _receive: Receive, _send: Send) -> None:
        """Refuse it."""
        raise HTTPException(405)


def methods_of(request: Request) -> list[str]:
    """Return all methods of an address: Starlette tells those of the first route that has it."""
    return [method for method in _METHODS if _has(request, method)]


def _has(request: Request, method: str) -> bool:
    scope = {**request.scope, "method": method}
    taking = (route for route in request.app.routes if route.matches(scope)[0] is Match.FULL)
    return not isinstance(next(taking, None), FixedAddresses | None)
