"""The heartbeat renews this service's subscription at the bus, and learns the log id of the bus."""

from typing import Any

from django.conf import settings

from svc_chassis.events.event import BATCH_LIMIT
from svc_chassis.inbox.handlers import handled_types
from svc_chassis.inbox.models import Inbox
from svc_chassis.inbox.unhandled import ask_again
from svc_chassis.outbox.bus_client import Bus, BusAbsent, BusRefused
from svc_chassis.outbox.relay import RELAY, backlog
from svc_chassis.runtime import scheduler
from svc_chassis.runtime.backoff import Backoff

EVERY = 3.0
"""seconds"""
ASK_MOST = 600.0
"""seconds, at most, between two requests for the history because a handler is back"""
COUNTED = 10_000
"""events in the outbox, at most; counting more takes longer than it tells"""
AT_ONCE = BATCH_LIMIT
"""events accepted in one delivery"""


class Heartbeat:
    def __init__(self, bus: Bus, backoff: Backoff) -> None:
        self._bus = bus
        self._backoff = backoff
        self._asked = backoff.another(ASK_MOST)

    def step(self) -> float:
        """Send one; the seconds until the next."""
        # While replicas of an older release get events too, each history may bring more: ask less and less often.
        if not self._asked.left() and ask_again(handled_types()):
            self._asked.failed()
        heard = self._bus.state.log_id
        try:
            self._bus.subscribe(subscription(), backlog(heard, COUNTED))
        except BusAbsent as absent:
            return self._backoff.failed(at_least=absent.retry_after)
        except BusRefused:
            return EVERY
        self._backoff.succeeded()
        if self._bus.state.log_id != heard:
            scheduler.wake(RELAY)
        return EVERY

    def stop(self) -> None:
        """Nothing is held: the subscription stays, and the bus keeps its events."""


def subscription() -> dict[str, Any]:
    """This service's subscription; its types are those it handles."""
    return {
        "url": f"{settings.SERVICE_URL}/events",
        "types": handled_types(),
        "batchSize": AT_ONCE,
        "format": "batch",
        "inboxId": str(Inbox.present_id()),
    }
