"""The events in the log, as an operator lists them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from eventbus.answers import Delivery, SeenEvent, State
from eventbus.delivery.states import States
from eventbus.log.port import Log, Record
from eventbus.log.position import CHUNK, Offsets, Placed, newest


@dataclass(frozen=True)
class Wish:
    """Which events are asked for; what is empty is any."""

    types: frozenset[str]
    subject: str | None
    source: str | None
    state: State | None

    def takes(self, event: Record) -> bool:
        return (
            (not self.types or event.type in self.types)
            and self.subject in (None, event.subject)
            and self.source in (None, event.source)
        )


def events(log: Log, limit: int, before: Offsets | None, wish: Wish) -> list[SeenEvent]:
    """The newest events first, older than the one at `before`; one more than `limit` if there are."""
    found: Iterator[Placed] = (placed for placed in newest(log, before) if wish.takes(placed.entry.record))
    if wish.state:
        found = _in_state(log, found, wish.state)
    page = list(islice(found, limit + 1))
    states = States.of(log.log_id, page)
    return [
        SeenEvent.model_construct(
            **placed.as_json(),
            deliveries=[
                Delivery(subscription=lane.subscription_id, state=state) for lane, state in states.each(placed)
            ],
        )
        for placed in page
    ]


def _in_state(log: Log, found: Iterator[Placed], wanted: State) -> Iterator[Placed]:
    """Those of which any delivery is in that state."""
    while some := list(islice(found, CHUNK)):
        states = States.of(log.log_id, some)
        yield from (placed for placed in some if any(state == wanted for _, state in states.each(placed)))
