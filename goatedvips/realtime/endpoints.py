import json
from collections.abc import Sequence
from http import HTTPStatus

from starlette.requests import HTTPConnection, Request
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from goatedvips.kit.errors import BadInput, GoatedError, TooManyRequests
from goatedvips.realtime import protocol
from goatedvips.realtime.connection import converse
from goatedvips.realtime.conversation import Conversation
from goatedvips.realtime.doorkeeper import address_of, is_welcome
from goatedvips.realtime.errors import ForeignOrigin
from goatedvips.realtime.hub import Hub
from goatedvips.realtime.options import RealtimeOptions
from goatedvips.realtime.protocol import Subscribe
from goatedvips.realtime.stream import HEADERS, EventStream, versions_of
from goatedvips.realtime.subscriptions import Subscriptions
from goatedvips.realtime.topics import TopicSource
from goatedvips.realtime.watcher import Watcher


def routes(hub: Hub, source: TopicSource, options: RealtimeOptions) -> Sequence[BaseRoute]:
    """Return `/ws` and `/api/events`, to be mounted at the root.

    `/api/events` raises errors of `kit.errors` for the application to render.
    """
    live = Live(hub, source, options)
    return [
        WebSocketRoute("/ws", SocketEndpoint(live)),
        Route("/api/events", EventsEndpoint(live), methods=["GET"], name="events", include_in_schema=False),
    ]


class Live:
    """What both endpoints share."""

    def __init__(self, hub: Hub, source: TopicSource, options: RealtimeOptions) -> None:
        self.hub = hub
        self.options = options
        self.subscriptions = Subscriptions(hub, source, options.max_topics)


class SocketEndpoint:
    """`/ws`, as a bare ASGI application: a WebSocket object per client costs time and memory for nothing."""

    def __init__(self, live: Live) -> None:
        self._live = live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a client in or refuse it, and serve it until it is gone."""
        live, connection = self._live, HTTPConnection(scope)
        await receive()  # websocket.connect
        try:
            origin = connection.headers.get("origin")
            if not is_welcome(origin, connection.headers.get("host"), live.options.allowed_origins):
                live.hub.counts.refused += 1
                raise ForeignOrigin(str(origin))
            watcher = Watcher(live.hub.counts, await live.options.identify(connection))
            admission = live.hub.admit(watcher, address_of(connection), live.options)
        except GoatedError as error:
            await _refuse(error, scope, send)
            return
        with admission:
            conversation = Conversation(watcher, live.subscriptions, live.options)
            await converse(conversation, scope=scope, receive=receive, send=send)


class EventsEndpoint:
    """`GET /api/events?topics=&mode=`."""

    def __init__(self, live: Live) -> None:
        self._live = live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream events until the client is gone; raise what is wrong with the request before that."""
        live, request = self._live, Request(scope)
        # EventSource repeats the header by itself; whoever cannot set headers uses the query.
        last = request.headers.get("last-event-id") or request.query_params.get("lastEventId") or ""
        held = versions_of(last)
        wanted = _wanted(request, held, live.options.max_topics)
        if request.method == "HEAD":
            await send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": HEADERS})
            await send({"type": "http.response.body"})
            return
        watcher = Watcher(live.hub.counts, await live.options.identify(request))
        with live.hub.admit(watcher, address_of(request), live.options):
            for subscribe in wanted:
                await live.subscriptions.add(watcher, subscribe)
            if not wanted:
                for topic, version in held.items():
                    watcher.pending.expect(topic, version=version, delta=False)
                live.hub.greet(watcher)
            await EventStream(watcher, live.options, receive=receive, send=send).run()


def _wanted(request: Request, held: dict[str, int], most: int) -> list[Subscribe]:
    listed = request.query_params.get("topics", "")
    names = dict.fromkeys(name.strip() for name in listed.split(",") if name.strip())
    if len(names) > most:
        raise BadInput.field("topics", f"expected at most {most} topics")
    delta = protocol.parse_mode(request.query_params.get("mode"))
    return [
        Subscribe(protocol.parse_topic(name, field="topics"), version=held.get(name), delta=delta)
        for name in names
    ]


async def _refuse(error: GoatedError, scope: Scope, send: Send) -> None:
    """Answer the handshake with the error's status, or with 403 where the server knows no other."""
    if "websocket.http.response" not in (scope.get("extensions") or {}):
        await send({"type": "websocket.close", "code": 1008, "reason": error.detail})
        return
    problem = {"type": "about:blank", "title": error.title, "status": error.status}
    body = json.dumps(problem | {"detail": error.detail, "code": error.code}).encode()
    headers = [(b"content-type", b"application/problem+json")]
    if isinstance(error, TooManyRequests):
        headers.append((b"retry-after", str(error.retry_after).encode()))
    await send({"type": "websocket.http.response.start", "status": error.status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": body})
