"""What the loops of a process need from outside. Tests and the simulator give their own."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from django.conf import settings

from svc_chassis.runtime.backoff import Backoff
from svc_chassis.runtime.clock import Clock
from svc_chassis.runtime.http_client import HttpTransport, Transport


@dataclass(frozen=True)
class Ports:
    transport: Callable[[str], Transport] = lambda loop: HttpTransport()
    """for the requests of the loop of that name"""
    clock: Clock = time.time
    """Unix time in seconds, for what is stored"""
    steady: Clock = time.monotonic
    """monotonic time in seconds, for waits"""
    random: Callable[[], Random] = Random
    replica: Callable[[], str] = lambda: str(settings.REPLICA)
    """the name of this process as a holder of leases"""

    def backoff(self) -> Backoff:
        return Backoff(settings.RETRY_MOST, self.steady, self.random())


REAL = Ports()
