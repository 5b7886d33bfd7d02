"""Lanes driven by hand: one step at a time, on the test's clock."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from django.conf import settings
from samples import Clock
from subscriber import Subscriber

from eventbus import bootstrap
from eventbus.delivery import supervisor
from eventbus.delivery.lane import IDLE, LaneSteps
from eventbus.delivery.sender import Sender
from eventbus.models import Lane
from svc_chassis.leases.lease import Tenancy
from svc_chassis.runtime import scheduler
from svc_chassis.runtime.http_client import HttpTransport
from svc_chassis.runtime.ports import Ports
from svc_chassis.testing.http_server import Json

TYPES = ["CommentCreated", "CommentUpdated"]


@pytest.fixture(autouse=True)
def _database(transactional_db: None) -> None:
    """Real transactions: what is refused at a commit must be."""


@pytest.fixture
def subscribed(sub: Subscriber) -> Callable[..., Lane]:
    """Register a subscription to the subscriber; its lane."""
    from eventbus.subscriptions import subscribe

    def _subscribed(name: str = "query", replace_types: bool = True, **options: Any) -> Lane:
        its = {"url": sub.url, "types": TYPES, "batch_size": 500, "format": "batch", "catch_up": "bus"} | options
        return subscribe(name=name, options=its, replace_types=replace_types).lanes.get()

    return _subscribed


MakeLane = Callable[..., LaneSteps]


@pytest.fixture
def make_lane(subscribed: Callable[..., Lane], log: Any, clock: Clock) -> Iterator[MakeLane]:
    """LaneSteps of a subscription to the subscriber, held by `replica`."""
    transports = []

    def _make(replica: str = "here", name: str = "query", transport: Any = None, **options: Any) -> LaneSteps:
        lane = Lane.objects.filter(subscription=name).first() or subscribed(name, **options)
        transports.append(HttpTransport())
        ports = Ports(clock=clock, steady=clock.steady, random=lambda: Random(1))
        sender = Sender(transport or transports[-1], settings.PEER_KEYS)
        return LaneSteps(lane.pk, log, sender, ports, Tenancy(f"lane:{name}:0", replica, clock.steady))

    yield _make
    for transport in transports:
        transport.close()


@pytest.fixture
def start_loops(log: Any, monkeypatch: Any) -> Iterator[Callable[[], supervisor.Supervisor]]:
    """Starts the bus's loops, as a server does, and returns the supervisor of its lanes."""
    monkeypatch.setattr(supervisor, "EVERY", 0.02)
    transports: list[HttpTransport] = []

    def transport(loop: str) -> HttpTransport:
        transports.append(HttpTransport())
        return transports[-1]

    def start() -> supervisor.Supervisor:
        found: Any = bootstrap.loops(Ports(transport))
        for name, steps in found.items():
            scheduler.run(name, steps)
        return found[supervisor.LANES]

    yield start
    scheduler.threads.stop()
    for each in transports:
        each.close()


@pytest.fixture
def lane(make_lane: MakeLane, log: Any) -> LaneSteps:
    return make_lane()


@pytest.fixture
def drain(clock: Clock) -> Callable[..., None]:
    """Let a lane work until it rests with nothing parked that will be tried again; waits pass on the test's clock."""
    from eventbus.inspection.states import TRIED
    from eventbus.models import Parked

    def _drain(steps: LaneSteps) -> None:
        for _ in range(300):
            wait = steps.step()
            if wait == IDLE and not Parked.objects.filter(TRIED, dead=False).exists():
                return
            clock.advance(wait)
        raise AssertionError("The lane does not come to rest.")

    return _drain


@pytest.fixture
def put(log: Any) -> Callable[..., list[str]]:
    """Put events straight into the log; their ids."""
    from eventbus.publishing import publish
    from svc_chassis.events.event import parse

    def _put(*events: Json) -> list[str]:
        publish(parse(list(events)), list(events), None, None)
        return [event["id"] for event in events]

    return _put
