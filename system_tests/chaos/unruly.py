"""A subscriber that an operator registered, and that answers as no subscriber should."""

import threading
from collections import defaultdict
from contextlib import ExitStack
from random import Random

import orjson

from svc_chassis.testing.http_server import Heard, Reply, serving
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
        self._stack = ExitStack()
        self.url = self._stack.enter_context(serving(self._answer))

    def _answer(self, heard: Heard) -> Reply:
        events = heard.events
        manner = self._next(events)
        whole = orjson.dumps({"results": [{"id": event["id"], "status": "applied"} for event in events]})
        if manner == "with 500":
            return Reply(500, b"Internal Server Error")
        if manner == "with garbage":
            return Reply(200, self._garbage())
        if manner == "half":
            return Reply(200, whole[: len(whole) // 2], {"Content-Length": str(len(whole))})
        return Reply(200, whole)

    def behave(self) -> None:
        """From now on it answers well and at once."""
        self.manner = "well"
        self._hurry.set()

    def register(self, system: System) -> None:
        """As an operator does it."""
        order = {"url": f"{self.url}/events", "types": list(TYPES), "batchSize": 50}
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
        return self

    def __exit__(self, *_: object) -> None:
        self._hurry.set()
        self._stack.close()
