"""Speaks ASGI to the server and WSGI to Django. The event loop reads requests, writes answers and holds streams; Django
runs in few threads, as more of them would fight over the interpreter lock."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from functools import partial
from io import BytesIO
from typing import Any

import structlog
from django.db import DatabaseError, InterfaceError
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.urls import resolve

from svc_chassis.observe.metrics import REQUESTS as METRIC
from svc_chassis.server.answers import Answer, Answers
from svc_chassis.server.environ import Environ, Scope, environ_of
from svc_chassis.server.pool import Pool
from svc_chassis.sse import streams
from svc_chassis.sse.bell import bell
from svc_chassis.sse.view import StreamResponse
from svc_chassis.web.keeping import may_be_kept
from svc_chassis.web.limits import refusal
from svc_chassis.web.problems import problem

log = structlog.get_logger()

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Environ, Callable[..., Any]], Any]

REQUESTS, DELIVERIES, HEALTH, LIFE = 2, 2, 1, 1
"""threads for each kind of request, so that none of them waits for the others"""
HELD = 64 * 1024 * 1024
"""bytes of bodies that each kind of request may hold"""
PIECE = 64 * 1024
"""bytes of a streamed answer that are written at once, at least"""
LINGER, LINGERING = 5.0, 4 * 1024 * 1024
"""seconds and bytes in which a client that was refused may go on sending, so that it gets to read why"""


class Gone(Exception):
    """The client hung up before its request was complete."""


class Bridge:
    def __init__(self, application: Application) -> None:
        self._application = application
        self._requests = Pool("requests", REQUESTS)
        self._deliveries = Pool("deliveries", DELIVERIES)
        self._health = Pool("health", HEALTH)
        self._life = Pool("life", LIFE)
        self._answers = Answers(self._requests)
        self._started = self._stopping = False

    def stop(self) -> None:
        """End all streams."""
        self._stopping = True
        bell.ring()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._started:
            self._start()
        pool = self._pool(scope)
        with suppress(Gone):
            answer = await self._answers.get(scope, partial(self._read_and_ask, scope, pool, receive))
            await self._send(answer, pool, scope, send)
            if scope["extensions"]["connection"].reading:
                await _linger(receive)

    def _start(self) -> None:
        """With the first request, as the event loop runs then."""
        self._started = True
        bell.install()
        for pool in (self._requests, self._deliveries, self._health, self._life):
            pool.start()

    def _pool(self, scope: Scope) -> Pool:
        path: str = scope["path"]
        if path == "/healthz":
            return self._life  # it needs no database, which may keep the others waiting
        if path in ("/readyz", "/metrics"):
            return self._health
        if scope["method"] != "GET" and (path == "/events" or path.startswith("/subscriptions/")):
            return self._deliveries
        return self._requests

    async def _read_and_ask(self, scope: Scope, pool: Pool, receive: Receive) -> Answer | HttpResponseBase:
        environ, body = environ_of(scope), bytearray()
        # What is refused is not read; Django says why.
        more = refusal(environ["PATH_INFO"], environ) is None
        try:
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Gone
                piece, more = message["body"], message["more_body"]
                body += piece
                pool.held += len(piece)
                if pool.held > HELD:
                    return _whole(problem(503, "Too many requests are open.", headers={"Retry-After": "1"}))
            environ["wsgi.input"] = BytesIO(body)
            return await pool.run(partial(self._ask, environ))
        finally:
            pool.held -= len(body)

    def _ask(self, environ: Environ) -> Answer | HttpResponseBase:
        """What Django answers; runs in a thread."""
        response = self._application(environ, lambda status, headers: None)
        if isinstance(response, StreamingHttpResponse):
            return response
        try:
            if isinstance(response, StreamResponse) and response.stream:
                return response
            return _whole(response)._replace(metric=_metric(environ, response) if may_be_kept(response) else None)
        finally:
            response.close()

    async def _send(self, answer: Answer | HttpResponseBase, pool: Pool, scope: Scope, send: Send) -> None:
        if isinstance(answer, Answer):
            bodiless = scope["method"] == "HEAD" or answer.start["status"] in (204, 304)
            await send(answer.start)
            await send({"type": "http.response.body", "body": b"" if bodiless else answer.body})
        elif isinstance(answer, StreamResponse) and answer.stream:
            scope["extensions"]["connection"].streaming = True
            await send(_start_of(answer))
            await self._tell(answer.stream, pool, send)
        elif isinstance(answer, StreamingHttpResponse):
            await _send_pieces(answer, pool, scope["method"] == "HEAD", send)

    async def _tell(self, stream: streams.Stream, pool: Pool, send: Send) -> None:
        """Send a stream's pieces as they become due, until its client hangs up or the server stops."""
        streams.opened(stream)
        try:
            piece: bytes | None = stream.first
            while not self._stopping:
                await send(_body(piece or b": still here\n\n", more=True))
                while not (stream.behind or self._stopping) and await bell.heard(streams.HEARTBEAT):
                    continue
                piece = stream.recent()
                if piece is None:
                    piece = await pool.run(stream.next)
            await send(_body(b""))
        except (DatabaseError, InterfaceError) as error:
            log.error("stream ended", why=str(error))
            await send(_body(b""))
        finally:
            streams.closed(stream)


def _whole(response: Any) -> Answer:
    return Answer(_start_of(response), response.content)


def _metric(environ: Environ, response: HttpResponseBase) -> Any:
    """What counts the answer when it is given again, as RequestLog counts it now."""
    return METRIC.labels(environ["REQUEST_METHOD"], resolve(environ["PATH_INFO"]).route, str(response.status_code))


def _start_of(response: HttpResponseBase) -> Message:
    endless = isinstance(response, StreamResponse)
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in response.items()
        if not (endless and name == "Content-Length")
    ]
    return {"type": "http.response.start", "status": response.status_code, "headers": headers}


def _body(body: bytes, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}


async def _send_pieces(response: StreamingHttpResponse, pool: Pool, head: bool, send: Send) -> None:
    """Its content is made in threads, while it is sent. If that fails, the answer breaks off."""
    content = iter(response)
    try:
        await send(_start_of(response))
        while not head and (piece := await pool.run(partial(_next_piece, content))):
            await send(_body(piece, more=True))
        await send(_body(b""))
    finally:
        await asyncio.shield(pool.run(response.close))


def _next_piece(content: Iterator[bytes]) -> bytes:
    piece = bytearray()
    for part in content:
        piece += part
        if len(piece) >= PIECE:
            break
    return bytes(piece)


async def _linger(receive: Receive) -> None:
    """Read what was not read: a connection that is closed while its client sends is reset, and the answer with it."""
    left, more = LINGERING, True
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER):
            while more and left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                more = message.get("more_body", False)
