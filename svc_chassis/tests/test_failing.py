"""An event that goes wrong stops its own subject and nothing else."""

import re
from typing import Any

import pytest
from django.db import connection
from orders import handlers
from orders.events import GoodsArrived, OrderPlaced, PriceChanged, PriceDropped
from orders.models import Entry

from svc_chassis.inbox.handlers import handles, handles_batch
from svc_chassis.inbox.models import InboxEvent
from svc_chassis.outbox import publish as publishing
from svc_chassis.testing.plugin import Deliver, Published, wire

pytestmark = pytest.mark.django_db(transaction=True)


def effects() -> list[tuple[str, str]]:
    return list(Entry.objects.order_by("id").values_list("subject", "text"))


def arrived(subject: str, version: int, item: str = "tea") -> dict[str, Any]:
    return wire(GoodsArrived(id=subject, item=item, version=version))


def changed(subject: str, version: int, amount: int) -> dict[str, Any]:
    return wire(PriceChanged(id=subject, amount=amount, version=version))


def test_a_handler_that_fails_blocks_its_subject_while_others_are_applied(deliver: Deliver) -> None:
    events = [
        arrived("g1", 1),
        arrived("g2", 1, "!fail for a reason"),
        arrived("g2", 2),
        arrived("g3", 1),
        wire(PriceChanged(id="g2", amount=1, version=1)),
    ]

    results = deliver(*events)

    place = results[1].pop("at")
    assert re.fullmatch(r"(\S+\.py:\d+ > )*handlers\.py:\d+", place)
    assert results == [
        {"id": events[0]["id"], "status": "applied"},
        {"id": events[1]["id"], "status": "failed", "error": "ValueError: for a reason"},
        {"id": events[2]["id"], "status": "blocked"},
        {"id": events[3]["id"], "status": "applied"},
        {"id": events[4]["id"], "status": "blocked"},
    ]
    assert effects() == [("g1", "tea"), ("g3", "tea")]
    assert set(InboxEvent.objects.values_list("subject", flat=True)) == {"g1", "g3"}


def test_what_failed_can_be_applied_later_in_order(deliver: Deliver) -> None:
    poison, later = arrived("g1", 1, "!fail now"), arrived("g1", 2)
    deliver(poison, later)
    cured = poison | {"data": poison["data"] | {"item": "cured"}}

    assert [result["status"] for result in deliver(cured, later)] == ["applied", "applied"]
    assert effects() == [("g1", "cured"), ("g1", "tea")]


def test_a_batch_handler_that_fails_falls_back_to_one_by_one(deliver: Deliver) -> None:
    results = deliver(changed("p1", 1, 1), changed("p2", 1, -1), changed("p3", 1, 3), changed("p2", 2, 4))

    assert [(result["status"], result.get("error")) for result in results] == [
        ("applied", None),
        ("failed", "ValueError: a negative amount"),
        ("applied", None),
        ("blocked", None),
    ]
    assert effects() == [("p1", "1"), ("p3", "3")]


def test_a_duplicate_is_still_one_when_its_batch_falls_back(deliver: Deliver) -> None:
    first = changed("p1", 1, 1)
    deliver(first)

    assert [result["status"] for result in deliver(first, changed("p2", 1, -1), changed("p1", 2, 5))] == [
        "duplicate",
        "failed",
        "applied",
    ]
    assert effects() == [("p1", "1"), ("p1", "5")]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"item": None}, "data.item: Input should be a valid string"),
        ({"version": 0}, "data.version: Input should be greater than or equal to 1"),
        ({"version": True}, "data.version: Input should be a valid integer"),
        ({"version": 2**63}, "data.version: Input should be less than 9223372036854775808"),
    ],
)
def test_a_payload_that_breaks_its_contract_fails_and_names_the_field(
    deliver: Deliver, data: dict[str, Any], error: str
) -> None:
    deliver(arrived("g1", 1))
    event = arrived("g1", 2)

    [result] = deliver(event | {"data": event["data"] | data})

    field = error.partition(":")[0]
    assert result == {"id": event["id"], "status": "failed", "error": f"ValidationError: {error}", "at": field}
    assert effects() == [("g1", "tea")]


def test_an_effect_that_the_handler_itself_undid_is_not_called_applied(deliver: Deliver) -> None:
    results = deliver(arrived("g1", 1, "!swallow"), arrived("g2", 1))

    assert [result["status"] for result in results] == ["failed", "applied"]
    assert results[0]["error"] == "RuntimeError: The handler swallowed an error that undid its own work."
    assert effects() == [("g2", "tea")]


def test_what_a_failing_handler_published_is_not_sent(
    deliver: Deliver, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    def publish_and_fail(*args: Any, **kwargs: Any) -> None:
        publish(*args, **kwargs)
        raise ValueError("after publishing")

    publish = publishing.publish
    monkeypatch.setattr(handlers, "publish", publish_and_fail)

    assert [result["status"] for result in deliver(arrived("g1", 1, "!order tea"))] == ["failed"]
    assert published() == []


def test_a_long_error_is_cut(deliver: Deliver) -> None:
    [result] = deliver(arrived("g1", 1, "!fail " + "x" * 5000))

    assert len(result["error"]) == 500


def test_an_event_has_one_handler_in_a_service() -> None:
    def another(events: Any) -> None: ...

    another.__module__ = "orders.more"
    with pytest.raises(RuntimeError, match="orders has two handlers of PriceDropped"):
        handles_batch(PriceDropped)(another)
    with pytest.raises(RuntimeError, match="orders has two handlers of GoodsArrived"):
        handles(GoodsArrived)(another)


def test_a_handler_of_another_service_in_the_same_process_is_not_asked(deliver: Deliver) -> None:
    def not_ours(event: Any) -> None:
        raise AssertionError("called")

    not_ours.__module__ = "elsewhere.handlers"
    handles(OrderPlaced)(not_ours)

    [result] = deliver(wire(OrderPlaced(id="o1", item="tea", version=1)))
    assert result["status"] == "applied"
    assert not connection.needs_rollback
