"""The five services' processes: how they start, die, freeze, and lose what they had."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from django.conf import settings
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

from eventbus import subscriptions
from eventbus.delivery import lane, parking
from eventbus.delivery.lane import LaneSteps, Ports
from eventbus.delivery.sender import Sender
from eventbus.delivery.supervisor import LANE, LANES
from eventbus.delivery.supervisor import _lanes as lanes
from eventbus.log import position
from eventbus.log.open import use
from eventbus.models import Lane
from svc_chassis.inbox import handlers, heartbeat
from svc_chassis.inbox.handlers import Handler
from svc_chassis.inbox.heartbeat import Heartbeat
from svc_chassis.leases.lease import Tenancy
from svc_chassis.outbox import relay
from svc_chassis.outbox.bus_client import Bus, BusState
from svc_chassis.outbox.relay import Relay
from svc_chassis.runtime.backoff import Backoff
from svc_chassis.runtime.loop import RELAY, Steps
from tools.all_services import SERVICES
from tools.simulation.log import WatchedLog
from tools.simulation.network import Network
from tools.simulation.places import Crash
from tools.simulation.world import World

RETRY_MOST = 2.0
"""seconds, as locally"""
IDLE = 10.0
"""seconds between looks that find nothing: who has something to do is woken, and to look in vain costs time"""
lane.IDLE = relay.IDLE = IDLE
heartbeat.EVERY = 6.0
subscriptions.ABSENT_AFTER = 5.0
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
        if service == "eventbus":
            if replica == 1:
                self._log = WatchedLog(world, self._memory.limit, *self._shape)
                use(self._log)
                lanes.clear()
            world.add(f"lanes {replica}", service, LANES, _LaneKeeper(self, replica))
            return
        state = BusState()
        tenancy = Tenancy("relay", f"{service}:{replica}", world.monotonic)

        def beat(net: Network) -> Steps:
            return Heartbeat(Bus(net, state), self._backoff())

        def send(net: Network) -> Steps:
            return Relay(Bus(net, state), tenancy, self._backoff())

        self._loop(f"{service} heartbeat {replica}", service, "heartbeat", beat)
        self._loop(f"{service} relay {replica}", service, RELAY, send)

    def lane(self, name: str, pk: int, partition: int, replica: int) -> None:
        clock = self.world.clock("eventbus")
        loop = f"{LANE}{name}:{partition}"
        tenancy = Tenancy(loop, f"eventbus:{replica}", self.world.monotonic)

        def make(net: Network) -> LaneSteps:
            ports = Ports(self._log, Sender(net, settings.PEER_KEYS), clock, self._random(), self.world.monotonic)
            steps = LaneSteps(pk, ports, tenancy, self._backoff())
            if replica == 1:
                lanes[loop] = steps
            return steps

        part = f" {partition}" if partition else ""
        self._loop(f"lane of {name}{part} ({replica})", "eventbus", loop, make)

    def replicas(self, service: str) -> int:
        """How many processes of `service` run."""
        loop = LANES if service == "eventbus" else RELAY
        return sum(actor.service == service and actor.loop == loop for actor in self.world.actors)

    def position(self) -> str:
        """Some position of the log."""
        ends = position.end(self._log)
        return position.render(self._log.log_id, tuple(self.world.random.randint(0, end) for end in ends))

    def _loop(self, name: str, service: str, loop: str, make: Callable[[Network], Steps]) -> None:
        network = Network(self.world, service, name, self)
        network.actor = self.world.add(name, service, loop, make(network))

    def _backoff(self) -> Backoff:
        return Backoff(RETRY_MOST, self.world.monotonic, self._random())

    def _random(self) -> Random:
        return Random(self.world.random.getrandbits(64))

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


class _LaneKeeper:
    """What eventbus.delivery.supervisor.Supervisor does with threads: each lane gets its loop."""

    def __init__(self, town: Town, replica: int) -> None:
        self._town = town
        self._replica = replica
        self._known: set[int] = set()

    def step(self) -> float:
        rows = Lane.objects.order_by("subscription_id", "partition").values_list("subscription_id", "partition", "pk")
        for name, partition, pk in rows:
            if pk not in self._known:
                self._known.add(pk)
                self._town.lane(name, pk, partition, self._replica)
        return IDLE if len(self._known) == (len(SERVICES) - 1) * self._town.partitions else 1.0
