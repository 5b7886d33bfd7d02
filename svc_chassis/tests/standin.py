"""A stand-in for the bus, which does what a test tells it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from svc_chassis.testing.http_server import Heard, Json, Reply, serving


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
    with serving(bus.answer) as bus.url:
        yield bus
