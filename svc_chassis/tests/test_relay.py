"""The relay brings every committed event to the bus, oldest first, whatever history the bus holds."""

from collections.abc import Callable
from typing import Any

import pytest
from conftest import Clock, MakeRelay
from django.conf import settings as live
from django.db import connection
from django.test import Client
from orders.views import place
from standin import StandInBus

from svc_chassis.events.event import BATCH_TYPE
from svc_chassis.events.signing import claimed_sender, verify
from svc_chassis.outbox.bus_client import Bus, BusState
from svc_chassis.outbox.models import OutboxEvent
from svc_chassis.outbox.relay import IDLE, OFTEN, Relay
from svc_chassis.runtime import scheduler
from svc_chassis.testing.plugin import Published

pytestmark = pytest.mark.django_db(transaction=True)

Drain = Callable[[Relay], None]


def orders(*names: str, item: str = "") -> None:
    for name in names:
        place(id=name, item=item or name)


def acknowledged() -> list[tuple[str, str]]:
    return list(OutboxEvent.objects.order_by("seq").values_list("subject", "log_id"))


def test_what_was_committed_is_sent_as_it_was_stored_and_signed(
    relay: Relay, drain: Drain, the_bus: StandInBus, published: Published
) -> None:
    orders("a", "b", "c")

    drain(relay)

    assert the_bus.stored == published()
    [heard] = the_bus.heard
    assert (heard.method, heard.path) == ("POST", "/events")
    assert (heard.headers["Content-Type"], heard.headers["Log-Id"]) == (BATCH_TYPE, "log-1")
    assert claimed_sender(heard.headers) == "orders"
    verify(heard.body, {name.lower(): value for name, value in heard.headers.items()}, live.EVENTS_KEYS)
    assert acknowledged() == [("a", "log-1"), ("b", "log-1"), ("c", "log-1")]


def test_what_was_acknowledged_is_not_sent_again(relay: Relay, drain: Drain, the_bus: StandInBus) -> None:
    orders("a")
    drain(relay)
    orders("b")
    drain(relay)

    assert the_bus.items() == ["a", "b"]
    assert len(the_bus.heard) == 2


def test_nothing_is_sent_before_the_bus_has_said_which_history_it_holds(
    relay: Relay, the_bus: StandInBus, known: BusState
) -> None:
    known.log_id = None
    orders("a")

    assert relay.step() == IDLE
    assert the_bus.heard == []


def test_another_log_id_stores_nothing_and_has_everything_published_again(
    relay: Relay, drain: Drain, the_bus: StandInBus, known: BusState
) -> None:
    orders("a", "b")
    drain(relay)
    the_bus.stored, the_bus.log_id = [], "log-2"
    orders("c")

    drain(relay)

    assert the_bus.items() == ["a", "b", "c"]
    assert known.log_id == "log-2"
    assert acknowledged() == [("a", "log-2"), ("b", "log-2"), ("c", "log-2")]
    assert [(len(heard.events), heard.headers["Log-Id"]) for heard in the_bus.heard[1:]] == [(1, "log-1"), (3, "log-2")]


def test_rows_left_from_several_histories_go_out_in_one_order(
    relay: Relay, drain: Drain, the_bus: StandInBus, known: BusState
) -> None:
    orders("a", "b", "c", "d", "e")
    for subject, log_id in (("a", "log-7"), ("b", ""), ("c", "log-8"), ("d", "log-7")):
        OutboxEvent.objects.filter(subject=subject).update(log_id=log_id)

    drain(relay)

    assert the_bus.items() == ["a", "b", "c", "d", "e"]


def test_a_history_that_begins_while_a_batch_is_acknowledged_is_not_credited_with_it(
    relay: Relay, drain: Drain, the_bus: StandInBus, known: BusState, monkeypatch: pytest.MonkeyPatch
) -> None:
    def publish_while_the_bus_restarts(bus: Bus, events: list[bytes], log_id: str) -> bool:
        stored = publish(bus, events, log_id)
        # The heartbeat hears of the next history before the relay has noted its answer.
        the_bus.log_id = known.log_id = "log-2"
        the_bus.stored = []
        return stored

    publish = Bus.publish
    orders("a")
    with monkeypatch.context() as patched:
        patched.setattr(Bus, "publish", publish_while_the_bus_restarts)
        relay.step()
    assert acknowledged() == [("a", "log-1")]

    drain(relay)
    assert (the_bus.items(), acknowledged()) == (["a"], [("a", "log-2")])


def test_an_event_that_commits_late_is_not_skipped(relay: Relay, drain: Drain, the_bus: StandInBus) -> None:
    orders("early", "late", "next")
    late = OutboxEvent.objects.get(subject="late")
    OutboxEvent.objects.filter(subject="late").delete()  # its transaction is still open: nobody sees it
    drain(relay)

    late.save(force_insert=True)
    drain(relay)

    assert the_bus.items() == ["early", "next", "late"]


def test_a_batch_has_at_most_five_hundred_events(relay: Relay, drain: Drain, the_bus: StandInBus) -> None:
    orders(*(str(n) for n in range(501)))

    drain(relay)

    assert [len(heard.events) for heard in the_bus.heard] == [500, 1]
    assert the_bus.items() == [str(n) for n in range(501)]


def test_a_batch_has_fewer_bytes_than_a_receiver_takes(relay: Relay, drain: Drain, the_bus: StandInBus) -> None:
    orders(*(str(n) for n in range(70)), item="x" * 65_000)

    drain(relay)

    assert [len(heard.events) for heard in the_bus.heard] == [63, 7]
    assert max(len(heard.body) for heard in the_bus.heard) <= live.EVENTS_BODY_LIMIT
    assert len(the_bus.stored) == 70


def test_two_relays_with_one_lease_send_nothing_twice(
    make_relay: MakeRelay, drain: Drain, the_bus: StandInBus, clock: Clock
) -> None:
    one, two = make_relay("one"), make_relay("two")
    orders("a")
    drain(one)
    orders("b")
    assert two.step() == IDLE
    assert the_bus.items() == ["a"]

    clock.advance(10)  # `one` died, and its lease runs out
    drain(two)

    assert the_bus.items() == ["a", "b"]


def test_what_another_replica_commits_is_sent_soon_and_looking_for_it_costs_one_statement(
    make_relay: MakeRelay, drain: Drain, the_bus: StandInBus, clock: Clock, django_assert_num_queries: Any
) -> None:
    """It wakes its own relay, which has not the lease."""
    relay = make_relay("one", shared=True)
    orders("a")
    for _ in range(3):
        clock.advance(relay.step())

    for _ in range(5):
        with django_assert_num_queries(1):
            assert relay.step() == OFTEN
        clock.advance(OFTEN)
    orders("b")
    relay.step()
    assert the_bus.items() == ["a", "b"]

    OutboxEvent.objects.filter(subject="a").update(log_id="former")
    for _ in range(12):
        clock.advance(relay.step())
    assert the_bus.items() == ["a", "b", "a"]


def test_a_relay_that_stops_lets_another_go_on_at_once(
    make_relay: MakeRelay, drain: Drain, the_bus: StandInBus
) -> None:
    one, two = make_relay("one"), make_relay("two")
    one.step()
    orders("a")

    one.stop()
    drain(two)

    assert the_bus.items() == ["a"]


def test_a_write_wakes_the_relay_once_it_is_committed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[Any] = []
    monkeypatch.setattr(scheduler, "wake", lambda name: woken.append((name, connection.in_atomic_block)))

    client.post("/orders", {"id": "o1", "item": "tea"}, content_type="application/json")

    assert woken == [("relay", False)]
