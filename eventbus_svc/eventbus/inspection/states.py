"""The state of each delivery of many events, read at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from django.db.models import Q

from eventbus.models import Discard, IndexedEvent, Lane, Parked
from eventbus.schemas import Schema

State = Literal["settled", "waiting", "parked", "dead", "discarded"]
STATES: tuple[State, ...] = get_args(State)
TRIED = Q(attempts__gt=0) | Q(unanswered__gt=0)
"""of parked events: those that wait for another attempt, and not behind another event"""


def until(moment: float | None, now: float) -> float | None:
    """The seconds from `now` to a moment, 0 if it is over."""
    return None if moment is None else round(max(0.0, moment - now), 3)


class Delivery(Schema):
    subscription: str
    state: State
    """`settled`; `waiting` to be delivered; `parked`; `dead` (a dead letter); or `discarded`."""


@dataclass(frozen=True)
class States:
    log_id: str
    lanes: list[Lane]
    parked: dict[tuple[int, int], bool]
    """(lane, offset) → whether it is a dead letter"""
    discarded: set[tuple[str, str, str]]
    """(subscription, source, event id)"""

    @classmethod
    def of(cls, log_id: str, events: list[IndexedEvent]) -> "States":
        """Reads in an order in which an event that is settled or discarded meanwhile never shows as neither."""
        lanes = list(Lane.objects.select_related("subscription").order_by("subscription"))
        offsets = {event.offset for event in events}
        parked = Parked.objects.filter(lane__in=lanes, offset__in=offsets).values_list("lane", "offset", "dead")
        aside = {(lane, offset): dead for lane, offset, dead in parked}
        names = {lane.subscription_id for lane in lanes}
        ids = {event.event_id for event in events}
        discards = Discard.objects.filter(subscription__in=names, event_id__in=ids)
        return cls(log_id, lanes, aside, set(discards.values_list("subscription", "source", "event_id")))

    def each(self, event: IndexedEvent) -> Iterator[tuple[Lane, State]]:
        """The lane and the state of each delivery to a subscription of its type."""
        for lane in self.lanes:
            if lane.partition == event.partition and event.type in lane.subscription.types:
                yield lane, self._state(lane, event)

    def _state(self, lane: Lane, event: IndexedEvent) -> State:
        if lane.log_id != self.log_id:
            return "waiting"
        if (dead := self.parked.get((lane.pk, event.offset))) is not None:
            return "dead" if dead else "parked"
        if (lane.subscription_id, event.source, event.event_id) in self.discarded:
            return "discarded"
        return "settled" if event.offset <= lane.cursor else "waiting"
