"""gunicorn's worker for ASGI, with deadlines for clients, problems as errors, and a prompt stop."""

import asyncio
import gc
import os
from contextlib import suppress
from http import HTTPStatus
from typing import Any

import orjson
from django.conf import settings
from gunicorn.asgi import protocol  # type: ignore[import-untyped]
from gunicorn.workers.gasgi import ASGIWorker  # type: ignore[import-untyped]

GRACE = 2.0
"""seconds that open requests have to finish when the server stops"""
THRESHOLDS = 10_000, 20, 50
"""of the garbage collector's generations"""

# Which server this is, and its version, is nobody's business.
protocol._CACHED_SERVER_HEADER = b""


class Connection(protocol.ASGIProtocol):  # type: ignore[misc]
    """A connection to a client, which has CLIENT_DEADLINE seconds to send a request, and to take each piece of an
    answer."""

    def __init__(self, worker: "Worker") -> None:
        super().__init__(worker)
        self._loop = worker.loop
        self._reading_since: float | None = self._loop.time()
        self._writing_since: float | None = None
        self._heard = self._answering = self._ended = False
        self.streaming = False
        """whether what is answered has no end, so that a client that sends no more is gone"""

    @property
    def reading(self) -> bool:
        """Whether the request is not complete."""
        return self._reading_since is not None

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self.worker.connections.add(self)
        # Writing counts as done when the system has taken everything.
        transport.set_write_buffer_limits(high=0)
        if len(self.worker.connections) > settings.STREAMS + settings.CONNECTIONS:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self.worker.connections.discard(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._heard = True
        if self._reading_since is None and self._current_request is None:
            self._reading_since, self._answering = self._loop.time(), False
        super().data_received(data)

    def eof_received(self) -> bool:
        """Whether the connection stays open: a whole request is answered, though its client sends no more."""
        self._ended = True
        if self.reading:
            self._refuse(400, "The request ended before it was complete.")
            return False
        return self._current_request is not None and not self.streaming

    def pause_writing(self) -> None:
        self._writing_since = self._loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._writing_since = None
        super().resume_writing()

    def check(self, now: float) -> None:
        """End it if its client is late."""
        patience = settings.CLIENT_DEADLINE
        if self._writing_since is not None and now - self._writing_since > patience:
            self.transport.abort()
        elif self._reading_since is not None and now - self._reading_since > patience:
            self._refuse(408, f"The request was not complete after {patience:g} seconds.")

    def close_if_idle(self) -> None:
        if self._awaiting_request and not (self._current_request or self._writing_since):
            self.transport.close()

    def _refuse(self, status: int, detail: str) -> None:
        """End a connection whose request is not complete."""
        self._reading_since = None
        if self._heard and not self._answering:
            self._send_error_response(status, detail)
        self.transport.close()

    def _on_headers_complete(self) -> Any:
        self._answering = False
        return super()._on_headers_complete()

    def _send_response_start(self, *answer: Any, **named: Any) -> None:
        self._answering = True
        super()._send_response_start(*answer, **named)

    def _on_message_complete(self) -> None:
        self._reading_since = None
        super()._on_message_complete()

    def _build_http_scope(self, *request: Any) -> dict[str, Any]:
        scope: dict[str, Any] = super()._build_http_scope(*request)
        return scope | {"extensions": {"connection": self}}

    def _arm_keepalive_timer(self) -> None:
        if self._ended:
            self._keepalive_timeout()
        else:
            super()._arm_keepalive_timer()

    def _close_transport(self) -> None:
        super()._close_transport()
        # gunicorn leaves it open where the client has closed it already.
        if self.transport:
            self.transport.close()

    def _will_close(self, *request: Any) -> bool:
        return self._ended or bool(super()._will_close(*request))

    def _send_error_response(self, status: int, message: str, extra_headers: Any = ()) -> None:
        title = HTTPStatus(status).phrase
        body = orjson.dumps({"type": "about:blank", "title": title, "status": status, "detail": message})
        headers = {
            "Content-Type": "application/problem+json",
            "Content-Length": str(len(body)),
            **dict(extra_headers),
            "Connection": "close",
        }
        lines = [f"HTTP/1.1 {status} {title}", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        self._safe_write("\r\n".join(lines).encode("latin-1") + body)


def _spare_the_collector() -> None:
    """What was imported stays: looking through it for garbage took a tenth of the CPU time of a busy service."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


class Worker(ASGIWorker):  # type: ignore[misc]
    """Serves `svc_chassis.asgi`."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.connections: set[Connection] = set()
        self._told = asyncio.Event()

    def handle_exit_signal(self) -> None:
        self.alive = False
        self._told.set()

    def handle_quit_signal(self) -> None:
        self.handle_exit_signal()

    async def _serve(self) -> None:
        _spare_the_collector()
        for listening in self.sockets:
            server = await self.loop.create_server(lambda: Connection(self), sock=listening.sock, backlog=2048)
            self.servers.append(server)
        # A worker ends when its master is gone; polled, because Linux and macOS have no common notification.
        while self.alive and self.ppid == os.getppid():
            self.notify()
            for connection in tuple(self.connections):
                connection.check(self.loop.time())
            with suppress(TimeoutError):
                async with asyncio.timeout(min(0.5, settings.CLIENT_DEADLINE / 4)):
                    await self._told.wait()
        self.alive = False
        await self._shutdown()

    async def _shutdown(self) -> None:
        self.asgi.stop()
        for server in self.servers:
            server.close()
        deadline = self.loop.time() + GRACE
        while self.connections and self.loop.time() < deadline:
            for connection in tuple(self.connections):
                connection.close_if_idle()
            await asyncio.sleep(0.02)
        for connection in tuple(self.connections):
            connection.transport.abort()
