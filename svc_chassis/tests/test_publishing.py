"""An event is committed with the change that it tells of, or not at all."""

import pytest
from django.db import transaction
from django.test import Client
from orders.events import GoodsArrived, OrderPlaced
from orders.models import Entry
from orders.views import place

from svc_chassis.events.chain import Chain, continued
from svc_chassis.events.event import EVENT_LIMIT, Event, parse
from svc_chassis.outbox.models import OutboxEvent
from svc_chassis.outbox.publish import EventTooLarge, publish
from svc_chassis.testing.plugin import Deliver, Published, wire

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_change_and_its_event_are_committed_together(client: Client, published: Published) -> None:
    response = client.post("/orders", {"id": "o1", "item": "tea"}, content_type="application/json")

    assert response.status_code == 201
    [event] = published()
    assert event == {
        "specversion": "1.0",
        "id": event["id"],
        "source": "/orders",
        "type": "OrderPlaced",
        "subject": "o1",
        "time": event["time"],
        "datacontenttype": "application/json",
        "dataschema": "/schemas/OrderPlaced/1",
        "correlationid": event["correlationid"],
        "traceparent": event["traceparent"],
        "data": {"id": "o1", "version": 1, "item": "tea"},
    }


def test_a_change_that_is_rolled_back_leaves_no_event(published: Published) -> None:
    with transaction.atomic():
        place(id="o1", item="tea")
        assert len(published()) == 1
        transaction.set_rollback(True)

    assert (published(), Entry.objects.count()) == ([], 0)


def test_publishing_outside_a_transaction_raises(published: Published) -> None:
    with pytest.raises(RuntimeError, match=r"use transaction\.atomic"):
        publish(OrderPlaced(id="o1", item="tea", version=1))

    assert published() == []


def test_another_services_event_can_not_be_published(published: Published) -> None:
    with pytest.raises(ValueError, match="GoodsArrived is published by stock, not orders"), transaction.atomic():
        publish(GoodsArrived(id="g1", item="tea", version=1))

    assert published() == []


def test_an_event_without_a_version_can_not_be_published(published: Published) -> None:
    with pytest.raises(ValueError, match="OrderPlaced has no version"), transaction.atomic():
        publish(OrderPlaced(id="o1", item="tea"))

    assert published() == []


def test_an_event_of_exactly_the_limit_is_taken_and_one_byte_more_is_refused(published: Published) -> None:
    place(id="o1", item="x")
    room = EVENT_LIMIT - len(bytes(OutboxEvent.objects.get().body))
    with continued(Chain("c" * 36)):
        place(id="o2", item="x" * (room + 1))
        with pytest.raises(
            EventTooLarge, match=f"would be {EVENT_LIMIT + 1} bytes; an event has at most {EVENT_LIMIT}"
        ):
            place(id="o3", item="x" * (room + 2))

    assert [event["subject"] for event in published()] == ["o1", "o2"]
    assert list(Entry.objects.values_list("subject", flat=True)) == ["o1", "o2"]


def test_what_is_too_long_for_an_event_is_refused_to_its_author_and_nothing_written(
    client: Client, published: Published
) -> None:
    response = client.post("/orders", {"id": "o1", "item": "x" * EVENT_LIMIT}, content_type="application/json")

    assert response.status_code == 413
    assert response["Content-Type"] == "application/problem+json"
    assert (published(), Entry.objects.count()) == ([], 0)


def test_the_events_of_one_request_share_their_chain_and_those_of_two_do_not(
    client: Client, published: Published
) -> None:
    for order in ("o1", "o2"):
        client.post("/orders", {"id": order, "item": "tea"}, content_type="application/json")

    one, two = published()
    assert one["correlationid"] != two["correlationid"]
    assert "causationid" not in one


def test_what_a_handler_publishes_continues_the_chain_of_its_event(deliver: Deliver, published: Published) -> None:
    causes = [wire(GoodsArrived(id=f"g{n}", item="!order tea", version=1), correlationid=f"chain {n}") for n in (1, 2)]

    deliver(*causes)

    assert [(event["correlationid"], event["causationid"]) for event in published()] == [
        ("chain 1", causes[0]["id"]),
        ("chain 2", causes[1]["id"]),
    ]


def test_a_cause_that_is_named_stands_before_the_chain_that_is_running(published: Published) -> None:
    payload = GoodsArrived(id="g1", item="tea", version=1)
    [envelope] = parse(wire(payload, correlationid="its chain"))
    with continued(Chain("another")), transaction.atomic():
        publish(OrderPlaced(id="o1", item="tea", version=1), cause=Event(envelope, payload))

    [event] = published()
    assert (event["correlationid"], event["causationid"]) == ("its chain", envelope.id)
