"""The events in the log, as an operator lists them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Exists, OuterRef, QuerySet

from eventbus.erasure import superseding
from eventbus.inspection.states import Delivery, State, States
from eventbus.inspection.window import Window
from eventbus.log.position import CHUNK, Offsets
from eventbus.models import Discard, IndexedEvent, Parked
from eventbus.schemas import Rendered, unchecked
from svc_chassis.events.event import CloudEvent


class PlacedEvent(CloudEvent, Rendered):
    """An event in the log."""

    position: str
    """Its position, for `after` and `before`."""


class SeenEvent(PlacedEvent):
    deliveries: list[Delivery]
    """One for each subscription to its type."""


@dataclass(frozen=True)
class Filter:
    """Which events to list. An empty field selects all."""

    types: frozenset[str]
    subject: str | None
    source: str | None
    state: State | None
    text: str | None = None
    """what the beginnings of the payload's texts contain, in upper or lower case"""
    id: str | None = None
    """how the event's id begins"""
    since: datetime | None = None
    until: datetime | None = None
    """of the event's time: from `since` on, before `until`"""

    def narrow(self, rows: QuerySet[IndexedEvent]) -> QuerySet[IndexedEvent]:
        """`rows` without those that cannot match. `state` needs a second check."""
        if self.types:
            rows = rows.filter(type__in=self.types)
        if self.subject is not None:
            rows = rows.filter(subject=self.subject)
        if self.source is not None:
            rows = rows.filter(source=self.source)
        if self.text is not None:
            # A removed subject's text stays in the row until the erasure's next step.
            rows = rows.filter(~Exists(superseding()), text__contains=self.text.casefold())
        if self.id is not None:
            rows = rows.filter(event_id__startswith=self.id)
        if self.since is not None:
            rows = rows.filter(time__gte=self.since.timestamp())
        if self.until is not None:
            rows = rows.filter(time__lt=self.until.timestamp())
        if self.state in ("parked", "dead"):
            parked = Parked.objects.filter(lane__partition=OuterRef("partition"), offset=OuterRef("offset"))
            rows = rows.filter(Exists(parked))
        if self.state == "discarded":
            discards = Discard.objects.filter(source=OuterRef("source"), event_id=OuterRef("event_id"))
            rows = rows.filter(Exists(discards))
        return rows


def events(window: Window, limit: int, before: Offsets | None, wanted: Filter) -> list[SeenEvent]:
    """The newest events first, older than the one at `before`; one more than `limit` if there are."""
    rows = wanted.narrow(window.before(before) if before else window.events()).order_by("-id")
    found = _in_state(window.log_id, rows, wanted.state) if wanted.state else rows[: limit + 1]
    page = list(islice(found, limit + 1))
    states = States.of(window.log_id, page)
    return [
        # The event may have an extension attribute of that name.
        unchecked(SeenEvent, event | {"deliveries": _deliveries(states, row)})
        for row, _, event in window.as_json(page)
    ]


def _deliveries(states: States, row: IndexedEvent) -> list[Delivery]:
    return [Delivery(subscription=lane.subscription_id, state=state) for lane, state in states.each(row)]


def _in_state(log_id: str, rows: QuerySet[IndexedEvent], wanted: State) -> Iterator[IndexedEvent]:
    """Those with any delivery in that state."""
    some = list(rows[:CHUNK])
    while some:
        states = States.of(log_id, some)
        yield from (row for row in some if any(state == wanted for _, state in states.each(row)))
        some = list(rows.filter(id__lt=some[-1].id)[:CHUNK])
