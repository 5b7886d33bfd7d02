"""The bus is away, loses answers, is busy, or refuses: the relay loses nothing and holds up nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
from conftest import Clock, MakeRelay
from django.test import Client
from orders.views import place
from standin import StandInBus

from svc_chassis.outbox.bus_client import BusState
from svc_chassis.outbox.models import OutboxEvent
from svc_chassis.outbox.relay import Relay, refused
from svc_chassis.testing.http_server import Hangup, Heard, Reply

pytestmark = pytest.mark.django_db(transaction=True)

Drain = Callable[[Relay], None]


def orders(*names: str) -> None:
    for name in names:
        place(id=name.lstrip("!"), item=name)


def poison(event: dict[str, Any]) -> bool:
    return str(event["data"]["item"]).startswith("!")


def test_a_bus_that_dies_after_storing_gets_the_batch_again(
    relay: Relay, drain: Drain, the_bus: StandInBus, known: BusState
) -> None:
    def die(heard: Heard) -> None:
        the_bus.after = lambda heard: None
        raise Hangup

    orders("a", "b")
    the_bus.after = die

    assert 0 < relay.step() <= 0.1
    assert known.trouble == f"No event bus: {the_bus.url}/events: the connection broke (ProtocolError)"
    drain(relay)

    assert the_bus.items() == ["a", "b", "a", "b"]
    assert the_bus.stored[0]["id"] == the_bus.stored[2]["id"]
    assert known.trouble is None


def test_a_bus_that_is_not_there_is_tried_again_with_back_off(
    relay: Relay, drain: Drain, the_bus: StandInBus, settings: Any, clock: Clock, known: BusState
) -> None:
    settings.EVENTBUS_URL = "http://127.0.0.1:1"
    orders("a")
    waits = []
    for _ in range(8):
        waits.append(relay.step())
        clock.advance(waits[-1])

    assert waits[0] <= 0.1
    assert all(0.05 * 2**n <= wait <= 0.1 * 2**n for n, wait in enumerate(waits[:5]))
    assert all(1 <= wait <= 2 for wait in waits[5:])
    assert known.trouble == "No event bus: http://127.0.0.1:1/events: connection refused"

    settings.EVENTBUS_URL = the_bus.url
    drain(relay)
    assert the_bus.items() == ["a"]


def test_while_it_backs_off_a_woken_relay_does_not_ask(relay: Relay, the_bus: StandInBus) -> None:
    the_bus.before = lambda heard: Reply(503, {"detail": "starting"})
    orders("a")
    relay.step()

    assert 0 < relay.step() <= 0.1
    assert len(the_bus.heard) == 1


@pytest.mark.parametrize("status", [401, 403, 404, 408, 429, 500, 502, 503, 504])
def test_a_bus_that_can_not_serve_now_parks_nothing(
    relay: Relay, the_bus: StandInBus, known: BusState, status: int
) -> None:
    the_bus.before = lambda heard: Reply(status, {"detail": "not now"})
    orders("a")

    assert relay.step() > 0

    assert known.trouble == f"The event bus answered {status}: not now"
    assert not OutboxEvent.objects.exclude(refusal="").exists()


@pytest.mark.parametrize("answer", [{}, {"logId": 7}, {"logId": None}])
def test_an_answer_that_is_no_acknowledgement_acknowledges_nothing(
    relay: Relay, the_bus: StandInBus, answer: dict[str, Any]
) -> None:
    the_bus.before = lambda heard: Reply(200, answer)
    orders("a")

    assert relay.step() > 0
    assert OutboxEvent.objects.get().log_id == ""


@pytest.mark.parametrize(("asked", "waited"), [("7", 7), ("99999999999", 300), ("soon", 0.1), ("²", 0.1)])
def test_retry_after_is_honoured_within_reason(
    relay: Relay, drain: Drain, the_bus: StandInBus, clock: Clock, asked: str, waited: float
) -> None:
    full = Reply(429, {"detail": "full"}, {"Retry-After": asked.encode().decode("latin-1")})
    the_bus.before = lambda heard: full
    orders("a")

    assert waited / 2 <= relay.step() <= waited
    clock.advance(waited)
    the_bus.before = lambda heard: None
    drain(relay)

    assert the_bus.items() == ["a"]


@pytest.mark.parametrize("status", [400, 403, 404, 409, 410, 413, 422, 451])
def test_one_refused_event_of_a_batch_parks_its_subject_and_no_other(
    relay: Relay, drain: Drain, the_bus: StandInBus, known: BusState, status: int
) -> None:
    the_bus.refuses, the_bus.refusal = poison, status
    orders(*(f"before-{n}" for n in range(20)))
    place(id="bad", item="fine", version=1)
    place(id="bad", item="!poison", version=2)
    place(id="bad", item="behind", version=3)
    orders(*(f"after-{n}" for n in range(20)))

    drain(relay)

    expected = [*(f"before-{n}" for n in range(20)), "fine", *(f"after-{n}" for n in range(20))]
    assert the_bus.items() == expected
    assert len([heard for heard in the_bus.heard if heard.events]) < 20
    parked = OutboxEvent.objects.exclude(refusal="").get()
    assert (parked.subject, parked.refusal) == ("bad", f"The event bus answered {status}: not this one")
    assert known.trouble is None


def test_a_type_that_moved_to_another_publisher_stops_none_of_the_others(
    relay: Relay, drain: Drain, the_bus: StandInBus, client: Client
) -> None:
    the_bus.refuses, the_bus.refusal = poison, 403
    orders(*(f"{'!' if n % 2 else ''}{n}" for n in range(200)))

    drain(relay)

    assert the_bus.items() == [str(n) for n in range(0, 200, 2)]
    assert refused() == 100
    assert len(the_bus.heard) < 1000
    assert "1: The event bus answered 403: not this one" in client.get("/readyz").json()["warnings"]
    assert "blogbus_outbox_refused 100.0" in client.get("/metrics").content.decode().splitlines()


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_parks_nothing_and_all_is_sent_once_it_is_taken_again(
    relay: Relay, drain: Drain, the_bus: StandInBus, clock: Clock, status: int
) -> None:
    """Refused with events and without: it is not the events' fault."""
    orders("a", "b", "c")
    the_bus.before = lambda heard: Reply(status, {"detail": "no such key"})

    for _ in range(30):
        clock.advance(relay.step())

    assert refused() == 0
    the_bus.before = lambda heard: None
    drain(relay)
    assert the_bus.items() == ["a", "b", "c"]


