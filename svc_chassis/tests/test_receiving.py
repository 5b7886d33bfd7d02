"""What `POST /events` does with events: each is applied once, in order."""

from typing import Any

import orjson
import pytest
from django.conf import settings as live
from django.test import Client
from orders.events import GoodsArrived, PriceChanged, PriceDropped
from orders.models import Entry

from svc_chassis.events.signing import signed
from svc_chassis.inbox.models import InboxEvent
from svc_chassis.testing.plugin import Deliver, wire

pytestmark = pytest.mark.django_db(transaction=True)


NO_EVENT = "Input should be a valid dictionary or instance of CloudEvent"
NO_DICTIONARY = "Input should be a valid dictionary"
REQUIRED = ["specversion", "id", "source", "type", "subject", "time", "data"]


def effects() -> list[tuple[str, str]]:
    return list(Entry.objects.order_by("id").values_list("subject", "text"))


def arrived(subject: str, version: int | None, item: str = "tea", **attributes: Any) -> dict[str, Any]:
    return wire(GoodsArrived(id=subject, item=item, version=version), **attributes)


def statuses(results: list[dict[str, Any]]) -> list[str]:
    return [result["status"] for result in results]


def post(client: Client, body: Any, content_type: str) -> Any:
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    return client.post("/events", raw, content_type=content_type, headers=signed(raw, "eventbus", live.EVENTS_KEYS))


@pytest.mark.parametrize("content_type", ["application/json", "application/cloudevents+json"])
def test_one_event_is_applied_and_answered(client: Client, content_type: str) -> None:
    event = arrived("g1", 1)

    response = post(client, event, content_type)

    assert (response.status_code, response.json()) == (200, {"results": [{"id": event["id"], "status": "applied"}]})
    assert effects() == [("g1", "tea")]


def test_a_batch_is_applied_in_its_order_across_handlers(deliver: Deliver) -> None:
    events = [
        arrived("g1", 1),
        wire(PriceChanged(id="p1", amount=1, version=1)),
        wire(PriceDropped(id="p1", amount=2, version=2)),
        arrived("g2", 1, "milk"),
    ]

    assert deliver(*events) == [{"id": event["id"], "status": "applied"} for event in events]
    assert effects() == [("g1", "tea"), ("p1", "1"), ("p1", "2"), ("g2", "milk")]


def test_an_event_that_comes_again_is_a_duplicate(deliver: Deliver) -> None:
    event = arrived("g1", 1)
    deliver(event)

    assert deliver(event) == [{"id": event["id"], "status": "duplicate"}]
    assert effects() == [("g1", "tea")]


def test_an_event_twice_in_one_batch_is_applied_once(deliver: Deliver) -> None:
    event = arrived("g1", None)

    assert statuses(deliver(event, event)) == ["applied", "duplicate"]
    assert effects() == [("g1", "tea")]


def test_a_late_version_is_a_duplicate(deliver: Deliver) -> None:
    assert statuses(deliver(arrived("g1", 2, "new"))) == ["applied"]
    assert statuses(deliver(arrived("g1", 1, "old"), arrived("g1", 2, "same"), arrived("g1", 3, "newer"))) == [
        "duplicate",
        "duplicate",
        "applied",
    ]
    assert effects() == [("g1", "new"), ("g1", "newer")]


def test_versions_are_counted_per_source_and_subject(deliver: Deliver) -> None:
    deliver(arrived("g1", 5))

    assert statuses(deliver(arrived("g2", 1), arrived("g1", 1, source="/other"))) == ["applied", "applied"]
    assert statuses(deliver(arrived("g1", 5))) == ["duplicate"]


def test_the_same_id_from_another_source_is_another_event(deliver: Deliver) -> None:
    assert statuses(deliver(arrived("g1", 1, id="1"), arrived("g2", 1, id="1", source="/other"))) == [
        "applied",
        "applied",
    ]


def test_a_foreign_event_without_version_is_applied_on_arrival_and_changes_no_version(deliver: Deliver) -> None:
    deliver(arrived("g1", 3))

    assert statuses(deliver(arrived("g1", None, "foreign"))) == ["applied"]
    assert statuses(deliver(arrived("g1", 3), arrived("g1", 4))) == ["duplicate", "applied"]


def test_a_type_without_a_handler_is_applied_without_effect_or_inbox_row(deliver: Deliver) -> None:
    unknown = arrived("g1", 1, type="NobodyCares")

    assert statuses(deliver(unknown, unknown)) == ["applied", "applied"]
    assert (effects(), InboxEvent.objects.count()) == ([], 0)


def test_an_empty_batch_has_no_results(deliver: Deliver) -> None:
    assert deliver() == []


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        (b"{", []),
        (b"", [{"field": name, "detail": "Field required"} for name in REQUIRED]),
        (b"7", [{"field": "body", "detail": NO_EVENT}]),
        (arrived("g1", 1) | {"id": None}, [{"field": "id", "detail": "Field required"}]),
        ([arrived("g1", 1), arrived("g2", 1) | {"data": 7}], [{"field": "1.data", "detail": NO_DICTIONARY}]),
        ([arrived("g1", 1)] * 501, [{"field": "body", "detail": "A batch has at most 500 events; this one has 501."}]),
        (b"[" * 2000, []),
    ],
    ids=["broken", "empty", "number", "no id", "data in a batch", "too many", "too deep"],
)
def test_what_is_no_event_is_refused_with_its_field_and_nothing_applied(
    client: Client, body: Any, errors: list[dict[str, str]]
) -> None:
    response = post(client, body, "application/json")

    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert response.json().get("errors", []) == errors
    assert effects() == []


def test_a_batch_as_large_as_the_bus_may_send_is_read(client: Client) -> None:
    body = orjson.dumps([arrived(f"g{n}", 1, "x" * 60_000, type="NobodyCares") for n in range(68)])

    assert len(body) > 4_000_000
    assert post(client, body, "application/cloudevents-batch+json").status_code == 200


def test_five_hundred_events_cost_as_many_queries_as_fifty_but_for_the_inboxs_chunks(
    deliver: Deliver, django_assert_max_num_queries: Any
) -> None:
    deliver()
    for subject, count, most in (("a", 50, 9), ("b", 500, 17)):
        events = [wire(PriceChanged(id=f"{subject}{n}", amount=1, version=1)) for n in range(count)]
        with django_assert_max_num_queries(most):
            assert set(statuses(deliver(*events))) == {"applied"}
