"""What a service may forget by age, and what it must keep: the limits of "bounded" and of "nothing is lost"."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from svc_chassis.idempotency.models import IdempotencyRecord
from svc_chassis.inbox.models import InboxEvent
from svc_chassis.outbox.bus_client import Bus, BusAbsent, BusRefused, BusState, Declared
from svc_chassis.outbox.models import OutboxEvent
from svc_chassis.runtime.http_client import HttpTransport

BATCH = 500
"""rows deleted in one transaction: writers wait for milliseconds"""
YOUNG = "not old enough"

Rows = QuerySet[Any]


@dataclass(frozen=True)
class Pruning:
    """One table: the rows that may go, and the others by why they stay."""

    table: str
    goes: Rows
    stays: dict[str, Rows]


def prune(rows: Rows) -> int:
    """Delete `rows`, some at a time, each in a short transaction of its own; how many."""
    deleted = 0
    while keys := list(rows.values_list("pk", flat=True)[:BATCH]):
        deleted += rows.filter(pk__in=keys).delete()[0]
    return deleted


def service_tables(before: datetime) -> Iterator[Pruning]:
    """Outbox, inbox and idempotency records of a service that publishes and subscribes."""
    try:
        log = Bus(HttpTransport(), BusState()).declared()
    except (BusAbsent, BusRefused) as error:
        yield from _kept(f"the bus did not say how durable its log is: {error}")
    else:
        if log.durability == "memory":
            yield from _kept("the bus keeps its log in memory, and rebuilds it from all outboxes when it restarts")
        else:
            yield from _by_a_durable_log(log, before)
    yield by_age("idempotency records", IdempotencyRecord.objects.all(), "created_at", before)


def by_age(table: str, rows: Rows, field: str, before: Any) -> Pruning:
    return Pruning(table, rows.filter(**{f"{field}__lt": before}), {YOUNG: rows.filter(**{f"{field}__gte": before})})


def _kept(why: str) -> Iterator[Pruning]:
    """All of outbox and inbox."""
    for table, rows in (("outbox", OutboxEvent.objects.all()), ("inbox", InboxEvent.objects.all())):
        yield Pruning(table, rows.none(), {why: rows})


def _by_a_durable_log(log: Declared, before: datetime) -> Iterator[Pruning]:
    acknowledged = OutboxEvent.objects.filter(log_id=log.log_id)
    outbox = by_age("outbox", acknowledged, "created_at", before)
    outbox.stays["not acknowledged by the log that the bus has now"] = OutboxEvent.objects.exclude(log_id=log.log_id)
    yield outbox
    # An inbox row may go only after its event left the log, and the bus has no call that says which ones did.
    inbox = InboxEvent.objects.all()
    yield Pruning("inbox", inbox.none(), {"their events may still be in the log, and could come again": inbox})
