"""A subscriber, which applies what it gets, or does what a test tells it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connections

from svc_chassis.testing.http_server import Heard, Json, Reply, serving


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
        try:
            if reply := self.instead(heard):
                return reply
            reply = Reply(200, {"results": self._apply(heard.events)})
            self.after(heard)
            return reply
        finally:
            # This thread lives as long as its client; PostgreSQL drops no database that a connection is open to.
            connections.close_all()

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
    with serving(its.answer) as url:
        its.url = f"{url}/events"
        yield its
