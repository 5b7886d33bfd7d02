"""What a service that publishes and subscribes may forget by age: the limits of "bounded" and of "nothing is lost"."""

from collections.abc import Iterator
from datetime import datetime

from svc_chassis.idempotency.models import IdempotencyRecord
from svc_chassis.inbox.models import InboxEvent
from svc_chassis.outbox.bus_client import Bus, BusAbsent, BusRefused, BusState, Declared
from svc_chassis.outbox.models import OutboxEvent
from svc_chassis.runtime.http_client import HttpTransport
from svc_chassis.runtime.pruning import Pruning, by_age, kept


def service_tables(before: datetime) -> Iterator[Pruning]:
    """Outbox, inbox and idempotency records."""
    try:
        log = Bus(HttpTransport(), BusState()).declared()
    except (BusAbsent, BusRefused) as error:
        yield from _all_kept(f"the bus did not say how durable its log is: {error}")
    else:
        if log.durability == "memory":
            yield from _all_kept("the bus keeps its log in memory, and rebuilds it from all outboxes when it restarts")
        else:
            yield from _by_a_durable_log(log, before)
    yield by_age("idempotency records", IdempotencyRecord.objects.all(), "created_at", before)


def _all_kept(why: str) -> Iterator[Pruning]:
    yield kept("outbox", OutboxEvent.objects.all(), why)
    yield kept("inbox", InboxEvent.objects.all(), why)


def _by_a_durable_log(log: Declared, before: datetime) -> Iterator[Pruning]:
    acknowledged = OutboxEvent.objects.filter(log_id=log.log_id)
    outbox = by_age("outbox", acknowledged, "created_at", before)
    outbox.stays["not acknowledged by the log that the bus has now"] = OutboxEvent.objects.exclude(log_id=log.log_id)
    yield outbox
    # An inbox row may go only after its event left the log, and the bus has no call that says which ones did.
    yield kept("inbox", InboxEvent.objects.all(), "their events may still be in the log, and could come again")
