"""A small HTTP server on a real socket for tests: it answers as a function says, and keeps what it heard."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson

Json = dict[str, Any]


@dataclass(frozen=True)
class Heard:
    """A request."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    port: int
    """of the client: the same for all requests on one connection"""

    @property
    def events(self) -> list[Json]:
        said = orjson.loads(self.body) if self.body else []
        return said if isinstance(said, list) else [said]

    @property
    def ids(self) -> list[str]:
        return [event["id"] for event in self.events]


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes | Any = b""
    """bytes are sent as they are, anything else as JSON"""
    headers: Mapping[str, str] = field(default_factory=dict)
    """a `Content-Length` beyond the body leaves the response incomplete"""


class Hangup(Exception):
    """Close the connection without a response."""


Answer = Callable[[Heard], Reply]


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """The server's URL, on a free port. `answer` runs in a thread per connection."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            heard = Heard(self.command, self.path, self.headers, body, self.client_address[1])  # type: ignore[arg-type]
            try:
                reply = answer(heard)
            except Hangup:
                self.close_connection = True
                return
            content = reply.body if isinstance(reply.body, bytes) else orjson.dumps(reply.body)
            content = b"" if reply.status == 204 else content
            kind = "application/json" if reply.status < 400 else "application/problem+json"
            headers = {"Content-Type": kind, "Content-Length": str(len(content)), **reply.headers}
            self.send_response(reply.status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            self.close_connection |= int(headers["Content-Length"]) > len(content)

        do_GET = do_PUT = do_POST

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Silent: clients are killed in tests."""
