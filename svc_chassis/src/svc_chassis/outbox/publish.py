"""`publish()`: writes an event to the outbox, in the transaction of its change."""

import uuid

import structlog
from django.conf import settings
from django.db import transaction

from svc_chassis.events.chain import Chain, current_chain
from svc_chassis.events.contract import Contract
from svc_chassis.events.event import EVENT_LIMIT, Event, EventTooLarge, encode, now, wire
from svc_chassis.observe import tracing
from svc_chassis.outbox import statements
from svc_chassis.outbox.models import OutboxEvent
from svc_chassis.outbox.relay import RELAY
from svc_chassis.runtime import scheduler

log = structlog.get_logger()


def publish(payload: Contract, *, cause: Event[Contract] | None = None, tombstone: bool = False) -> None:
    """Write `payload` to the outbox; the relay sends it after the commit.

    The chain (correlationid, causationid, traceparent) is that of the event being handled, or of the request. A
    handler of batches says itself which event is the `cause`. A `tombstone` says that its subject was removed: it
    carries no text, and the earlier events of its subject are erased, here and in the log. Raises RuntimeError outside
    a transaction, ValueError where the contract names another publisher or the version is missing, EventTooLarge over
    64 KiB.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("publish() must run in the transaction of the change: use transaction.atomic().")
    if payload.publisher != settings.SERVICE_NAME:
        raise ValueError(f"{payload.event_type()} is published by {payload.publisher}, not {settings.SERVICE_NAME}.")
    if payload.version is None:
        raise ValueError(f"{payload.event_type()} has no version: count the subject's changes, from 1.")
    event_id = uuid.uuid4()
    chain = current_chain() if cause is None else Chain.of(cause.envelope)
    correlationid = chain.correlationid or str(event_id)
    span = tracing.publishing(payload.event_type(), chain.traceparent)
    body = encode(
        wire(
            payload,
            event_id=str(event_id),
            time=now(),
            correlationid=correlationid,
            causationid=chain.causationid,
            traceparent=span.traceparent,
            tombstone=tombstone,
        )
    )
    if len(body) > EVENT_LIMIT:
        raise EventTooLarge(f"{payload.event_type()} would be {len(body)} bytes; an event has at most {EVENT_LIMIT}.")
    if tombstone:
        OutboxEvent.objects.filter(subject=payload.subject).delete()
    statements.add(event_id, payload.event_type(), payload.subject, body, tombstone)
    transaction.on_commit(lambda: _committed(event_id, payload, correlationid, span))


def is_buried(subject: str) -> bool:
    """Whether the newest event that this service published of `subject` is a tombstone."""
    return OutboxEvent.objects.filter(subject=subject, tombstone=True).exists()


def _committed(event_id: uuid.UUID, payload: Contract, correlationid: str, span: tracing.Span) -> None:
    scheduler.wake(RELAY)
    its = {"type": payload.event_type(), "id": str(event_id), "subject": payload.subject}
    log.info("published", **its, correlationid=correlationid)
    span.end(**{"cloudevents.event_id": str(event_id), "blogbus.correlationid": correlationid})
