"""The world of one run: places, virtual time, actors that take steps, and a trace of what happened."""

import hashlib
import heapq
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from random import Random
from typing import Any
from unittest.mock import patch

from django.utils import timezone
from standardwebhooks import webhooks

from svc_chassis.events import signing
from svc_chassis.runtime import scheduler
from svc_chassis.runtime.http_client import Answer, Unreachable
from svc_chassis.runtime.loop import Steps
from tools.all_services import SERVICES
from tools.simulation.places import Crash, Databases, Place

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
AFTER_ERROR = 1.0
"""seconds, as svc_chassis.runtime.loop rests after a step that raised"""


@dataclass(order=True)
class Actor:
    """One background loop of one process of a service."""

    next_at: float
    name: str
    service: str = field(compare=False)
    replica: int = field(compare=False)
    loop: str = field(compare=False)
    steps: Steps = field(compare=False)
    busy: bool = field(default=False, compare=False)
    dead: bool = field(default=False, compare=False)
    stale: bool = field(default=False, compare=False)
    """dead for the world, but frozen in the middle of a step, which it will finish when it wakes up"""


class World:
    def __init__(self, databases: Databases, seed: int) -> None:
        self.random = Random(seed)
        self.now = 0.0
        self.places = {name: Place(name, databases) for name in SERVICES}
        self.wall = EPOCH.timestamp()
        """Unix time at which the run began, by the machine's clock"""
        self.skew = dict.fromkeys(SERVICES, 0.0)
        """seconds by which a service's clock differs from the machine's"""
        self.down: set[str] = set()
        self.actors: list[Actor] = []
        self.later: list[tuple[float, int, Callable[[], None]]] = []
        self.trace: list[str] = []
        self.faults: Counter[str] = Counter()
        self.violations: list[str] = []
        """broken promises that were noticed when they were broken"""
        self.published: dict[tuple[str, str], dict[str, Any]] = {}
        """what the bus acknowledged: (source, id) → the event"""
        self.depth = 0
        self._names: dict[str, str] = {}
        self._count: Counter[str] = Counter()
        self._ticket = 0
        self.here, self.replica = "posts", 1
        """the process that acts now"""
        self.acting: Actor | None = None
        """the loop that acts now, if it is a loop"""
        self.interlude: Callable[[], None] = lambda: None
        """what may happen while a request is on its way"""
        self._ids = Random(seed)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Inside, this process's time, ids and loops are the world's; and after it, the world is gone."""
        moment = _datetime_of(self)
        with (
            patch.object(timezone, "now", lambda: moment.now(UTC)),
            patch.object(signing, "datetime", moment),
            patch.object(webhooks, "datetime", moment),
            patch.object(time, "time", lambda: self.clock(self.here)()),
            patch.object(os, "urandom", self._ids.randbytes),
        ):
            scheduler.use(self)
            try:
                yield
            finally:
                scheduler.use(scheduler.threads)
                for place in self.places.values():
                    place.close()

    # What happened

    def say(self, what: str) -> None:
        self.trace.append(f"{self.now:9.3f}  {'  ' * self.depth}{what}")

    def name(self, kind: str, identity: str) -> str:
        """A short name for an id, the same in every run of a seed."""
        if identity not in self._names:
            self._count[kind] += 1
            self._names[identity] = f"{kind}{self._count[kind]}"
        return self._names[identity]

    def hash(self) -> str:
        return hashlib.sha256("\n".join(self.trace).encode()).hexdigest()[:16]

    def fault(self, kind: str, what: str) -> None:
        self.faults[kind] += 1
        self.say(f"! {kind}: {what}")

    def violation(self, what: str) -> None:
        self.violations.append(what)
        self.say(f"VIOLATION: {what}")

    # Time

    def clock(self, service: str) -> Callable[[], float]:
        """The wall clock as `service` reads it: it may be wrong."""
        return lambda: self.wall + self.now + self.skew[service]

    @contextmanager
    def right_clock(self) -> Iterator[None]:
        """Inside, no clock is wrong."""
        before = self.wall, self.skew
        self.wall, self.skew = EPOCH.timestamp(), dict.fromkeys(SERVICES, 0.0)
        try:
            yield
        finally:
            self.wall, self.skew = before

    def monotonic(self) -> float:
        return self.now

    def at(self, delay: float, action: Callable[[], None]) -> None:
        self._ticket += 1
        heapq.heappush(self.later, (self.now + delay, self._ticket, action))

    def run_for(self, seconds: float) -> None:
        """Let everybody act until `seconds` have passed."""
        end = self.now + seconds
        while self.act_once(end):
            pass
        self.now = max(self.now, end)

    def act_once(self, end: float) -> bool:
        """The next thing that is due until `end`, if there is one."""
        ready = [actor for actor in self.actors if not actor.busy and not actor.dead]
        actor = min(ready, default=None)
        when = self.later[0][0] if self.later else float("inf")
        if actor is not None and actor.next_at <= min(when, end):
            self.now = max(self.now, actor.next_at)
            self.step(actor)
            return True
        if when <= end:
            when, _, action = heapq.heappop(self.later)
            self.now = max(self.now, when)
            action()
            return True
        return False

    def step(self, actor: Actor) -> None:
        """One step of one loop, as svc_chassis.runtime.loop would call it."""
        before, self.acting = self.acting, actor
        actor.busy, actor.next_at = True, float("inf")
        try:
            with self.process(actor.service, actor.replica), self.places[actor.service].here():
                wait = actor.steps.step()
        except Crash:
            wait = 0.0
        except Exception as error:
            self.say(f"{actor.name} failed: {type(error).__name__}: {error}")
            wait = AFTER_ERROR
        finally:
            actor.busy = False
            self.acting = before
        # Woken meanwhile: at once.
        actor.next_at = min(actor.next_at, self.now + wait) + self.random.uniform(0.001, 0.02)

    # The scheduler of whichever process acts now

    def run(self, name: str, steps: Steps) -> None:
        again = f" {self.replica}" if self.replica > 1 else ""
        self.actors.append(
            Actor(
                self.now + self.random.uniform(0, 0.05),
                f"{self.here} {name}{again}",
                self.here,
                self.replica,
                name,
                steps,
            )
        )

    def wake(self, name: str) -> None:
        """The loop of all replicas, as if each had looked."""
        for actor in self._loops(name):
            actor.next_at = min(actor.next_at, self.now + 0.001)

    def end(self, name: str) -> None:
        for actor in self._loops(name):
            if actor.replica == self.replica:
                actor.dead = True
                self.actors.remove(actor)

    def _loops(self, name: str) -> list[Actor]:
        return [actor for actor in self.actors if (actor.service, actor.loop) == (self.here, name)]

    # Processes

    @contextmanager
    def process(self, service: str, replica: int = 1) -> Iterator[None]:
        """Code inside runs in that process."""
        before = self.here, self.replica
        self.here, self.replica = service, replica
        try:
            yield
        finally:
            self.here, self.replica = before

    def request(self, service: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """A request arrives at `service`, whoever sent it. Raises Unreachable where nobody listens."""
        if service in self.down:
            raise Unreachable(f"{service} is down")
        with self.process(service):
            return self.places[service].answer(method, path, body, headers)


def _datetime_of(world: World) -> type[datetime]:
    """A datetime whose clock is that of the service which asks."""

    class Moment(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Moment":
            return cls.fromtimestamp(world.clock(world.here)(), tz)

    return Moment
