"""One event's path, as an operator sees it."""

from typing import Any

import orjson

from eventbus.answers import Attempt as AttemptMade
from eventbus.answers import EventPath, PlacedEvent, TracedDelivery, moment
from eventbus.delivery.states import States
from eventbus.log.port import Entry, Log
from eventbus.log.position import newest
from eventbus.models import Attempt, Lane
from svc_chassis.events.attributes import instant

Json = dict[str, Any]

CHAIN = 200
"""events of one chain that are shown at most"""


def path_of(log: Log, event_id: str, source: str | None = None) -> EventPath | None:
    """What became of one event; None where the log has none of that id."""
    found = (placed for placed in newest(log) if placed.entry.record.id == event_id)
    placed = next((each for each in found if source in (None, each.entry.record.source)), None)
    if placed is None:
        return None
    event, stored_at = placed.as_json(), placed.entry.stored_at
    deliveries = [
        TracedDelivery(subscription=lane.subscription_id, state=state, attempts=_attempts(log, lane, placed.entry))
        for lane, state in States.of(log.log_id, [placed]).each(placed)
    ]
    return EventPath(
        event=PlacedEvent.model_construct(**event),
        stored_at=None if stored_at is None else moment(stored_at),
        deliveries=deliveries,
        chain=[PlacedEvent.model_construct(**each) for each in _chain(log, event)],
    )


def _chain(log: Log, event: Json) -> list[Json]:
    """Its chain, oldest first; where that is longer than CHAIN, an event beyond takes the last place."""
    if not (correlationid := event.get("correlationid")):
        return [event]
    mark = orjson.dumps(correlationid)
    events = [placed.as_json() for placed in newest(log) if mark in placed.entry.record.body]
    same = [each for each in reversed(events) if each.get("correlationid") == correlationid]
    same.sort(key=lambda each: instant(each["time"]))
    shown = same[:CHAIN]
    named = {(each["source"], each["id"]) for each in shown}
    return shown if (event["source"], event["id"]) in named else [*shown[: CHAIN - 1], event]


def _attempts(log: Log, lane: Lane, entry: Entry) -> list[AttemptMade]:
    near = Attempt.objects.filter(lane=lane, log_id=log.log_id, first__lte=entry.offset, last__gte=entry.offset)
    return [
        AttemptMade(
            time=moment(attempt.time),
            status=attempt.status,
            latency_ms=attempt.latency_ms,
            error=attempt.error or None,
        )
        for attempt in near.order_by("time")
        if entry.offset in attempt.offsets
    ]
