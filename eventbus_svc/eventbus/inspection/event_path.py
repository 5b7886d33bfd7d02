"""One event's path, as an operator sees it."""

from eventbus import models
from eventbus.inspection.events import PlacedEvent
from eventbus.inspection.index import key
from eventbus.inspection.states import Delivery, States
from eventbus.inspection.window import Window
from eventbus.models import IndexedEvent, Lane
from eventbus.schemas import Schema, moment
from svc_chassis.events.attributes import Time

CHAIN = 200
"""events of one chain that are shown at most"""


class Attempt(Schema):
    time: Time
    status: int | None
    """HTTP; null where no answer came."""
    latency_ms: float
    error: str | None
    """Why it settled nothing; with status 200: what the subscriber said of this event alone."""


class TracedDelivery(Delivery):
    attempts: list[Attempt]
    """Of the recent past, oldest first; none for a delivery in which an earlier event of its subject failed."""


class EventPath(Schema):
    """One event: where it went, and what else belongs to its chain."""

    event: PlacedEvent
    stored_at: Time | None
    """When the bus accepted it, if the log knows."""
    deliveries: list[TracedDelivery]
    chain: list[PlacedEvent]
    """Events of its chain, oldest first; it is one of them. Of a long chain the oldest 200, or 199 and itself."""


def path_of(window: Window, event_id: str, source: str | None = None) -> EventPath | None:
    """What became of one event; None where the index has none of that id."""
    found = window.events().filter(id_key=key(event_id), event_id=event_id)
    row = (found if source is None else found.filter(source=source)).last()
    entry = window.entries([row]).get((row.partition, row.offset)) if row else None
    if row is None or entry is None:
        return None
    [(_, event)] = window.as_json([row])
    deliveries = [
        TracedDelivery(subscription=lane.subscription_id, state=state, attempts=_attempts(window.log_id, lane, row))
        for lane, state in States.of(window.log_id, [row]).each(row)
    ]
    return EventPath(
        event=PlacedEvent.model_construct(**event),
        stored_at=None if entry.stored_at is None else moment(entry.stored_at),
        deliveries=deliveries,
        chain=[PlacedEvent.model_construct(**each) for _, each in window.as_json(_chain(window, row))],
    )


def _chain(window: Window, event: IndexedEvent) -> list[IndexedEvent]:
    """Its chain, oldest first; where that is longer than CHAIN, an event beyond takes the last place."""
    if not event.correlationid:
        return [event]
    same = window.events().filter(chain_key=event.chain_key, correlationid=event.correlationid)
    shown = list(same.order_by("time", "id")[:CHAIN])
    return shown if event in shown else [*shown[: CHAIN - 1], event]


def _attempts(log_id: str, lane: Lane, event: IndexedEvent) -> list[Attempt]:
    near = models.Attempt.objects.filter(lane=lane, log_id=log_id, first__lte=event.offset, last__gte=event.offset)
    return [
        Attempt(
            time=moment(attempt.time),
            status=attempt.status,
            latency_ms=attempt.latency_ms,
            error=attempt.error or None,
        )
        for attempt in near.order_by("time")
        if event.offset in attempt.offsets
    ]
