"""A subscriber that an operator registered, and that answers as no subscriber should."""

import json
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any

from system_tests.harness.system import Json, System

NAME = "unruly"
TYPES = ("PostCreated", "CommentCreated", "CommentModerated", "CommentUpdated")
MANNERS = ("slowly", "with 500", "with garbage", "half")
"""how it answers, besides well"""
SLOW = 0.5, 4.0
"""seconds"""


class Unruly:
    """An HTTP server on a port of its own while the `with` lasts."""

    def __init__(self, random: Random) -> None:
        self.manner: str | None = None
        """None: another one for each request."""
        self.answers: dict[str, int] = defaultdict(int)
        self.taken: list[Json] = []
        """Events it said to have applied, each as often as it said so."""
        self._random = random
        self._lock = threading.Lock()
        self._hurry = threading.Event()
        unruly = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                events = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                manner = unruly._next(events)
                results = [{"id": event["id"], "status": "applied"} for event in events]
                whole = json.dumps({"results": results}).encode()
                if manner == "with 500":
                    self._answer(500, b"Internal Server Error")
                elif manner == "with garbage":
                    self._answer(200, unruly._garbage())
                elif manner == "half":
                    self._answer(200, whole[: len(whole) // 2], len(whole))
                    self.close_connection = True
                else:
                    self._answer(200, whole)

            def _answer(self, status: int, body: bytes, promised: int | None = None) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body) if promised is None else promised))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = Server(("127.0.0.1", 0), Handler)

    def behave(self) -> None:
        """From now on it answers well and at once."""
        self.manner = "well"
        self._hurry.set()

    def register(self, system: System) -> None:
        """As an operator does it."""
        order = {"url": f"http://127.0.0.1:{self._server.server_port}/events", "types": list(TYPES), "batchSize": 50}
        answer = system.as_operator("PUT", f"/bus/subscriptions/{NAME}", json=order)
        assert answer.status_code == 200, answer.text

    def missed(self, history: list[Json]) -> list[str]:
        """Events of the history that it never said to have applied, or applied after a later one of their subject."""
        versions: dict[tuple[str, str], int] = defaultdict(int)
        late = []
        for event in self.taken:
            # What comes again is harmless; what comes for the first time must be the next.
            subject, version = (event["source"], event["subject"]), event["data"]["version"]
            if version > versions[subject] + 1:
                late.append(f"{subject}: {version} after {versions[subject]}")
            versions[subject] = max(versions[subject], version)
        ids = {event["id"] for event in self.taken}
        return [*late, *(f"never taken: {event['id']}" for event in history if event["id"] not in ids)]

    def _next(self, events: list[Json]) -> str:
        with self._lock:
            manner = self.manner or self._random.choice(("well", *MANNERS))
            self.answers[manner] += 1
            wait = self._random.uniform(*SLOW) if manner == "slowly" else 0
            if manner == "well":
                self.taken += events
        if wait:
            self._hurry.wait(wait)
            with self._lock:
                self.taken += events
        return manner

    def _garbage(self) -> bytes:
        with self._lock:
            return self._random.choice([b"", b"<html>", b'{"results": 1}', b'{"results": []}', b"\0\xff" * 1000])

    def __enter__(self) -> "Unruly":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._hurry.set()
        self._server.shutdown()
        self._server.server_close()


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The bus was killed while we spoke: nothing to tell."""
