"""The sockets' place: carries a request to another service, unless it fares as requests do on a bad day."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Protocol
from urllib.parse import urlsplit

import orjson

from svc_chassis.runtime.http_client import Answer, NoAnswer, Unreachable
from tools.simulation.places import Crash
from tools.simulation.world import Actor, World

FATES = ("drop", "duplicate", "delay", "reorder", "answer lost", "crash before ack", "crash in handler")
MOST_DEPTH = 3
PUBLISH = ("POST", "eventbus", "/events")

Carry = Callable[[], Answer]


class Network:
    """The transport of one loop."""

    def __init__(self, world: World, crash: "Crasher") -> None:
        self._world = world
        self._crash = crash
        self._not_before = 0.0
        """when the bus is to be asked again, after a 429"""

    def request(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        world, actor = self._world, self._world.acting
        assert actor is not None, "only loops send requests"
        parts = urlsplit(url)
        to = parts.hostname or ""
        if not world.depth < MOST_DEPTH or world.random.random() >= self._crash.rate:
            fate = "none"
        else:
            fate = world.random.choice(FATES)
        what = f"{actor.name} → {to} {method} {parts.path}{_told(world, body)}"
        if world.now < self._not_before:
            world.violation(f"{what}: before the time that a 429 asked for")
        if fate != "none":
            world.fault(fate, what)

        def carry() -> Answer:
            try:
                answer = world.request(to, method, parts.path, body, dict(headers))
            except Crash:
                self._crash.crash(to)
                raise NoAnswer("the other side died") from None
            world.say(f"{what} {answer.status}")
            if answer.status == 200 and (method, to, parts.path) == PUBLISH:
                world.published.update({(event["source"], event["id"]): event for event in orjson.loads(body)})
            return answer

        answer = self._fare(fate, carry, to, actor)
        if answer.status == 429:
            world.fault("429", what)
            self._not_before = world.now + (answer.retry_after or 0)
        return answer

    def _fare(self, fate: str, carry: "Carry", to: str, actor: Actor) -> Answer:
        world = self._world
        if fate == "drop":
            raise (Unreachable if world.random.random() < 0.5 else NoAnswer)("dropped")
        if fate == "reorder":
            world.at(world.random.uniform(0.1, 6), lambda: _orphan(carry))
            raise NoAnswer("held back")
        if fate == "delay":
            self._meanwhile(actor)
        with self._crash.crash_within(to) if fate == "crash in handler" else nullcontext():
            answer = carry()
        if fate == "duplicate":
            _orphan(carry)
        if fate == "delay":
            self._meanwhile(actor)
        if fate == "answer lost":
            raise NoAnswer("the answer was lost")
        if fate == "crash before ack":
            self._crash.crash(actor.service)
            raise Crash
        return answer

    def _meanwhile(self, actor: Actor) -> None:
        """The request is on its way, and the others go on. Who was stopped meanwhile does not come back."""
        world = self._world
        world.depth += 1
        try:
            if world.random.random() < 0.6:
                world.interlude()
            world.run_for(world.random.uniform(0.2, 3))
        finally:
            world.depth -= 1
        if actor.dead and not actor.stale:
            raise Crash
        if actor.stale:
            world.fault("stale replica", f"{actor.name} wakes up")


class Crasher(Protocol):
    """How processes die; the town knows how they start again."""

    rate: float
    """the share of requests that fare badly"""

    def crash(self, service: str) -> None:
        """The process of `service` dies here and now."""

    def crash_within(self, service: str) -> AbstractContextManager[None]:
        """Inside, the process of `service` dies at one of its next statements."""


def _orphan(carry: Carry) -> None:
    """Deliver, and nobody waits for the answer."""
    with suppress(Unreachable, NoAnswer, Crash):
        carry()


def _told(world: World, body: bytes) -> str:
    """The events in a body, by their short names."""
    try:
        events = orjson.loads(body) if body else []
    except orjson.JSONDecodeError:
        return ""
    if not isinstance(events, list) or not events:
        return ""
    told = [
        f"{event['type']} {world.name('s', event['subject'])} v{event['data'].get('version')}" for event in events[:4]
    ]
    return f" [{', '.join(told)}{', …' if len(events) > 4 else ''}]"
