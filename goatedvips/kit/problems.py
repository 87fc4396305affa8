"""Errors as `application/problem+json` (RFC 9457), rendered once for everybody."""

from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from goatedvips.kit.addresses import methods_of
from goatedvips.kit.errors import (
    BadInput,
    FieldError,
    GoatedError,
    Malformed,
    NotReady,
    TooLarge,
    TooManyRequests,
)
from goatedvips.kit.schemas import field_errors

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """What is wrong with one field, or with one of many things that were asked for."""

    field: str
    message: str


class Problem(BaseModel):
    """An error as the wire shows it."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    requestId: str | None  # noqa: N815 - the wire's name
    errors: list[FieldProblem] | None = None


RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {
        "model": Problem,
        "description": "What went wrong",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}


def problem(request: Request, error: GoatedError) -> JSONResponse:
    """Render an error."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "requestId": request.scope.get("request_id"),
    }
    if error.errors:
        body["errors"] = [{"field": wrong.field, "message": wrong.message} for wrong in error.errors]
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, NotReady):
        headers["Retry-After"] = "5"
    return JSONResponse(body, status_code=error.status, headers=headers, media_type=MEDIA_TYPE)


def unforeseen(request: Request, error: Exception) -> JSONResponse:
    """Render what nobody thought of, and record it."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return _no_database(request, error)
    log.error("request.crashed", path=request.url.path, exc_info=error)
    return problem(request, GoatedError("Something went wrong on our side; it has been recorded."))


def _no_database(request: Request, error: Exception) -> JSONResponse:
    log.warning("database.unavailable", error=str(error).splitlines()[0])
    return problem(request, NotReady("The database does not answer; try again in a few seconds."))


def install(app: FastAPI) -> None:
    """Make an application answer every error that was thought of with a problem."""

    async def ours(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, GoatedError)  # noqa: S101 - the class it is registered for
        return problem(request, error)

    async def invalid(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - the class it is registered for
        for wrong in error.errors():
            if wrong["type"] == "json_invalid":
                return problem(request, _broken_json(wrong))
        return problem(request, BadInput(field_errors(error.errors())))

    async def by_status(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101 - the class it is registered for
        answer = problem(request, _of_status(error))
        answer.headers.update(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            answer.headers["Allow"] = ", ".join(methods_of(request))
        return answer

    async def database(request: Request, error: Exception) -> JSONResponse:
        return _no_database(request, error)

    app.add_exception_handler(GoatedError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, by_status)
    for kind in (OperationalError, InterfaceError, PoolTimeout, ConnectionError):
        app.add_exception_handler(kind, database)


def _broken_json(wrong: Any) -> Malformed:  # noqa: ANN401 - one of FastAPI's dictionaries
    """Say where a body breaks off: FastAPI gives the character's number for the name of a field."""
    _, at = wrong["loc"]
    malformed = Malformed("The body is not JSON.")
    malformed.errors = [FieldError("body", f"is not JSON: {wrong['ctx']['error']} at character {at}")]
    return malformed


def _of_status(error: HTTPException) -> GoatedError:
    if error.status_code == TooLarge.status:
        return TooLarge(error.detail)
    status = HTTPStatus(error.status_code)
    rendered = GoatedError(error.detail if error.detail != status.phrase else f"{status.phrase}.")
    rendered.status = status
    rendered.code = status.name.lower()
    rendered.title = status.phrase
    return rendered


__all__ = ["MEDIA_TYPE", "RESPONSES", "FieldError", "Problem", "install", "problem"]
