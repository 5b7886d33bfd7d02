"""One event's path, as an operator sees it."""

from datetime import datetime

import orjson

from eventbus.answers import Attempt as AttemptMade
from eventbus.answers import EventPath, PlacedEvent, TracedDelivery, moment
from eventbus.delivery.states import States
from eventbus.log.port import Entry, Log
from eventbus.log.position import newest
from eventbus.models import Attempt, Lane

CHAIN = 200
"""events of one chain that are shown at most"""


def path_of(the: Log, event_id: str, source: str | None = None) -> EventPath | None:
    """What became of one event; None where the log has none of that id."""
    found = (placed for placed in newest(the) if placed.entry.record.id == event_id)
    placed = next((each for each in found if source in (None, each.entry.record.source)), None)
    if placed is None:
        return None
    event, stored_at = placed.as_json(), placed.entry.stored_at
    deliveries = [
        TracedDelivery(subscription=lane.subscription_id, state=state, attempts=_attempts(the, lane, placed.entry))
        for lane, state in States.of(the.log_id, [placed]).each(placed)
    ]
    return EventPath(
        event=PlacedEvent.model_construct(**event),
        stored_at=None if stored_at is None else moment(stored_at),
        deliveries=deliveries,
        chain=chain(the, event.get("correlationid")),
    )


def chain(the: Log, correlationid: str | None) -> list[PlacedEvent]:
    """All events of one chain, oldest first."""
    if not correlationid:
        return []
    mark = orjson.dumps(correlationid)
    events = [placed.as_json() for placed in newest(the) if mark in placed.entry.record.body]
    same = [event for event in events if event.get("correlationid") == correlationid]
    same.sort(key=lambda event: datetime.fromisoformat(event["time"]))
    return [PlacedEvent.model_construct(**event) for event in same[:CHAIN]]


def _attempts(the: Log, lane: Lane, entry: Entry) -> list[AttemptMade]:
    near = Attempt.objects.filter(lane=lane, log_id=the.log_id, first__lte=entry.offset, last__gte=entry.offset)
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
