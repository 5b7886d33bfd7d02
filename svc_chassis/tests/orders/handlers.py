from django.db import transaction
from orders.events import GoodsArrived, OrderPlaced, PriceChanged, PriceDropped
from orders.models import Entry

from svc_chassis.events.event import Event
from svc_chassis.inbox.handlers import handles, handles_batch
from svc_chassis.outbox.publish import publish


@handles(GoodsArrived)
def note_arrival(event: Event[GoodsArrived]) -> None:
    """Items that begin with an exclamation mark go wrong after their effect."""
    Entry.objects.create(subject=event.data.subject, text=event.data.item)
    match event.data.item.partition(" "):
        case "!fail", _, text:
            raise ValueError(text)
        case "!swallow", _, _:
            transaction.set_rollback(True)
        case "!order", _, item:
            publish(OrderPlaced(id=f"order-of-{event.data.id}", item=item, version=1))


@handles_batch(PriceChanged, PriceDropped)
def reprice(events: list[Event[PriceChanged]] | list[Event[PriceDropped]]) -> None:
    """A negative amount goes wrong after the effect."""
    Entry.objects.bulk_create(Entry(subject=event.data.subject, text=str(event.data.amount)) for event in events)
    for event in events:
        if event.data.amount < 0:
            raise ValueError("a negative amount")
