"""The loops of a service that publishes and subscribes: relay and heartbeat."""

import time
from random import Random

from django.conf import settings

from svc_chassis.inbox.heartbeat import Heartbeat
from svc_chassis.leases.lease import Tenancy
from svc_chassis.outbox.bus_client import BUS, Bus
from svc_chassis.outbox.relay import Relay
from svc_chassis.runtime.backoff import Backoff
from svc_chassis.runtime.http_client import HttpTransport
from svc_chassis.runtime.loop import RELAY, Steps


def service_loops() -> dict[str, Steps]:
    return {
        "heartbeat": Heartbeat(Bus(HttpTransport(), BUS), _backoff()),
        RELAY: Relay(Bus(HttpTransport(), BUS), Tenancy("relay", settings.REPLICA, time.monotonic), _backoff()),
    }


def _backoff() -> Backoff:
    return Backoff(settings.RETRY_MOST, time.monotonic, Random())
