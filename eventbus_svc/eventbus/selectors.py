"""What an operator sees of the bus."""

from typing import Any

from eventbus.log.port import Evicted, Log, WrongLog
from eventbus.log.position import render
from eventbus.models import Lane, Subscription

COUNTED = 10_000
"""events ahead of a cursor that are counted one by one"""


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
