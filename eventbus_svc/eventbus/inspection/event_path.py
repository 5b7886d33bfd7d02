"""One event's path, as an operator sees it."""

from eventbus import models
from eventbus.inspection.events import PlacedEvent
from eventbus.inspection.index import key
from eventbus.inspection.states import TRIED, Delivery, States, until
from eventbus.inspection.window import Window
from eventbus.models import IndexedEvent, Lane, Parked
from eventbus.schemas import Schema, moment
from svc_chassis.events.attributes import Time

CHAIN = 200
"""events of one chain, at most"""


class Attempt(Schema):
    time: Time
    status: int | None
    """HTTP status; null if there was no response."""
    latency_ms: float
    error: str | None
    """Why nothing was settled; with status 200, the subscriber's error for this event."""


class TracedDelivery(Delivery):
    next_try: float | None
    """Seconds until the next attempt, of a parked event that was tried; null otherwise."""
    attempts: list[Attempt]
    """The recent ones, oldest first. Deliveries in which an earlier event of its subject failed are not included."""


class EventPath(Schema):
    """One event, its deliveries and its chain."""

    event: PlacedEvent
    stored_at: Time | None
    """When the bus stored it; null if the log does not record that."""
    deliveries: list[TracedDelivery]
    chain: list[PlacedEvent]
    """The events of its chain including itself, oldest first. Of a long chain the oldest 200, or 199 and itself."""


def path_of(window: Window, event_id: str, source: str | None, now: float) -> EventPath | None:
    """The path of one event; None if the index has no event with that id. `now` in Unix seconds."""
    found = window.events().filter(id_key=key(event_id), event_id=event_id)
    row = (found if source is None else found.filter(source=source)).last()
    entry = window.entries([row]).get((row.partition, row.offset)) if row else None
    if row is None or entry is None:
        return None
    [(_, event)] = window.as_json([row])
    deliveries = [
        TracedDelivery(
            subscription=lane.subscription_id,
            state=state,
            next_try=_next_try(lane, row, now) if state == "parked" else None,
            attempts=_attempts(window.log_id, lane, row),
        )
        for lane, state in States.of(window.log_id, [row]).each(row)
    ]
    return EventPath(
        event=PlacedEvent.model_construct(**event),
        stored_at=None if entry.stored_at is None else moment(entry.stored_at),
        deliveries=deliveries,
        chain=[PlacedEvent.model_construct(**each) for _, each in window.as_json(_chain(window, row))],
    )


def _chain(window: Window, event: IndexedEvent) -> list[IndexedEvent]:
    """Its chain, oldest first. If the chain is longer than CHAIN and the event is beyond, it takes the last place."""
    if not event.correlationid:
        return [event]
    same = window.events().filter(chain_key=event.chain_key, correlationid=event.correlationid)
    shown = list(same.order_by("time", "id")[:CHAIN])
    return shown if event in shown else [*shown[: CHAIN - 1], event]


def _next_try(lane: Lane, event: IndexedEvent, now: float) -> float | None:
    row = Parked.objects.filter(TRIED, lane=lane, offset=event.offset, dead=False).first()
    return until(row.next_try, now) if row else None


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
