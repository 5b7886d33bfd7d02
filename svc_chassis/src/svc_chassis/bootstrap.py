"""Builds the loops of a service that publishes and subscribes from its ports: relay and heartbeat."""

from django.db import connection

from svc_chassis.inbox.heartbeat import Heartbeat
from svc_chassis.leases.lease import Tenancy
from svc_chassis.outbox.bus_client import BUS, Bus, BusState
from svc_chassis.outbox.relay import RELAY, Relay
from svc_chassis.runtime.loop import Steps
from svc_chassis.runtime.ports import REAL, Ports

HEARTBEAT = "heartbeat"


def relay(ports: Ports, bus: BusState) -> Relay:
    tenancy = Tenancy(RELAY, ports.replica(), ports.steady)
    shared = connection.vendor == "postgresql"
    return Relay(Bus(ports.transport(RELAY), bus), tenancy, ports.backoff(), ports.steady, shared=shared)


def service_loops(ports: Ports = REAL, bus: BusState = BUS) -> dict[str, Steps]:
    """By name."""
    return {
        HEARTBEAT: Heartbeat(Bus(ports.transport(HEARTBEAT), bus), ports.backoff()),
        RELAY: relay(ports, bus),
    }
