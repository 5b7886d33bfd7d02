"""Builds the bus from its ports, and names the loops of its process: the only place that does."""

import time
from random import Random

from django.conf import settings

from eventbus.delivery.dead_letters import Decisions
from eventbus.delivery.faults import FaultyTransport
from eventbus.delivery.lane import LaneSteps, Ports
from eventbus.delivery.sender import Sender
from eventbus.delivery.supervisor import LANES, Supervisor, wake_lanes
from eventbus.inspection.index import Index
from eventbus.inspection.live import PICTURE, WATCH
from eventbus.log.appends import Appends
from eventbus.log.open import the_log
from eventbus.log.port import Expiring
from eventbus.log.retention import Retention
from svc_chassis.leases.lease import Tenancy
from svc_chassis.runtime.backoff import Backoff
from svc_chassis.runtime.http_client import HttpTransport, Transport
from svc_chassis.runtime.loop import Steps

DECISIONS = "decisions"
APPENDS = "appends"
RETENTION = "retention"
INDEX = "index"


def loops() -> dict[str, Steps]:
    """By name. Raises ImproperlyConfigured where the log can't be opened: the bus must not start."""
    log = the_log()
    found: dict[str, Steps] = {LANES: Supervisor(log, lane), DECISIONS: Decisions(), INDEX: Index(log), WATCH: PICTURE}
    if not log.features.single_process:
        found[APPENDS] = Appends(log, wake_lanes)
    if isinstance(log, Expiring):
        found[RETENTION] = Retention(log)
    return found


def lane(name: str, pk: int) -> LaneSteps:
    """The lane of the row `pk`, whose lease and loop are called `name`."""
    transport: Transport = HttpTransport()
    if settings.EVENTBUS_FAULTS_ENABLED:
        transport = FaultyTransport(transport, Random())
    ports = Ports(the_log(), Sender(transport, settings.PEER_KEYS), time.time, Random(), time.monotonic)
    backoff = Backoff(settings.RETRY_MOST, time.monotonic, Random())
    return LaneSteps(pk, ports, Tenancy(name, settings.REPLICA, time.monotonic), backoff)
