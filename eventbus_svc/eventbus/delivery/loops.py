"""The bus's loops: one per lane, and one that sees to it that every lane has its own."""

import time
from random import Random

from django.conf import settings

from eventbus.delivery.dead_letters import Decisions
from eventbus.delivery.faults import FaultyTransport, end_delays
from eventbus.delivery.lane import LaneSteps, Ports
from eventbus.delivery.sending import Sender
from eventbus.inspection.index import Index
from eventbus.inspection.live import PICTURE, WATCH
from eventbus.log.appends import Appends
from eventbus.log.open import the_log
from eventbus.log.port import Expiring
from eventbus.log.retention import Retention
from eventbus.models import Lane
from eventbus.subscriptions import ensure_lanes
from svc_chassis.leases.lease import Tenancy
from svc_chassis.runtime import loop as loops
from svc_chassis.runtime.backoff import Backoff
from svc_chassis.runtime.http_client import HttpTransport, Transport

LANES = "lanes"
DECISIONS = "decisions"
APPENDS = "appends"
RETENTION = "retention"
INDEX = "index"
LANE = "lane:"
"""what the names of the lanes' loops begin with"""

EVERY = 1.0
"""seconds"""

_lanes: dict[str, LaneSteps] = {}


class Lanes:
    """Starts a loop for each lane there is, and ends those whose subscription was removed (and perhaps came back)."""

    def step(self) -> float:
        ensure_lanes(the_log())
        rows = Lane.objects.values_list("subscription_id", "partition", "pk")
        wanted = {f"{LANE}{name}:{partition}": pk for name, partition, pk in rows}
        for name in [name for name, lane in _lanes.items() if wanted.get(name) != lane.lane_id]:
            loops.end(name)
            del _lanes[name]
        for name in wanted.keys() - _lanes.keys():
            _lanes[name] = _lane(name, wanted[name])
            loops.run(name, _lanes[name])
        for lane in _lanes.values():
            lane.keep()
        return EVERY

    def stop(self) -> None:
        """The lanes' loops are ended with all others; a delay that an operator set must not hold them up."""
        end_delays()


def delivery_loops() -> dict[str, loops.Steps]:
    log = the_log()  # a bus that can't have its log must not start
    found: dict[str, loops.Steps] = {LANES: Lanes(), WATCH: PICTURE, DECISIONS: Decisions(), INDEX: Index(log)}
    if not log.features.single_process:
        found[APPENDS] = Appends(log, new_events)
    if isinstance(log, Expiring):
        found[RETENTION] = Retention(log)
    return found


def new_events() -> None:
    """Something was appended: the lanes may go on."""
    for name in list(_lanes):
        loops.wake(name)


def sign_of_life(subscription: str) -> None:
    """The subscriber was heard: its lanes, new ones included, need not wait."""
    for name, lane in list(_lanes.items()):
        if name.startswith(f"{LANE}{subscription}:"):
            lane.nudge()
            loops.wake(name)


def _lane(name: str, pk: int) -> LaneSteps:
    transport: Transport = HttpTransport()
    if settings.EVENTBUS_FAULTS_ENABLED:
        transport = FaultyTransport(transport, Random())
    ports = Ports(the_log(), Sender(transport, settings.PEER_KEYS), time.time, Random(), time.monotonic)
    backoff = Backoff(settings.RETRY_MOST, time.monotonic, Random())
    return LaneSteps(pk, ports, Tenancy(name, settings.REPLICA, time.monotonic), backoff)
