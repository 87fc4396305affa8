"""A client that does on the wire what a library would not, such as not to read."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from tests.realtime.conftest import Site

PAGE = 512 * 1024
"""Large enough to fill what the kernel buffers within a few frames."""


@contextmanager
def idle_client(site: Site) -> Iterator["RawClient"]:
    """A client that has shaken hands and reads only when told to."""
    with socket.socket() as connection:
        # Less than a page on our side, so that the server's side fills up soon.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, PAGE // 4)
        connection.connect(("127.0.0.1", site.port))
        connection.settimeout(10)
        yield RawClient(connection)


class RawClient:
    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.protocol = ClientProtocol(parse_uri("ws://127.0.0.1/ws"), max_size=None)
        self.protocol.send_request(self.protocol.connect())
        connection.sendall(b"".join(self.protocol.data_to_send()))
        while not self.protocol.events_received():
            self.protocol.receive_data(connection.recv(1024))

    def say(self, text: str) -> None:
        self.protocol.send_text(text.encode())
        self.connection.sendall(b"".join(self.protocol.data_to_send()))

    def read_all(self) -> list[dict[str, object]]:
        """Read until the server has closed, and return what it sent."""
        messages, parts = [], []
        while data := self.connection.recv(1 << 16):
            self.protocol.receive_data(data)
            for event in self.protocol.events_received():
                if isinstance(event, Frame) and event.opcode in (Opcode.TEXT, Opcode.CONT):
                    parts.append(bytes(event.data))
                    if event.fin:
                        messages.append(json.loads(b"".join(parts)))
                        parts = []
            if answer := b"".join(self.protocol.data_to_send()):
                self.connection.sendall(answer)
        self.protocol.receive_eof()
        return messages
