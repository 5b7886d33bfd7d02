"""Builds the bus from its log and ports, and names the loops of its process: the only place that does."""

from functools import partial

from django.conf import settings

from eventbus.delivery import supervisor
from eventbus.delivery.dead_letters import Decisions
from eventbus.delivery.faults import FaultyTransport
from eventbus.delivery.lane import LaneSteps
from eventbus.delivery.sender import Sender
from eventbus.delivery.supervisor import LANES, Supervisor, wake_lanes
from eventbus.erasure import Erasure
from eventbus.inspection.index import Index
from eventbus.inspection.live import PICTURE, WATCH
from eventbus.inspection.samples import Samples
from eventbus.log.appends import Appends
from eventbus.log.open import the_log
from eventbus.log.port import Expiring, Log
from eventbus.log.retention import Retention
from eventbus.log.sole import Sole
from svc_chassis.database.ownership import sqlite_file
from svc_chassis.leases.lease import Tenancy
from svc_chassis.runtime.loop import Steps
from svc_chassis.runtime.ports import REAL, Ports

DECISIONS = "decisions"
APPENDS = "appends"
RETENTION = "retention"
INDEX = "index"
ERASURE = "erasure"
SAMPLES = "samples"
SOLE = "sole"


def loops(ports: Ports = REAL) -> dict[str, Steps]:
    """By name. Raises ImproperlyConfigured, and the bus does not start, if it can't open its log or another has it."""
    log = the_log()
    found: dict[str, Steps] = {LANES: lanes(log, ports), DECISIONS: Decisions(), INDEX: Index(log), WATCH: PICTURE}
    found[SAMPLES] = Samples(log, ports.clock)
    found[ERASURE] = Erasure(log, Tenancy(ERASURE, ports.replica(), ports.steady), ports.steady)
    if not log.features.single_process:
        found[APPENDS] = Appends(log, wake_lanes)
    elif not sqlite_file():  # which has one server process anyway
        found[SOLE] = Sole(Tenancy(SOLE, ports.replica(), ports.steady))
    if isinstance(log, Expiring):
        found[RETENTION] = Retention(log)
    return found


def lanes(log: Log, ports: Ports) -> Supervisor:
    """The supervisor of this process's lanes."""
    found = Supervisor(log, partial(lane, log, ports))
    supervisor.use(found)
    return found


def lane(log: Log, ports: Ports, name: str, pk: int) -> LaneSteps:
    """The lane of the row `pk`, whose lease and loop are called `name`."""
    transport = ports.transport(name)
    if settings.EVENTBUS_FAULTS_ENABLED:
        transport = FaultyTransport(transport, ports.random())
    tenancy = Tenancy(name, ports.replica(), ports.steady)
    return LaneSteps(pk, log, Sender(transport, settings.PEER_KEYS), ports, tenancy)
