"""A release without one of its handlers, and forward again: what came meanwhile has its effect once, in order."""

from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import orjson
import pytest
from conftest import Clock
from orders.events import GoodsArrived, PriceChanged, PriceDropped
from orders.models import Entry
from standin import StandInBus

from svc_chassis.inbox import handlers
from svc_chassis.inbox.heartbeat import ASK_MOST, Heartbeat
from svc_chassis.inbox.models import UnhandledType
from svc_chassis.testing.plugin import Deliver, wire

pytestmark = pytest.mark.django_db(transaction=True)

Rollback = Callable[..., AbstractContextManager[None]]


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Rollback:
    """`with without("GoodsArrived"):` runs a release that has no handler of it."""

    @contextmanager
    def release(*types: str) -> Any:
        its = handlers._handlers["orders"]
        with monkeypatch.context() as patch:
            patch.setitem(handlers._handlers, "orders", {type: its[type] for type in its if type not in types})
            yield

    return release


def inbox_ids(bus: StandInBus) -> list[str]:
    return [orjson.loads(heard.body)["inboxId"] for heard in bus.heard if heard.method == "PUT"]


def unhandled() -> set[str]:
    return set(UnhandledType.objects.values_list("type", flat=True))


def effects() -> list[tuple[str, str]]:
    return list(Entry.objects.order_by("id").values_list("subject", "text"))


def history() -> list[dict[str, Any]]:
    return [
        wire(GoodsArrived(id="g1", item="tea", version=1)),
        wire(PriceChanged(id="p1", amount=1, version=1)),
        wire(GoodsArrived(id="g1", item="milk", version=2)),
        wire(PriceDropped(id="p2", amount=2, version=1)),
        wire(GoodsArrived(id="g2", item="rice", version=1)),
    ]


@pytest.mark.parametrize(
    "missing",
    [
        ("GoodsArrived",),
        ("PriceChanged",),
        ("PriceDropped",),
        ("PriceChanged", "PriceDropped"),
        ("GoodsArrived", "PriceDropped"),
    ],
)
@pytest.mark.parametrize("before", [0, 1, 3, 5])
def test_what_came_meanwhile_is_applied_once_and_in_order_of_its_subject(
    deliver: Deliver,
    heartbeat: Heartbeat,
    the_bus: StandInBus,
    without: Rollback,
    missing: tuple[str, ...],
    before: int,
) -> None:
    events = history()
    heartbeat.step()
    if before:
        deliver(*events[:before])
    with without(*missing):
        if events[before:]:
            deliver(*events[before:])
        heartbeat.step()
    missed = {event["type"] for event in events[before:]} & set(missing)
    assert unhandled() == missed

    heartbeat.step()
    first, rolled_back, forward = inbox_ids(the_bus)
    assert first == rolled_back
    assert (forward != first) == bool(missed)
    if missed:
        results = deliver(*events)
        applied = [result["status"] == "applied" for result in results]
        assert applied == [n >= before and event["type"] in missed for n, event in enumerate(events)]

    assert sorted(effects(), key=lambda effect: effect[0]) == [
        ("g1", "tea"),
        ("g1", "milk"),
        ("g2", "rice"),
        ("p1", "1"),
        ("p2", "2"),
    ]
    assert unhandled() == set()


def test_a_type_that_no_release_handled_is_noted_once_and_asks_for_nothing(
    deliver: Deliver, heartbeat: Heartbeat, the_bus: StandInBus
) -> None:
    unknown = [wire(GoodsArrived(id="g1", item="tea", version=1), type=f"Unknown{n}") for n in (1, 2, 1)]
    heartbeat.step()

    for event in unknown:
        assert deliver(event) == [{"id": event["id"], "status": "applied"}]
    heartbeat.step()

    assert unhandled() == {"Unknown1", "Unknown2"}
    assert UnhandledType.objects.count() == 2
    assert len(set(inbox_ids(the_bus))) == 1


def test_an_event_that_was_applied_before_the_rollback_is_not_missed(deliver: Deliver, without: Rollback) -> None:
    """A replay during the rollback brings it again."""
    event = wire(GoodsArrived(id="g1", item="tea", version=1))
    deliver(event)

    with without("GoodsArrived"):
        deliver(event)

    assert unhandled() == set()


def test_one_that_a_later_version_replaced_meanwhile_stays_replaced(
    deliver: Deliver, heartbeat: Heartbeat, without: Rollback
) -> None:
    old, new = wire(PriceChanged(id="p1", amount=1, version=1)), wire(PriceDropped(id="p1", amount=2, version=2))
    with without("PriceChanged"):
        deliver(old, new)
    heartbeat.step()

    assert [result["status"] for result in deliver(old, new)] == ["duplicate", "duplicate"]
    assert effects() == [("p1", "2")]


def test_beside_an_older_release_the_history_is_asked_for_ever_less_often(
    deliver: Deliver, heartbeat: Heartbeat, the_bus: StandInBus, without: Rollback, clock: Clock
) -> None:
    """Its replica gets one of the events each time."""
    for n in range(300):
        with without("GoodsArrived"):
            deliver(wire(GoodsArrived(id=f"g{n}", item="tea", version=1)))
        clock.advance(heartbeat.step())

    assert len(set(inbox_ids(the_bus))) < 20
    clock.advance(ASK_MOST)
    heartbeat.step()
    assert unhandled() == set()
