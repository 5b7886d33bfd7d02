"""Keeps a second process from having its own half of the history, where the log belongs to one process.

A lock file refuses it on the same machine. On other machines only the database that both use can, by a lease.
"""

import time

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError

from svc_chassis.leases.lease import TERM, Tenancy
from svc_chassis.observe.health import warns
from svc_chassis.web.problems import Unavailable

LOOK = 0.1
"""seconds between two tries at the start"""
REFUSAL = (
    "Another event bus uses this database, and a log in memory belongs to one: run one bus, or set EVENTBUS_LOG to "
    "a log that several share (database://, nats://…, kafka://…, rabbitmq://…)."
)


class Sole:
    """The loop that holds the lease."""

    def __init__(self, tenancy: Tenancy) -> None:
        """Waits until a process that died has lost its lease; raises ImproperlyConfigured if one renews it.

        A database that can't be reached refuses nothing: the loop asks again.
        """
        self._tenancy = tenancy
        deadline = time.monotonic() + 2 * TERM
        try:
            while not tenancy.hold():
                if time.monotonic() > deadline:
                    raise ImproperlyConfigured(REFUSAL)
                time.sleep(LOOK)
        except (DatabaseError, InterfaceError) as error:
            structlog.get_logger().warning("could not check whether another event bus runs", why=str(error))

    def step(self) -> float:
        global _lost
        _lost = not self._tenancy.hold()
        return TERM / 4

    def stop(self) -> None:
        self._tenancy.release()


@warns
def another_bus() -> list[str]:
    """No warnings. Raises Unavailable while another bus holds the lease: publishers must reach only one."""
    if _lost:
        raise Unavailable(REFUSAL)
    return []


_lost = False
