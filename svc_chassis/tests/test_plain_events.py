"""With EVENTS_ALLOW_UNSIGNED, a foreign bus may take our bus's place: `POST /events {type, data}`, unsigned."""

from typing import Any

import orjson
import pytest
from django.test import Client
from orders.events import GoodsArrived
from orders.models import Entry

from svc_chassis.inbox.models import InboxEvent
from svc_chassis.testing.plugin import Published, wire

pytestmark = pytest.mark.django_db(transaction=True)

PLAIN = {"type": "GoodsArrived", "data": {"id": "5f3a9c1b", "item": "tea"}}


@pytest.fixture(autouse=True)
def allowed(settings: Any) -> None:
    settings.EVENTS_ALLOW_UNSIGNED = True


def post(body: Any, content_type: str = "application/json") -> Any:
    return Client().post("/events", orjson.dumps(body), content_type=content_type)


def effects() -> list[tuple[str, str]]:
    return list(Entry.objects.order_by("id").values_list("subject", "text"))


@pytest.mark.parametrize("content_type", ["application/json", "application/cloudevents+json"])
def test_a_plain_event_is_stamped_and_applied(content_type: str) -> None:
    response = post(PLAIN, content_type)

    assert response.status_code == 200
    [row] = InboxEvent.objects.all()
    assert response.json() == {"results": [{"id": row.event_id, "status": "applied"}]}
    assert (row.source, row.type, row.subject, row.version) == ("/stock", "GoodsArrived", "5f3a9c1b", None)
    assert effects() == [("5f3a9c1b", "tea")]


def test_without_a_version_each_arrival_is_applied() -> None:
    """The same content may be a new fact: approved, rejected, approved again."""
    for item in ("tea", "milk", "tea"):
        assert post(PLAIN | {"data": {"id": "g1", "item": item}}).json()["results"][0]["status"] == "applied"

    assert effects() == [("g1", "tea"), ("g1", "milk"), ("g1", "tea")]


def test_with_a_version_it_is_applied_once_though_the_bus_dropped_its_id() -> None:
    ours = wire(GoodsArrived(id="g1", item="tea", version=1))
    plain = {"type": ours["type"], "data": ours["data"]}

    statuses = [post(body).json()["results"][0]["status"] for body in (plain, plain, ours)]

    assert (statuses, effects()) == (["applied", "duplicate", "duplicate"], [("g1", "tea")])


def test_a_whole_event_that_a_foreign_bus_forwards_keeps_its_id() -> None:
    ours = wire(GoodsArrived(id="g1", item="tea", version=None))

    assert [post(ours).json()["results"][0] for _ in range(2)] == [
        {"id": ours["id"], "status": "applied"},
        {"id": ours["id"], "status": "duplicate"},
    ]


def test_what_follows_from_it_is_in_one_chain(published: Published) -> None:
    post(PLAIN | {"data": {"id": "g1", "item": "!order tea"}})

    [order], [row] = published(), InboxEvent.objects.all()
    assert (order["correlationid"], order["causationid"]) == (row.event_id, row.event_id)


def test_a_type_that_nobody_handles_here_is_taken_without_effect() -> None:
    assert post({"type": "PostLiked", "data": {"id": "p1"}}).status_code == 200
    assert (effects(), InboxEvent.objects.count()) == ([], 0)


@pytest.mark.parametrize("source", ["/orders", "/foreign", "/stock/", "stock"])
@pytest.mark.parametrize("as_batch", [False, True])
def test_a_declared_type_from_another_source_is_refused(source: str, as_batch: bool) -> None:
    event = wire(GoodsArrived(id="g1", item="tea", version=1), source=source)
    body, content_type = ([event], "application/cloudevents-batch+json") if as_batch else (event, "application/json")

    response = post(body, content_type)

    assert (response.status_code, response["Content-Type"]) == (403, "application/problem+json")
    assert response.json()["detail"] == f"GoodsArrived is published by stock, not {source.removeprefix('/')}."
    assert effects() == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "type"),
        ({"data": {"id": "g1"}}, "type"),
        ({"type": "", "data": {"id": "g1"}}, "type"),
        ({"type": 7, "data": {"id": "g1"}}, "type"),
        ({"type": "x" * 256, "data": {"id": "g1"}}, "type"),
        ({"type": "GoodsArrived"}, "data"),
        ({"type": "GoodsArrived", "data": ["g1"]}, "data"),
        ({"type": "GoodsArrived", "data": {"item": "tea"}}, "data.id"),
        ({"type": "GoodsArrived", "data": {"id": 7, "item": "tea"}}, "data.id"),
        ({"type": "GoodsArrived", "data": {"id": "g1"}}, "data.item"),
        ({"type": "GoodsArrived", "data": {"id": "g1", "item": "tea", "version": 0}}, "data.version"),
    ],
)
def test_a_malformed_one_is_400_and_the_answer_names_the_field(body: Any, field: str) -> None:
    response = post(body)

    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert effects() == []


def test_one_that_cannot_be_applied_is_no_2xx() -> None:
    response = post(PLAIN | {"data": {"id": "g1", "item": "!fail no room"}})

    assert (response.status_code, response.json()["detail"]) == (422, "ValueError: no room")
    assert effects() == []


def test_where_it_is_not_allowed_a_plain_event_is_refused_in_words(settings: Any) -> None:
    settings.EVENTS_ALLOW_UNSIGNED = False

    response = post(PLAIN)

    assert response.status_code == 401
    assert response.json()["detail"] == "Sign this request (Standard Webhooks), or set EVENTS_ALLOW_UNSIGNED=1."
