"""Parking: a failed event waits aside with all later events of its subject, and is retried. Others continue."""

from copy import copy
from itertools import accumulate, takewhile
from random import Random
from typing import Any

import orjson
import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from eventbus.delivery.sender import Result
from eventbus.delivery.suspicion import ALONE, NO_ANSWER
from eventbus.log.port import START, Bounded, Entry, Log, Record
from eventbus.models import Lane, Parked
from svc_chassis.events.attributes import instant
from svc_chassis.events.event import BATCH_BYTES
from svc_chassis.runtime.backoff import delay

logger = structlog.get_logger()

FIRST, MOST = 0.5, 30.0
"""seconds before the first retry, and at most between two"""
ATTEMPTS: int = settings.EVENTBUS_ATTEMPTS
"""deliveries of one event before it is a dead letter"""


NOTED = ("attempts", "unanswered", "error", "at", "dead", "next_try")
"""columns that a failed retry changes"""


def parked_subjects(lane: Lane, subjects: set[str]) -> set[str]:
    """Those of `subjects` whose events must queue."""
    return set(Parked.objects.filter(lane=lane, subject__in=subjects).values_list("subject", flat=True).distinct())


def due(lane: Lane, now: float, most: int) -> list[Parked]:
    """At most `most` parked events to retry now, in order, at most BATCH_BYTES: of subjects whose first is due."""
    parked = Parked.objects.filter(lane=lane)
    # A longer wait than MOST means that the clock was set back.
    ripe = Q(next_try__lte=now) | Q(next_try__gt=now + MOST)
    before = Parked.objects.filter(lane=lane, subject=OuterRef("subject"), offset__lt=OuterRef("offset"))
    # Those under suspicion last, and of them first those that were tried least: they may be innocent.
    heads = parked.filter(ripe, ~Exists(before), dead=False).order_by("unanswered", "offset")
    first = list(heads.values_list("unanswered", "subject")[:most])
    if first and first[0][0]:
        return list(heads[:1])
    ready = [subject for unanswered, subject in first if not unanswered]
    rows = list(parked.filter(subject__in=ready).order_by("offset")[:most]) if ready else []
    rows = list(takewhile(lambda row: not row.unanswered, rows))
    sizes = accumulate(len(row.body) + 1 for row in rows)
    return [row for row, size in zip(rows, sizes, strict=True) if size <= BATCH_BYTES]


def park(lane: Lane, entry: Entry, now: float) -> Parked:
    """The row, not yet saved, of an event that failed or that queues behind a failed one."""
    record = entry.record
    row = Parked(lane=lane, offset=entry.offset, source=record.source, event_id=record.id, type=record.type)
    row.subject, row.body, row.since = record.subject, record.body, now
    return row


def note(lane: Lane, row: Parked, result: Result, now: float, random: Random) -> None:
    """Count a failure; after ATTEMPTS the event is a dead letter. A blocked event did not fail."""
    row.unanswered = 0
    if not result.error:
        return
    row.attempts += 1
    row.error, row.at = result.error, result.at
    row.dead = row.attempts >= ATTEMPTS
    row.next_try = now + delay(row.attempts - 1, FIRST, MOST, random)
    if row.dead:
        tell_death(lane, row)


def tell_death(lane: Lane, row: Parked, **more: str) -> None:
    """One line about a new dead letter, once it is committed; without its error, which may quote the payload."""
    its: dict[str, Any] = {
        "subscription": lane.subscription_id,
        "type": row.type,
        "id": row.event_id,
        "subject": row.subject,
    }
    chain = orjson.loads(bytes(row.body)).get("correlationid")
    its |= {"attempts": row.attempts, **more, "correlationid": chain}
    transaction.on_commit(lambda: logger.error("dead letter", **its))


def suspect(row: Parked) -> None:
    """Mark the row of an event that is parked unsent, under suspicion."""
    row.unanswered, row.error = 1, NO_ANSWER


def is_dead(row: Parked) -> bool:
    """Whether its last delivery got no response either: then it becomes a dead letter without another attempt."""
    return row.unanswered >= ALONE and row.attempts >= ATTEMPTS


def unanswered(rows: list[Parked], now: float, random: Random) -> list[Parked]:
    """Copies of the rows, not yet saved, as they are if the delivery gets no response.

    None is dead yet, so that nobody discards an event during its delivery.
    """
    left = [copy(row) for row in rows]
    for row in left:
        row.unanswered += 1
        row.error, row.at = NO_ANSWER, ""
        row.attempts += row.unanswered >= ALONE
        row.next_try = now if is_dead(row) else now + delay(row.unanswered - 1, FIRST, MOST, random)
    return left


def save(rows: list[Parked]) -> None:
    Parked.objects.bulk_update(rows, NOTED)


def put_off(lane: Lane, now: float, random: Random) -> None:
    """Let events under suspicion wait while others are delivered: the longer, the more often they got no response."""
    suspects = Parked.objects.filter(lane=lane, unanswered__gt=0, dead=False)
    most = suspects.aggregate(most=Max("unanswered"))["most"]
    suspects.update(next_try=now + delay((most or 1) - 1, FIRST, MOST, random))


def gone_through(log: Log, partition: int) -> int:
    """The offset through which the log has nothing any more, and will not: what is parked up to there is the only copy.
    A log that outboxes can fill again has it in its next history.
    """
    return START if isinstance(log, Bounded) else log.bounds(partition).begin


def entry_of(row: Parked) -> Entry:
    """The parked event as it came from the log."""
    body = bytes(row.body)
    time = instant(orjson.loads(body)["time"])
    return Entry(row.offset, Record(row.source, row.event_id, row.type, row.subject, time, body))
