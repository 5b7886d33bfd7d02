"""A subscriber: a small HTTP server on a real socket, which applies what it gets, or does what a test tells it."""

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
    """One delivery."""

    method: str
    headers: Mapping[str, str]
    body: bytes

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
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Hangup(Exception):
    """Close the connection without a whole answer."""


@dataclass
class Subscriber:
    """Applies each event once, as the services do. `fails` says which events it can't apply."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    applied: list[Json] = field(default_factory=list)
    fails: Callable[[Json], bool] = lambda event: False
    instead: Callable[[Heard], Reply | None] = lambda heard: None
    """answers in its place, before anything is applied"""
    after: Callable[[Heard], None] = lambda heard: None
    """runs when all is applied and nothing answered yet; may raise Hangup"""

    def answer(self, heard: Heard) -> Reply:
        self.heard.append(heard)
        if reply := self.instead(heard):
            return reply
        reply = Reply(200, orjson.dumps({"results": self._apply(heard.events)}))
        self.after(heard)
        return reply

    def _apply(self, events: list[Json]) -> list[Json]:
        results, failed = [], set()
        for event in events:
            if event["subject"] in failed:
                results.append({"id": event["id"], "status": "blocked"})
            elif self.fails(event):
                failed.add(event["subject"])
                results.append({"id": event["id"], "status": "failed", "error": "can't"})
            elif event["id"] in self.ids:
                results.append({"id": event["id"], "status": "duplicate"})
            else:
                self.applied.append(event)
                results.append({"id": event["id"], "status": "applied"})
        return results

    @property
    def ids(self) -> list[str]:
        """What was applied, in order."""
        return [event["id"] for event in self.applied]

    @property
    def deliveries(self) -> list[list[str]]:
        """The ids in each delivery that carried any."""
        return [heard.ids for heard in self.heard if heard.method == "POST" and heard.ids]


def answering(*statuses: int, **headers: str) -> Callable[[Heard], Reply | None]:
    """Answer the next deliveries with these, then as usual; an empty batch is answered as usual."""
    left = list(statuses)

    def instead(heard: Heard) -> Reply | None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Reply(left.pop(0), b"", named) if left and heard.events else None

    return instead


@contextmanager
def subscriber() -> Iterator[Subscriber]:
    its = Subscriber()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            try:
                reply = its.answer(Heard(self.command, dict(self.headers), body))
            except Hangup:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    its.url = f"http://127.0.0.1:{server.server_address[1]}/events"
    try:
        yield its
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
