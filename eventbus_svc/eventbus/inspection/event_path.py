"""One event's path, as an operator sees it."""

from eventbus.inspection.deliveries import Deliveries, TracedDelivery
from eventbus.inspection.events import PlacedEvent
from eventbus.inspection.index import key
from eventbus.inspection.window import Window
from eventbus.log.port import Entry
from eventbus.models import IndexedEvent
from eventbus.schemas import Schema, moment, unchecked
from svc_chassis.events.attributes import Time

CHAIN = 200
"""events of one chain, at most"""


class ChainEvent(PlacedEvent, Schema):
    stored_at: Time | None
    """When the bus stored it, by the clock of the log; null if the log does not record that. Its `time` is by the clock
    of its publisher, so `stored_at` may be earlier. What was published again to a new log was stored then."""
    deliveries: list[TracedDelivery]
    """One for each subscription to its type."""


class EventPath(Schema):
    """One event, its deliveries and its chain."""

    now: Time
    """When the bus said this."""
    event: PlacedEvent
    stored_at: Time | None
    """When the bus stored it; null if the log does not record that."""
    deliveries: list[TracedDelivery]
    chain: list[ChainEvent]
    """The events of its chain including itself, oldest first. Of a long chain the oldest 200, or 199 and itself."""
    chain_left_out: int
    """How many events of its chain are not included."""


def path_of(window: Window, event_id: str, source: str | None, now: float) -> EventPath | None:
    """The path of one event; None if the index has no event with that id. `now` in Unix seconds."""
    found = window.events().filter(id_key=key(event_id), event_id=event_id)
    row = (found if source is None else found.filter(source=source)).last()
    if row is None:
        return None
    rows, left_out = _chain(window, row)
    placed = window.as_json(rows)
    its = next((event for each, _, event in placed if each == row), None)
    if its is None:
        return None
    deliveries = Deliveries(window.log_id, [each for each, *_ in placed], now)
    chain = {
        each: unchecked(ChainEvent, event | {"stored_at": _stored(entry), "deliveries": deliveries.of(each)})
        for each, entry, event in placed
    }
    return EventPath(
        now=moment(now),
        event=unchecked(PlacedEvent, its),
        stored_at=chain[row].stored_at,
        deliveries=chain[row].deliveries,
        chain=list(chain.values()),
        chain_left_out=left_out,
    )


def _stored(entry: Entry) -> Time | None:
    return None if entry.stored_at is None else moment(entry.stored_at)


def _chain(window: Window, event: IndexedEvent) -> tuple[list[IndexedEvent], int]:
    """Its chain, oldest first, and how many are left out. If the event is beyond CHAIN, it takes the last place."""
    if not event.correlationid:
        return [event], 0
    same = window.events().filter(chain_key=event.chain_key, correlationid=event.correlationid)
    oldest = list(same.order_by("time", "id")[:CHAIN])
    shown = oldest if event in oldest else [*oldest[: CHAIN - 1], event]
    return shown, max(0, same.count() - CHAIN)