def test_what_is_parked_shows_in_readiness_and_metrics(
    relay: Relay, drain: Drain, the_bus: StandInBus, client: Client
) -> None:
    the_bus.refuses = poison
    place(id="bad", item="!poison")
    place(id="bad", item="behind", version=2)
    drain(relay)

    assert client.get("/readyz").json() == {
        "status": "ready",
        "service": "orders",
        "warnings": ["bad: The event bus answered 400: not this one"],
    }
    lines = client.get("/metrics").content.decode().splitlines()
    assert "blogbus_outbox_refused 1.0" in lines
    assert "blogbus_outbox_unsent 2.0" in lines


def test_a_parked_subject_goes_on_in_order_when_the_service_starts_again(
    make_relay: MakeRelay, drain: Drain, the_bus: StandInBus
) -> None:
    the_bus.refuses = poison
    place(id="bad", item="!poison")
    place(id="bad", item="behind", version=2)
    drain(make_relay())
    assert the_bus.items() == []

    the_bus.refuses = lambda event: False
    drain(make_relay())

    assert the_bus.items() == ["!poison", "behind"]


def test_a_new_history_gets_what_came_before_the_parked_event_and_the_event_another_chance(
    relay: Relay, drain: Drain, the_bus: StandInBus
) -> None:
    the_bus.refuses = poison
    place(id="bad", item="fine", version=1)
    place(id="bad", item="!poison", version=2)
    place(id="bad", item="behind", version=3)
    drain(relay)

    the_bus.log_id, the_bus.stored = "log-2", []
    orders("other")
    drain(relay)
    assert the_bus.items() == ["fine", "other"]

    the_bus.log_id, the_bus.stored, the_bus.refuses = "log-3", [], lambda event: False
    orders("last")
    drain(relay)
    assert the_bus.items() == ["fine", "!poison", "behind", "other", "last"]
