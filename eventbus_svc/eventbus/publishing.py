"""Publishing: checks events against their contracts and publishers, and appends them to the log."""

import time
from collections import Counter
from typing import Any

import orjson
import structlog
from rest_framework.exceptions import PermissionDenied, ValidationError

from eventbus.contracts import BY_TYPE
from eventbus.delivery.supervisor import wake_lanes
from eventbus.log.open import the_log
from eventbus.log.port import Appended, Bounded, Full, Log, Record
from eventbus.metrics import PUBLISHED
from eventbus.subscriptions import settled_by_active_lanes
from svc_chassis.events.attributes import instant
from svc_chassis.events.event import EVENT_LIMIT, CloudEvent, EventTooLarge, encode
from svc_chassis.events.plain import check_payload, check_publisher
from svc_chassis.observe import tracing
from svc_chassis.observe.logs import log_of_chains

logger = structlog.get_logger()


def publish(
    events: list[CloudEvent], bodies: list[dict[str, Any]], sender: str | None, expected: str | None
) -> Appended:
    """Store `events`, whose JSON objects are `bodies`, all or none. `sender` is the service that signed, if one did.

    Raises ValidationError, EventTooLarge, PermissionDenied, WrongLog, Conflict, Full.
    """
    for index, event in enumerate(events):
        _check(event, sender, f"{index}." if len(events) > 1 else "")
    records = [_record(event, body) for event, body in zip(events, bodies, strict=True)]
    log, began = the_log(), time.time()
    appended = _append(log, records, expected)
    tracing.record("store", bodies, began, time.time())
    if events:
        its = (event.correlationid for event in events)
        log_of_chains(logger.info, "stored", its, events=appended.accepted, duplicates=appended.duplicates)
    for event_type, count in Counter(event.type if event.type in BY_TYPE else "other" for event in events).items():
        PUBLISHED.labels(event_type).inc(count)
    if log.features.single_process:
        wake_lanes({record.type for record in records})  # other logs have the loop Appends
    return appended


def _check(event: CloudEvent, sender: str | None, where: str) -> None:
    contract = BY_TYPE.get(event.type)
    if sender is not None and event.source != f"/{sender}":
        raise PermissionDenied(f"{sender} cannot publish as {event.source}.")
    if sender is None and event.tombstone:
        raise PermissionDenied("A tombstone erases events, so its publisher must sign it.")
    if sender is not None and contract is None:
        raise ValidationError({f"{where}type": f"No contract declares {event.type}."})
    if contract is not None:
        check_publisher(event, contract)
        check_payload(event, contract, where)


def _record(event: CloudEvent, body: dict[str, Any]) -> Record:
    try:
        encoded = encode(_without_position(body) if "position" in body else body)
    except orjson.JSONEncodeError as error:
        raise ValidationError({"data": f"Event {event.id} is nested too deeply."}) from error
    if len(encoded) > EVENT_LIMIT:
        raise EventTooLarge(f"Event {event.id} is {len(encoded)} bytes; the limit is {EVENT_LIMIT}.")
    return Record(event.source, event.id, event.type, event.subject, instant(event.time), encoded)


def _without_position(body: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != "position"}


def _append(log: Log, records: list[Record], expected: str | None) -> Appended:
    try:
        return log.append(records, expected)
    except Full as full:
        if not isinstance(log, Bounded):
            raise
        freed = log.make_room(settled_by_active_lanes(log), full.needed)
        if freed:
            logger.info("oldest events dropped from the full log", bytes=freed)
        # Even if nothing was freed: another publisher may have made room.
        return log.append(records, expected)
