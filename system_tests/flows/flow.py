"""Tells a flow test: given what is there, when somebody writes something, then exactly these events are published."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from django.conf import settings
from tools.simulation.places import Databases
from tools.simulation.town import Town
from tools.simulation.world import World

from contracts import BY_TYPE
from eventbus.models import Parked
from svc_chassis.events.contract import Contract
from svc_chassis.events.event import BATCH_TYPE
from svc_chassis.events.signing import signed
from svc_chassis.outbox.models import OutboxEvent
from svc_chassis.testing.plugin import Json, wire
from system_tests.flows.telling import told

QUIET = 7.0
"""seconds of virtual time without a new event, after which a story has come to rest: longer than any heartbeat"""


class Flow:
    """All services in one process and in a time of its own: real views, handlers, outboxes, relays, bus and lanes."""

    def __init__(self, world: World, town: Town) -> None:
        self._world = world
        self._town = town
        self._old: set[str] = set()

    # Given and when

    def given(self, service: str, path: str, /, *, by: str = "", **body: Any) -> Json:
        """Somebody has written this, and all that follows from it has happened: the story begins after it."""
        return self.when(service, path, by=by, **body)

    def when(self, service: str, path: str, /, *, method: str = "POST", by: str = "", **body: Any) -> Json:
        """Somebody writes this at a service's door; what the service answers.

        `by` is "moderator", "operator", or an author's editToken.
        """
        with self._story():
            said: Json = self._call(method, service, path, by, orjson.dumps(body))
        return said

    def when_published(self, *events: Contract) -> None:
        """The bus hears these from their publishers, in this order, however strange it is."""
        with self._story():
            for event in events:
                body = orjson.dumps([wire(event)])
                headers = signed(body, event.publisher, settings.PEER_KEYS.of(event.publisher))
                self._answer("POST", "eventbus", "/events", body, headers | {"Content-Type": BATCH_TYPE})

    def when_stopped(self, service: str) -> None:
        """Its process dies; its database stays."""
        with self._story():
            self._town.stop(service)

    def when_started(self, service: str) -> None:
        with self._story():
            self._town.start(service)

    def when_database_lost(self, service: str) -> None:
        """As if its file was deleted."""
        with self._story():
            self._world.places[service].lose_database()

    # Then

    def then(self, *expected: Contract) -> None:
        """Exactly these were published since, in this order; and nobody failed to apply what it was told."""
        __tracebackhide__ = True
        happened = [BY_TYPE[event["type"]].model_validate(event["data"]) for event in self._published()]
        faults = list(self._faults())
        if happened != list(expected) or faults:
            raise AssertionError(told(expected, happened, faults))

    def shown(self, service: str, path: str, /, *, by: str = "") -> Any:
        """What a service answers to who asks."""
        return self._call("GET", service, path, by)

    # How it works

    @contextmanager
    def _story(self) -> Iterator[None]:
        """What is done inside begins a story; it ends when no more events come."""
        self._old |= {event["id"] for event in self._history()}
        yield
        known = -1
        while len(history := self._history()) != known:
            known = len(history)
            self._world.run_for(QUIET)

    def _published(self) -> list[Json]:
        return [event for event in self._history() if event["id"] not in self._old]

    def _history(self) -> list[Json]:
        """All events that the bus holds, in its order."""
        if "eventbus" in self._world.down:
            return []
        events: list[Json] = self._call("GET", "eventbus", "/events", "operator")
        return events

    def _faults(self) -> Iterator[str]:
        with self._world.places["eventbus"].here():
            for row in Parked.objects.select_related("lane").order_by("pk"):
                why = row.error or "an earlier event of its subject could not be applied"
                yield f"{row.lane.subscription_id} did not apply {row.type} {row.subject}: {why}"
        for name, place in self._world.places.items():
            with place.here():
                for event in OutboxEvent.objects.exclude(refusal="").order_by("seq"):
                    yield f"{name} could not publish {event.type} {event.subject}: {event.refusal}"

    def _call(self, method: str, service: str, path: str, by: str, body: bytes = b"") -> Any:
        tokens = {"moderator": settings.MODERATOR_TOKEN, "operator": settings.OPERATOR_TOKEN}
        headers = {"Authorization": f"Bearer {tokens.get(by, by)}"} if by else {}
        return orjson.loads(self._answer(method, service, path, body, headers) or b"null")

    def _answer(self, method: str, service: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        answer = self._world.request(service, method, path, body, headers)
        assert answer.status in (200, 201, 202, 204), (
            f"{method} {path} at {service}: {answer.status} {answer.body.decode()}"
        )
        return answer.body


@contextmanager
def tell(databases: Databases) -> Iterator[Flow]:
    """A world of which nobody has heard yet, with all services started."""
    world = World(databases, seed=0)
    with world.alone():
        town = Town(world)
        world.run_for(2)
        yield Flow(world, town)
