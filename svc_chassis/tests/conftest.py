"""Loads the sample service `orders`, on which the chassis is tested."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import orders.installed  # noqa: F401
import pytest
from serving import Server, servers
from standin import StandInBus, standin

from svc_chassis.inbox.heartbeat import Heartbeat
from svc_chassis.leases.lease import Tenancy
from svc_chassis.outbox.bus_client import BUS as state
from svc_chassis.outbox.bus_client import Bus, BusState
from svc_chassis.outbox.relay import IDLE, Relay
from svc_chassis.runtime.backoff import Backoff
from svc_chassis.runtime.http_client import HttpTransport


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Each process of pytest-xdist loads this file, and sets it again: before, it could not find `orders`."""
    del os.environ["DJANGO_SETTINGS_MODULE"]


class Clock:
    """Seconds, as a test says."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def the_bus(settings: Any) -> Iterator[StandInBus]:
    """The stand-in, where this service looks for its bus."""
    with standin() as bus:
        settings.EVENTBUS_URL = bus.url
        yield bus


@pytest.fixture
def known() -> Iterator[BusState]:
    """What this process has heard of the bus, forgotten afterwards."""
    state.log_id = None
    state.troubles.clear()
    yield state
    state.log_id = None
    state.troubles.clear()


@pytest.fixture
def connection_to_bus(the_bus: StandInBus, known: BusState) -> Iterator[Bus]:
    known.log_id = the_bus.log_id
    transport = HttpTransport()
    yield Bus(transport, known)
    transport.close()


MakeRelay = Callable[..., Relay]


@pytest.fixture
def make_relay(connection_to_bus: Bus, clock: Clock) -> MakeRelay:
    def make(holder: str = "here", **options: bool) -> Relay:
        tenancy, backoff = Tenancy("relay", holder, clock), Backoff(2.0, clock, Random(1))
        return Relay(connection_to_bus, tenancy, backoff, clock, **options)

    return make


@pytest.fixture
def relay(make_relay: MakeRelay) -> Relay:
    return make_relay()


@pytest.fixture
def heartbeat(connection_to_bus: Bus, clock: Clock) -> Heartbeat:
    return Heartbeat(connection_to_bus, Backoff(2.0, clock, Random(1)))


@pytest.fixture
def drain(clock: Clock) -> Callable[[Relay], None]:
    """Let a relay work until it rests, waiting out its back-off on the test's clock."""

    def _drain(relay: Relay) -> None:
        for _ in range(500):
            wait = relay.step()
            if wait == IDLE:
                return
            clock.advance(wait)
        raise AssertionError("The relay does not come to rest.")

    return _drain


@pytest.fixture
def bus() -> Iterator[StandInBus]:
    with standin() as bus:
        yield bus


@pytest.fixture
def start(bus: StandInBus, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts a server process of the sample service."""
    with servers(bus.url, tmp_path) as start:
        yield start
