"""The heartbeat says who subscribes to what, and hears which history the bus holds."""

from typing import Any

import orjson
import pytest
from conftest import Clock
from orders.views import place
from standin import StandInBus

from svc_chassis.events.signing import claimed_sender
from svc_chassis.inbox.heartbeat import EVERY, Heartbeat
from svc_chassis.inbox.models import Inbox
from svc_chassis.outbox.bus_client import BusState
from svc_chassis.outbox.models import OutboxEvent
from svc_chassis.runtime import scheduler
from svc_chassis.testing.http_server import Reply

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(scheduler, "wake", names.append)
    return names


def test_the_subscription_follows_from_the_handlers_and_is_signed(heartbeat: Heartbeat, the_bus: StandInBus) -> None:
    assert heartbeat.step() == EVERY

    [heard] = the_bus.heard
    assert (heard.method, heard.path) == ("PUT", "/subscriptions/orders")
    assert claimed_sender(heard.headers) == "orders"
    assert orjson.loads(heard.body) == {
        "url": "http://127.0.0.1:8000/events",
        "types": ["GoodsArrived", "PriceChanged", "PriceDropped"],
        "batchSize": 500,
        "format": "batch",
        "inboxId": str(Inbox.objects.get().inbox_id),
    }


def test_the_heartbeat_says_how_many_events_the_bus_has_not_acknowledged(
    heartbeat: Heartbeat, the_bus: StandInBus, known: BusState
) -> None:
    known.log_id = None
    for name in ("o1", "o2", "o3"):
        place(id=name, item="tea")
    OutboxEvent.objects.filter(subject="o1").update(log_id=the_bus.log_id)
    OutboxEvent.objects.filter(subject="o2").update(log_id="an earlier log")
    heartbeat.step()  # which does not know yet which log the bus has
    heartbeat.step()

    assert [heard.headers["Outbox-Unsent"] for heard in the_bus.heard] == ["1", "2"]


def test_the_inbox_keeps_its_id_until_the_database_is_lost(heartbeat: Heartbeat, the_bus: StandInBus) -> None:
    heartbeat.step()
    heartbeat.step()
    Inbox.objects.all().delete()
    heartbeat.step()

    one, two, three = (orjson.loads(heard.body)["inboxId"] for heard in the_bus.heard)
    assert one == two != three


def test_another_history_wakes_the_relay_and_the_same_does_not(
    heartbeat: Heartbeat, the_bus: StandInBus, known: BusState, woken: list[str]
) -> None:
    heartbeat.step()
    assert (known.log_id, woken) == ("log-1", [])

    the_bus.log_id = "log-2"
    heartbeat.step()
    assert (known.log_id, woken) == ("log-2", ["relay"])


def test_an_absent_bus_is_asked_again_with_back_off(
    heartbeat: Heartbeat, the_bus: StandInBus, known: BusState, settings: Any, clock: Clock
) -> None:
    settings.EVENTBUS_URL = "http://127.0.0.1:1"

    assert 0 < heartbeat.step() <= 0.1
    assert 0.1 <= heartbeat.step() <= 0.2
    assert known.trouble == "No event bus: http://127.0.0.1:1/subscriptions/orders: connection refused"

    settings.EVENTBUS_URL = the_bus.url
    assert heartbeat.step() == EVERY
    assert known.trouble is None


def test_a_bus_that_refuses_the_subscription_shows_and_is_asked_again(
    heartbeat: Heartbeat, the_bus: StandInBus, known: BusState
) -> None:
    the_bus.before = lambda heard: Reply(400, {"detail": "url: not on the allow-list"})

    assert heartbeat.step() == EVERY
    assert known.trouble == "The event bus answered 400: url: not on the allow-list"
