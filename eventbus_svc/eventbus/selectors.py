"""What an operator sees of the bus."""

from itertools import islice
from typing import Any

import orjson

from eventbus.log.port import Evicted, Log, WrongLog
from eventbus.log.position import Offsets, render
from eventbus.models import Lane, Parked, Subscription
from eventbus.tracing import newest

COUNTED = 10_000
"""events ahead of a cursor that are counted one by one"""
BEHIND = 100
"""events behind a dead letter that are listed"""


def subscriptions(the: Log, now: float) -> list[dict[str, Any]]:
    """Every subscription with the state of its lanes taken together; times in Unix seconds, `nextTry` in seconds."""
    return [
        _described(subscription, list(subscription.lanes.order_by("partition")), the, now)
        for subscription in Subscription.objects.prefetch_related("lanes").order_by("name")
    ]


def _lag(the: Log, lane: Lane, cursor: int) -> int:
    """How many events this lane has still to settle; beyond COUNTED, those that others ordered count too."""
    types = lane.subscription.types
    ahead = the.end(lane.partition) - cursor
    parked = lane.parked.count()
    if not types or ahead > COUNTED:
        return parked + (ahead if types else 0)
    try:
        entries = the.read(the.log_id, lane.partition, cursor, COUNTED)
    except (Evicted, WrongLog):
        return parked + ahead
    return parked + sum(entry.record.type in types for entry in entries)


def _described(subscription: Subscription, lanes: list[Lane], the: Log, now: float) -> dict[str, Any]:
    worst = max(lanes, key=lambda lane: lane.attempts)
    cursors = tuple(lane.cursor if lane.log_id == the.log_id else 0 for lane in lanes)
    lag = sum(_lag(the, lane, cursor) for lane, cursor in zip(lanes, cursors, strict=True))
    state = "paused" if subscription.paused else "retrying" if worst.attempts else "active"
    return {
        "name": subscription.name,
        **subscription.as_json(),
        "state": state,
        "cursor": render(cursors),
        "lag": lag,
        "lastError": worst.last_error or None,
        "attempts": worst.attempts,
        "nextTry": None if worst.next_try is None else round(max(0.0, worst.next_try - now), 3),
    }


def events(
    the: Log, limit: int, before: Offsets | None, *, types: set[str], subject: str | None, source: str | None
) -> list[dict[str, Any]]:
    """The newest events first, older than the position `before`; one more than `limit` if there are more."""
    found = (
        orjson.loads(entry.record.body) | {"position": render(_position(the, partition, entry.offset))}
        for partition, entry in newest(the)
        if (before is None or entry.offset < before[partition])
        and (not types or entry.record.type in types)
        and subject in (None, entry.record.subject)
        and source in (None, entry.record.source)
    )
    return list(islice(found, limit + 1))


def _position(the: Log, partition: int, offset: int) -> tuple[int, ...]:
    """The position just at this event: whatever the other partitions hold comes after it."""
    return tuple(offset if other == partition else 0 for other in range(the.partitions))


def dead_letters() -> list[dict[str, Any]]:
    """Oldest first; `since` in Unix seconds."""
    return [
        {
            "id": letter.pk,
            "subscription": letter.lane.subscription_id,
            "event": orjson.loads(bytes(letter.body)),
            "error": letter.error,
            "attempts": letter.attempts,
            "since": letter.since,
            "behind": [
                {"id": row.event_id, "type": row.type}
                for row in Parked.objects.filter(
                    lane=letter.lane, subject=letter.subject, offset__gt=letter.offset
                ).order_by("offset")[:BEHIND]
            ],
        }
        for letter in Parked.objects.filter(dead=True).select_related("lane").order_by("since", "pk")
    ]
