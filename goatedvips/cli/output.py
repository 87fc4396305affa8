"""How the command line speaks: sentences for people, one JSON object for programs."""

import json
import sys
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from goatedvips.kit.errors import BadInput, GoatedError

console = Console()
errors = Console(stderr=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")]


def print_json(value: Any) -> None:  # noqa: ANN401 - whatever JSON can say
    """Print one JSON value, in one piece and without colours."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def report(error: GoatedError) -> None:
    """Say what went wrong: in sentences, or as JSON if that was asked for."""
    if "--json" in sys.argv:
        problem: dict[str, Any] = {"error": error.detail, "code": error.code}
        if isinstance(error, BadInput):
            problem["errors"] = [{"field": wrong.field, "message": wrong.message} for wrong in error.errors]
        print_json(problem)
        return
    if isinstance(error, BadInput):
        for wrong in error.errors:
            say(wrong.message, label=wrong.field, to=errors)
        return
    say(error.detail, label="Error:", to=errors)


def say(text: str, *, label: str = "", style: str = "bold red", to: Console = console) -> None:
    """Print a line, after a word in colour. What names and errors hold is text, never Rich's markup."""
    line = Text(text)
    to.print(Text.assemble((label, style), " ", line) if label else line, soft_wrap=True, highlight=False)
