"""The five services' processes: how they start, die, freeze, and lose what they had."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

from eventbus import subscriptions
from eventbus.bootstrap import ERASURE, INDEX, lanes
from eventbus.delivery import lane, parking, renewal, supervisor
from eventbus.delivery.supervisor import LANES
from eventbus.erasure import Erasure
from eventbus.inspection.index import Index
from eventbus.log import position
from eventbus.log.open import use
from svc_chassis.bootstrap import service_loops
from svc_chassis.inbox import handlers, heartbeat
from svc_chassis.inbox.handlers import Handler
from svc_chassis.leases.lease import Tenancy
from svc_chassis.outbox import relay
from svc_chassis.outbox.bus_client import BusState
from svc_chassis.outbox.relay import RELAY
from svc_chassis.runtime import scheduler
from svc_chassis.runtime.loop import Steps
from svc_chassis.runtime.ports import Ports
from tools.all_services import SERVICES
from tools.simulation.log import WatchedLog
from tools.simulation.network import Network
from tools.simulation.places import Crash
from tools.simulation.world import World

IDLE = 10.0
"""seconds between looks that find nothing: who has something to do is woken, and to look in vain costs time"""
lane.IDLE = relay.IDLE = IDLE
supervisor.EVERY = 2.0
heartbeat.EVERY = 6.0
subscriptions.ABSENT_AFTER = 10.0
"""seconds: longer than a restart takes, as in reality"""
renewal.FIRST, renewal.MOST = 5.0, 40.0
"""seconds between histories for one need: a run has no ten minutes"""
BATCHES = (5, 500, 500)
"""events that services take at once: few make long catching up, in the midst of which more happens"""
SHAPES = ((1, 1), (3, 7))
"""partitions of the log, and by how much its offsets rise: whoever takes them for dense is found out"""
ATTEMPTS = (2, 4, 8)
"""deliveries of one event before it is a dead letter: few make dead letters while there are faults"""
WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Memory:
    """How much the bus's log holds, and what a relay sends to it at once: a batch must find room in it."""

    limit: int
    batch: int


WIDE = Memory(16 * 1024 * 1024, 500)


class Town:
    rate = 0.0

    def __init__(self, world: World, memory: Memory = WIDE) -> None:
        self.world = world
        self._memory = memory
        self._shape = world.random.choice(SHAPES)
        vars(relay)["BATCH_LIMIT"] = memory.batch
        heartbeat.AT_ONCE = world.random.choice(BATCHES)
        parking.ATTEMPTS = world.random.choice(ATTEMPTS)
        self.poisoned: set[tuple[str, str]] = set()
        """(service, subject) whose events that service can't apply"""
        self.deadly: set[tuple[str, str]] = set()
        """(service, subject) whose events end that service's process"""
        self.backups: dict[str, BaseDatabaseWrapper] = {}
        """by service: the last copy of its database"""
        self._lacking: dict[str, tuple[str, Handler]] = {}
        """by service: the type whose handler its present release lacks"""
        for service in SERVICES:
            self.start(service)

    @property
    def partitions(self) -> int:
        return self._shape[0]

    # Starting

    def start(self, service: str, replica: int = 1) -> None:
        world = self.world
        world.down.discard(service)
        world.say(f"{service} starts" + (f" (replica {replica})" if replica > 1 else ""))
        ports = Ports(
            lambda loop: Network(world, self),
            world.clock(service),
            world.monotonic,
            lambda: Random(world.random.getrandbits(64)),
            lambda: f"{service}:{replica}",
        )
        with world.process(service, replica), world.places[service].here():
            for name, steps in self._loops(service, ports, replica).items():
                scheduler.run(name, steps)

    def _loops(self, service: str, ports: Ports, replica: int) -> dict[str, Steps]:
        """Those that deliver events, and that erase what was removed."""
        if service != "eventbus":
            return service_loops(ports, BusState())
        if replica == 1:
            self._log = WatchedLog(self.world, self._memory.limit, *self._shape)
            use(self._log)
        found = lanes(self._log, ports)
        if replica == 1:
            self._supervisor = found
        supervisor.use(self._supervisor)  # requests are answered by the first replica
        erasure = Erasure(self._log, Tenancy(ERASURE, ports.replica(), ports.steady), ports.steady)
        return {LANES: found, INDEX: Index(self._log), ERASURE: erasure}

    @property
    def log(self) -> WatchedLog:
        return self._log

    def replicas(self, service: str) -> int:
        """How many processes of `service` run."""
        loop = LANES if service == "eventbus" else RELAY
        return sum(actor.service == service and actor.loop == loop for actor in self.world.actors)

    def position(self) -> str:
        """Some position of the log."""
        ends = position.end(self._log)
        return position.render(self._log.log_id, tuple(self.world.random.randint(0, end) for end in ends))

    # Dying

    def crash(self, service: str) -> None:
        """The process dies; something starts it again within seconds."""
        if service not in self.world.down:
            self.stop(service)
            self.world.at(self.world.random.uniform(0.05, 8), lambda: self.start(service))

    def stop(self, service: str) -> None:
        """The process is gone, with all it held in memory, until somebody starts it."""
        world = self.world
        world.say(f"{service} dies")
        world.down.add(service)
        for actor in [actor for actor in world.actors if actor.service == service]:
            actor.dead = True
            actor.stale = actor.busy and world.random.random() < 0.75
            world.actors.remove(actor)

    def roll_back(self, service: str) -> str | None:
        """Start a release of `service` without one of its handlers: the type that it lacks. None: it lacks one."""
        if service in self._lacking:
            return None
        known = handlers._handlers[service]
        event_type = self.world.random.choice(sorted(known))
        self._lacking[service] = event_type, known.pop(event_type)
        self.crash(service)
        return event_type

    def roll_forward(self, service: str) -> None:
        """Start the release with all handlers again."""
        if service in self._lacking:
            self.world.say(f"{service} goes forward")
            event_type, handler = self._lacking.pop(service)
            handlers._handlers[service][event_type] = handler
            self.crash(service)

    def close(self) -> None:
        """The run is over: backups and older releases go."""
        for service in list(self._lacking):
            event_type, handler = self._lacking.pop(service)
            handlers._handlers[service][event_type] = handler
        for copy in self.backups.values():
            copy.connection.close()

    @contextmanager
    def crash_within(self, service: str) -> Iterator[None]:
        left = self.world.random.randrange(1, 25)

        def die(sql: str) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise Crash

        place = self.world.places[service]
        before, place.fault = place.fault, die
        try:
            yield
        finally:
            place.fault = before

    def fill(self, service: str, seconds: float) -> None:
        """The disk of `service` is full for a while: it reads, but writes nothing."""

        def refuse(sql: str) -> None:
            if sql.startswith(WRITES):
                raise OperationalError("database or disk is full")

        place = self.world.places[service]
        place.fault = refuse
        self.world.at(seconds, lambda: setattr(place, "fault", None))
