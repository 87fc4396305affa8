"""The address that the site is on."""

import socket
from typing import Annotated

import typer

from goatedvips.kit.errors import GoatedError

Host = Annotated[str | None, typer.Option("--host", help="Address to listen on [GOATEDVIPS_HOST].")]
Port = Annotated[int | None, typer.Option("--port", help="Port to listen on [GOATEDVIPS_PORT].")]


class AddressTaken(GoatedError):
    """Something else listens there, or the address is not ours."""

    code = "address_taken"


def listening(host: str, port: int) -> socket.socket:
    """Return a listening socket; raise `AddressTaken` with a sentence."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=8192)
    except OSError as error:
        raise AddressTaken(
            f"Cannot listen on {host}:{port}: {error.strerror}. Choose another --port (GOATEDVIPS_PORT)."
        ) from None
