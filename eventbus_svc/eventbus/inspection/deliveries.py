"""The deliveries of a chain's events, with their attempts, read at once."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence

from eventbus import models
from eventbus.inspection.states import TRIED, Delivery, State, States, until
from eventbus.models import IndexedEvent, Lane, Parked
from eventbus.schemas import Schema, moment
from svc_chassis.events.attributes import Time

EACH_END = 5
"""attempts of one delivery that are shown, at most: so many of the first, and so many of the last"""
RECORDS = 500
"""records of a lane's deliveries that are read, at most: so many of the first, and so many of the last"""


class Attempt(Schema):
    time: Time
    """When it began, by the bus's clock."""
    status: int | None
    """HTTP status; null if there was no response."""
    latency_ms: float
    """Of the whole request, which may have carried other events too."""
    error: str | None
    """Why nothing was settled; with status 200, the subscriber's error for this event."""


class TracedDelivery(Delivery):
    next_try: float | None
    """Seconds until the next attempt, of a parked event that was tried; null otherwise."""
    attempts: list[Attempt]
    """The recorded ones, oldest first: of many, the first 5 and the last 5. The bus keeps the records of its newest
    deliveries. Deliveries in which an earlier event of its subject failed are not included."""
    attempts_left_out: int
    """How many are not included, between the first and the last."""


class Deliveries:
    def __init__(self, log_id: str, rows: Sequence[IndexedEvent], now: float) -> None:
        """`now` in Unix seconds."""
        self._now = now
        # States before attempts: nothing shows as settled without the attempt that settled it.
        self._states = States.of(log_id, list(rows))
        offsets = defaultdict[Lane, list[int]](list)
        for row in rows:
            for lane, _ in self._states.each(row):
                offsets[lane].append(row.offset)
        self._attempts = {lane: _attempts(log_id, lane, sorted(its)) for lane, its in offsets.items()}
        tried = Parked.objects.filter(TRIED, lane__in=offsets, offset__in={row.offset for row in rows}, dead=False)
        self._next = {(lane, offset): at for lane, offset, at in tried.values_list("lane", "offset", "next_try")}

    def of(self, row: IndexedEvent) -> list[TracedDelivery]:
        return [self._delivery(lane, state, row.offset) for lane, state in self._states.each(row)]

    def _delivery(self, lane: Lane, state: State, offset: int) -> TracedDelivery:
        attempts, unread = self._attempts[lane]
        found = attempts[offset]
        cut = found if len(found) <= 2 * EACH_END else found[:EACH_END] + found[-EACH_END:]
        return TracedDelivery(
            subscription=lane.subscription_id,
            state=state,
            next_try=until(self._next.get((lane.pk, offset)), self._now) if state == "parked" else None,
            attempts=cut,
            attempts_left_out=len(found) - len(cut) + sum(first <= offset <= last for first, last in unread),
        )


def _attempts(log_id: str, lane: Lane, offsets: list[int]) -> tuple[dict[int, list[Attempt]], list[tuple[int, int]]]:
    """By offset, the attempts to deliver it, oldest first; and the first and last offset of each delivery not read."""
    near = models.Attempt.objects.filter(lane=lane, log_id=log_id, first__lte=offsets[-1], last__gte=offsets[0])
    spans = [
        (pk, first, last)
        for pk, first, last in near.order_by("time", "pk").values_list("pk", "first", "last")
        if bisect_left(offsets, first) < bisect_right(offsets, last)
    ]
    unread = spans[RECORDS:-RECORDS]
    read = {pk for pk, *_ in spans} - {pk for pk, *_ in unread}
    found, wanted = defaultdict[int, list[Attempt]](list), set(offsets)
    for record in models.Attempt.objects.filter(pk__in=read).order_by("time", "pk"):
        attempt = Attempt(
            time=moment(record.time),
            status=record.status,
            latency_ms=record.latency_ms,
            error=record.error or None,
        )
        for offset in wanted.intersection(record.offsets):
            found[offset].append(attempt)
    return found, [(first, last) for _, first, last in unread]
