"""Writes `docs/permissions.md` from what the routes declare: `python docs/permissions.py [FILE]`."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import SecretStr

from goatedvips.accounts.gate import Access, access_of
from goatedvips.accounts.roles import GRANTS, Permission, Role
from goatedvips.app import create_app
from goatedvips.settings import Settings

PAGE = Path(__file__).with_suffix(".md")

ANOTHERS = {("PATCH", "/api/users/{person}"): Permission.USERS_WRITE}
"""Routes that let somebody with more permissions do to another what everybody may do to himself."""

HEAD = """\
# Who may do what

Written by `python docs/permissions.py` from what each route declares; `tests/api/test_permissions.py` calls
every one of them as everybody here, on what is his own, on what is another's and on what is not there.

- A key may do what its scopes say, and never more than its owner's role. *Browser*: a key will not do (401),
  since it could let itself last, or its owner in.
- *Proof*: the session must have been proved with the password within the last 15 minutes (403 otherwise).
- A write of a browser needs its `X-CSRF-Token` (403 otherwise).
- Whoever is not let through gets the same answer whatever he names, and whether it is there or not.

## Roles

| permission | {roles} |
|---|{lines}|
{grants}

## Routes that ask who you are

What is another's answers as if it were not there: 404, unless the table says otherwise.

| route | permission | nobody | {roles} | besides |
|---|---|---|{lines}|---|
{guarded}

## Routes for everybody

{public}
"""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A verb on an address, and what it asks of whoever calls it; None asks nothing."""

    method: str
    path: str
    access: Access | None
    body: str | None
    """The name of the schema of its body."""

    @property
    def others(self) -> Permission | None:
        """What must be permitted to do it to another, where that can be done."""
        return ANOTHERS.get((self.method, self.path))

    def status(self, role: Role | None) -> str:
        """Return what somebody of a role gets, in a browser."""
        if self.access is None:
            return "yes"
        if role is None:
            return "401"
        return "yes" if self.access.permission in GRANTS[role] else "403"


def endpoints(app: FastAPI) -> list[Endpoint]:
    """Return every route that the application serves, in the order of their addresses."""
    return sorted(_endpoints(app), key=lambda each: (each.path, each.method))


def _endpoints(app: FastAPI) -> Iterator[Endpoint]:
    routers = [each.original_router for each in app.routes if hasattr(each, "original_router")]
    for route in (route for router in routers for route in router.routes):
        assert isinstance(route, APIRoute), route
        asked = [access_of(each.call) for each in route.dependant.dependencies]
        access = next((each for each in asked if each is not None), None)
        body = route.body_field and route.body_field.field_info.annotation
        for method in sorted(route.methods or ()):
            yield Endpoint(method, route.path, access, getattr(body, "__name__", None))


def page(every: list[Endpoint]) -> str:
    """Return the page."""
    roles = list(Role)
    return HEAD.format(
        roles=" | ".join(roles),
        lines="|".join("---" for _ in roles),
        grants="\n".join(
            _row(f"`{permission}`", *("yes" if permission in GRANTS[role] else "" for role in roles))
            for permission in Permission
        ),
        guarded="\n".join(_guarded(each) for each in every if each.access is not None),
        public="\n".join(f"- `{each.method} {each.path}`" for each in every if each.access is None),
    )


def _guarded(endpoint: Endpoint) -> str:
    access = endpoint.access
    assert access is not None
    besides = ["browser"] if access.browsers_only else []
    besides += ["proof"] if access.fresh else []
    besides += [f"another's: `{endpoint.others}`, 403 otherwise"] if endpoint.others else []
    return _row(
        f"`{endpoint.method} {endpoint.path}`",
        f"`{access.permission}`",
        *(endpoint.status(role) for role in (None, *Role)),
        ", ".join(besides),
    )


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def application() -> FastAPI:
    """Return the application, for its routes: it reaches no database."""
    settings = Settings(goatedvips_secret_key=SecretStr("of no installation"))
    return create_app(settings, "postgresql://nowhere")


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE
    target.write_text(page(endpoints(application())), encoding="utf-8")
