"""The lanes of this process: one for each subscription and partition, each with a loop of its own."""

from collections.abc import Callable, Set
from itertools import product

from eventbus.delivery.faults import end_delays
from eventbus.delivery.lane import LaneSteps
from eventbus.log.port import Log
from eventbus.models import Lane, Subscription
from svc_chassis.runtime import scheduler

LANES = "lanes"
LANE = "lane:"
"""what the names of the lanes' loops begin with"""
EVERY = 1.0
"""seconds"""

MakeLane = Callable[[str, int], LaneSteps]
"""from the name of its loop and the id of its row"""


class Supervisor:
    """The loop that starts a loop for each lane, and ends that of a lane whose subscription was removed.

    The subscription may be back already, with a new lane.
    """

    def __init__(self, log: Log, make_lane: MakeLane) -> None:
        self._log = log
        self._make_lane = make_lane
        self.lanes: dict[str, LaneSteps] = {}
        """by name of the loop"""

    def step(self) -> float:
        ensure_lanes(self._log)
        rows = Lane.objects.order_by("pk").values_list("subscription_id", "partition", "pk")
        wanted = {f"{LANE}{name}:{partition}": pk for name, partition, pk in rows}
        for name in [name for name, lane in self.lanes.items() if wanted.get(name) != lane.lane_id]:
            scheduler.end(name)
            del self.lanes[name]
        for name in [name for name in wanted if name not in self.lanes]:
            self.lanes[name] = self._make_lane(name, wanted[name])
            scheduler.run(name, self.lanes[name])
        for lane in self.lanes.values():
            lane.keep()
        return EVERY

    def stop(self) -> None:
        """The lanes' loops are ended with all others; a delay that an operator set must not hold them up."""
        end_delays()


_present: list[Supervisor] = []


def use(supervisor: Supervisor) -> None:
    """Make `supervisor` the one whose lanes are woken by what this process does."""
    _present[:] = [supervisor]


def wake_lanes(types: Set[str] | None = None) -> None:
    """Events were appended: wake the lanes that want one of `types`, or all where the types are not known."""
    for supervisor in _present:
        for name, lane in list(supervisor.lanes.items()):
            if types is None or lane.wants is None or not lane.wants.isdisjoint(types):
                scheduler.wake(name)


def retry_now(subscription: str) -> None:
    """The subscriber gave a sign of life: its lanes, new ones included, need not wait."""
    for supervisor in _present:
        for name, lane in list(supervisor.lanes.items()):
            if name.startswith(f"{LANE}{subscription}:"):
                lane.retry_now()
                scheduler.wake(name)


def ensure_lanes(log: Log) -> None:
    """One lane per subscription and partition of this log: the last log may have had fewer, or more."""
    Lane.objects.filter(partition__gte=log.partitions).delete()
    known = set(Lane.objects.values_list("subscription_id", "partition"))
    wanted = product(Subscription.objects.values_list("pk", flat=True), range(log.partitions))
    missing = [Lane(subscription_id=name, partition=p) for name, p in wanted if (name, p) not in known]
    if missing:
        Lane.objects.bulk_create(missing, ignore_conflicts=True)
