"""Routes for answers that are ready as bytes, documented like all others."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar, get_type_hints

from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from goatedvips.kit.errors import BadInput, FieldError
from goatedvips.kit.ids import as_id
from goatedvips.kit.schemas import Schema, field_errors

Query = TypeVar("Query", bound=BaseModel)


class NoQuery(Schema):
    """No parameters at all."""


class ReadyRoute(APIRoute):
    """Calls its endpoint with the request, its path and its checked query: nothing else is solved or encoded.

    FastAPI's own way costs 207 µs of server time a page of bytes, a plain route 78. The declared
    parameters and response model still make the documentation. An endpoint declares `request`, its path
    parameters as `str` or `int`, and, if it has one, its query string as one model named `query`.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what is called with each request."""
        endpoint = self.endpoint
        hints = get_type_hints(endpoint)
        query: type[BaseModel] = hints.get("query", NoQuery)
        numbers = {name for name in self.param_convertors if hints[name] is int}

        async def handle(request: Request) -> Response:
            arguments: dict[str, Any] = dict(request.path_params)
            for name in numbers:
                arguments[name] = _number(name, arguments[name])
            read = read_query(request, query)
            if "query" in hints:
                arguments["query"] = read
            response: Response = await endpoint(request, **arguments)
            return response

        return handle


def _number(name: str, text: str) -> int:
    number = as_id(text)
    if number is None:
        raise BadInput.field(name, "expected a whole number")
    return number


def read_query(request: Request, model: type[Query]) -> Query:
    """Read the query string into a model; raise `BadInput` naming every parameter that is wrong.

    A parameter that is given twice is refused: nobody can know which was meant.
    """
    given = request.query_params.multi_items()
    values: dict[str, Any] = dict(given)
    if len(values) < len(given):
        names = [name for name, _ in given]
        raise BadInput([FieldError(name, "given more than once") for name in values if names.count(name) > 1])
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise BadInput(field_errors(error.errors())) from None
