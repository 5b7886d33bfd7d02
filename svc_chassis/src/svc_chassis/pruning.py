"""What a service that publishes and subscribes may forget by age: the limits of "bounded" and of "nothing is lost"."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from svc_chassis.idempotency.models import IdempotencyRecord
from svc_chassis.inbox.models import InboxEvent
from svc_chassis.outbox.bus_client import Bus, BusAbsent, BusRefused, BusState, Declared
from svc_chassis.outbox.models import OutboxEvent
from svc_chassis.runtime.http_client import HttpTransport
from svc_chassis.runtime.pruning import YOUNG, Pruning, by_age, kept

SKEW = timedelta(hours=1)
"""by which the clocks of a service and the bus may differ"""
MAY_COME = "their events may still be in the log, and could come again"
NEWEST = "the newest of their subjects: older events are known by them"


def service_tables(before: datetime) -> Iterator[Pruning]:
    """Outbox, inbox and idempotency records."""
    try:
        log = Bus(HttpTransport(), BusState()).declared()
    except (BusAbsent, BusRefused) as error:
        yield from _all_kept(f"the bus did not say how durable its log is: {error}")
    else:
        if log.durability == "memory":
            yield from _all_kept("the log of the bus does not survive a power loss, and is rebuilt from all outboxes")
        else:
            yield from _by_a_durable_log(log, before)
    yield by_age("idempotency records", IdempotencyRecord.objects.all(), "created_at", before)


def _all_kept(why: str) -> Iterator[Pruning]:
    yield kept("outbox", OutboxEvent.objects.all(), why)
    yield kept("inbox", InboxEvent.objects.all(), why)


def _by_a_durable_log(log: Declared, before: datetime) -> Iterator[Pruning]:
    ours = OutboxEvent.objects.filter(log_id=log.log_id)
    acknowledged = ours.filter(tombstone=False)
    outbox = by_age("outbox", acknowledged, "created_at", before)
    outbox.stays["not acknowledged by the log that the bus has now"] = OutboxEvent.objects.exclude(log_id=log.log_id)
    outbox.stays["tombstones: a log that is restored from a backup needs them again"] = ours.filter(tombstone=True)
    yield outbox
    yield _inbox(log, before)


def _inbox(log: Declared, before: datetime) -> Pruning:
    """A row goes after its event left the log, if a newer one of its subject knows what comes late."""
    gone_before = log.kept_since and min(before, log.kept_since - SKEW)
    rows = InboxEvent.objects.all()
    if gone_before is None:
        return kept("inbox", rows, MAY_COME)
    newer = InboxEvent.objects.filter(
        source=OuterRef("source"), subject=OuterRef("subject"), version__gt=OuterRef("version")
    )
    superseded = Q(version=None) | Exists(newer)
    gone, older = rows.filter(applied_at__lt=gone_before), rows.filter(applied_at__lt=before)
    return Pruning(
        "inbox",
        gone.filter(superseded),
        {
            YOUNG: rows.filter(applied_at__gte=before),
            MAY_COME: older.filter(applied_at__gte=gone_before),
            NEWEST: gone.exclude(superseded),
        },
    )
