"""A stand-in for the bus: a small HTTP server on a real socket, which does what a test tells it."""

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
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def events(self) -> list[Json]:
        said = orjson.loads(self.body) if self.path == "/events" else []
        return said if isinstance(said, list) else [said]


@dataclass(frozen=True)
class Reply:
    status: int
    body: Json
    headers: dict[str, str] = field(default_factory=dict)


class LoseAnswer(Exception):
    """Close the connection without an answer."""


@dataclass
class StandInBus:
    """Stores all it gets, and refuses what `refuses` says. `before` may answer in its place, `after` may raise."""

    url: str = ""
    log_id: str = "log-1"
    durability: str = "memory"
    kept_since: str | None = None
    heard: list[Heard] = field(default_factory=list)
    stored: list[Json] = field(default_factory=list)
    refuses: Callable[[Json], bool] = lambda event: False
    refusal: int = 400
    """HTTP status of the answer to a batch with an event that it refuses"""
    before: Callable[[Heard], Reply | None] = lambda heard: None
    after: Callable[[Heard], None] = lambda heard: None

    def answer(self, heard: Heard) -> Reply:
        self.heard.append(heard)
        if reply := self.before(heard):
            return reply
        reply = self._events(heard) if heard.path == "/events" else Reply(200, {"logId": self.log_id})
        self.after(heard)
        return reply

    def _events(self, heard: Heard) -> Reply:
        if heard.headers.get("Log-Id") not in (None, self.log_id):
            return Reply(412, {"logId": self.log_id, "detail": "another history"})
        if any(self.refuses(event) for event in heard.events):
            return Reply(self.refusal, {"detail": "not this one"})
        self.stored += heard.events
        said = {"logId": self.log_id, "durability": self.durability, "accepted": len(heard.events)}
        return Reply(200, said | ({"keptSince": self.kept_since} if self.kept_since else {}))

    def items(self) -> list[str]:
        """What was stored, in order."""
        return [event["data"]["item"] for event in self.stored]


@contextmanager
def standin() -> Iterator[StandInBus]:
    bus = StandInBus()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                reply = bus.answer(Heard(self.command, self.path, self.headers, body))  # type: ignore[arg-type]
            except LoseAnswer:
                self.close_connection = True
                return
            self.send_response(reply.status)
            encoded = b"" if reply.status == 204 else orjson.dumps(reply.body)
            kind = "application/json" if reply.status < 400 else "application/problem+json"
            said = {"Content-Type": kind, "Content-Length": str(len(encoded))}
            for name, value in (said | reply.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(encoded)

        do_PUT = do_POST

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    bus.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield bus
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
