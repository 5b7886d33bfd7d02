"""What answers at EVENTBUS_URL may be no Blogbus bus: a service says so, or publishes to it plainly where it may."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from conftest import Clock, MakeRelay
from django.test import Client
from orders.views import place
from standin import StandInBus

from svc_chassis.inbox.heartbeat import EVERY, Heartbeat
from svc_chassis.outbox.bus_client import BusState
from svc_chassis.outbox.models import OutboxEvent
from svc_chassis.outbox.relay import IDLE, Relay
from svc_chassis.testing.http_server import Heard, Reply
from svc_chassis.testing.plugin import Published

pytestmark = pytest.mark.django_db(transaction=True)

HTML = {"Content-Type": "text/html; charset=utf-8"}
Drain = Callable[[Relay], None]


class SeedBus:
    """The seed's bus: takes `POST /events`, answers `{"status": "OK"}`, and knows nothing else."""

    def __init__(self, to_put: Reply) -> None:
        self.to_put = to_put
        self.to_post: Callable[[Heard], Reply] = lambda heard: Reply(200, {"status": "OK"})
        self.got: list[dict[str, Any]] = []
        self.posts: list[Heard] = []

    def __call__(self, heard: Heard) -> Reply:
        if heard.method == "PUT":
            return self.to_put
        self.posts.append(heard)
        reply = self.to_post(heard)
        if reply.status < 300:
            self.got.append(orjson.loads(heard.body))
        return reply

    @property
    def items(self) -> list[str]:
        return [event["data"]["item"] for event in self.got]


NOT_FOUND = Reply(404, {}, HTML)
UNLIKE_OURS = [
    NOT_FOUND,
    Reply(404, {"detail": "Not Found"}, {"Content-Type": "application/json"}),
    Reply(405, {}, HTML),
    Reply(501, {}, HTML),
    Reply(200, {"status": "OK"}),
    Reply(204, {}),
    Reply(302, {}, {"Location": "/login"}),
    Reply(401, {}, HTML),
]


@pytest.fixture
def seed_bus(the_bus: StandInBus, known: BusState, request: pytest.FixtureRequest) -> SeedBus:
    bus = SeedBus(getattr(request, "param", NOT_FOUND))
    the_bus.before = bus
    return bus


@pytest.fixture
def allowed(settings: Any) -> None:
    settings.EVENTS_ALLOW_UNSIGNED = True


@pytest.fixture
def first_heard(heartbeat: Heartbeat, known: BusState, seed_bus: SeedBus) -> Heartbeat:
    """A heartbeat that hears of its bus for the first time."""
    known.log_id = None
    heartbeat.step()
    return heartbeat


def orders(*names: str) -> None:
    for name in names:
        place(id=name, item=name)


@pytest.mark.parametrize("seed_bus", UNLIKE_OURS, indirect=True, ids=lambda reply: str(reply.status))
def test_where_unsigned_is_off_readiness_and_the_log_say_what_answered_and_the_cure(
    heartbeat: Heartbeat,
    seed_bus: SeedBus,
    relay: Relay,
    the_bus: StandInBus,
    client: Client,
    known: BusState,
    caplog: pytest.LogCaptureFixture,
) -> None:
    known.log_id = None
    orders("a")
    for _ in range(3):
        heartbeat.step()
        assert relay.step() == IDLE

    [warning] = client.get("/readyz").json()["warnings"]
    assert warning.startswith(
        f"What answers at {the_bus.url} is not a Blogbus event bus: it answered {seed_bus.to_put.status} "
    )
    assert "to PUT /subscriptions/orders. Set EVENTBUS_URL" in warning
    assert "EVENTS_ALLOW_UNSIGNED=1" in warning
    assert seed_bus.posts == []
    assert caplog.text.count("is not a Blogbus event bus") == 1


@pytest.mark.usefixtures("allowed", "first_heard")
@pytest.mark.parametrize("seed_bus", UNLIKE_OURS, indirect=True, ids=lambda reply: str(reply.status))
def test_where_it_is_on_each_event_is_published_plainly_in_order(
    seed_bus: SeedBus, relay: Relay, drain: Drain, published: Published, client: Client
) -> None:
    orders("a", "b", "c")
    drain(relay)

    assert seed_bus.got == published()
    assert seed_bus.items == ["a", "b", "c"]
    for heard in seed_bus.posts:
        assert (heard.path, heard.headers["Content-Type"]) == ("/events", "application/json")
        assert "webhook-signature" not in heard.headers
    [warning] = client.get("/readyz").json()["warnings"]
    assert warning.endswith("Events are published to it unsigned and count as delivered.")


@pytest.mark.usefixtures("allowed", "first_heard")
def test_events_follow_each_other_without_a_pause(seed_bus: SeedBus, relay: Relay) -> None:
    orders("a", "b")
    assert [relay.step() for _ in range(3)] == [0, 0, IDLE]


@pytest.mark.usefixtures("allowed", "first_heard")
@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_2xx_acknowledges(seed_bus: SeedBus, relay: Relay, drain: Drain, status: int) -> None:
    seed_bus.to_post = lambda heard: Reply(status, {})
    orders("a")
    drain(relay)
    drain(relay)

    assert seed_bus.items == ["a"]


@pytest.mark.usefixtures("allowed", "first_heard")
@pytest.mark.parametrize("status", [302, 401, 403, 404, 429, 500, 503])
def test_anything_else_is_tried_again_and_said(
    seed_bus: SeedBus, relay: Relay, drain: Drain, known: BusState, status: int
) -> None:
    seed_bus.to_post = lambda heard: Reply(status, {}, HTML)
    orders("a", "b")

    assert 0 < relay.step() < IDLE
    assert f"answered {status} to POST /events." in (known.trouble or "")

    seed_bus.to_post = lambda heard: Reply(200, {})
    drain(relay)
    assert seed_bus.items == ["a", "b"]
    assert "POST /events" not in (known.trouble or "")


@pytest.mark.usefixtures("allowed", "first_heard")
@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_refused_event_parks_its_subject_only(seed_bus: SeedBus, relay: Relay, drain: Drain, status: int) -> None:
    seed_bus.to_post = lambda heard: Reply(status if b'"bad"' in heard.body else 200, {}, HTML)
    orders("bad", "good")
    drain(relay)

    assert seed_bus.items == ["good"]
    [refused] = OutboxEvent.objects.exclude(refusal="")
    assert (refused.subject, f"answered {status}" in refused.refusal) == ("bad", True)


@pytest.mark.usefixtures("allowed")
def test_when_our_bus_is_there_again_all_is_published_to_it(
    first_heard: Heartbeat, seed_bus: SeedBus, relay: Relay, drain: Drain, the_bus: StandInBus, known: BusState
) -> None:
    orders("a", "b")
    drain(relay)

    the_bus.before = lambda heard: None
    assert first_heard.step() == EVERY
    drain(relay)

    assert (seed_bus.items, the_bus.items()) == (["a", "b"], ["a", "b"])
    assert known.trouble is None


@pytest.mark.usefixtures("allowed", "first_heard")
def test_so_it_is_where_the_relay_meets_it_first(
    seed_bus: SeedBus, heartbeat: Heartbeat, relay: Relay, drain: Drain, the_bus: StandInBus
) -> None:
    """Our bus takes an unsigned event too; that alone must not leave it out of the next history."""
    orders("a")
    drain(relay)
    orders("b")
    the_bus.before = lambda heard: None
    relay.step()
    heartbeat.step()
    drain(relay)

    assert the_bus.items()[-2:] == ["a", "b"]


@pytest.mark.usefixtures("allowed")
def test_what_our_bus_had_acknowledged_is_published_to_another(
    the_bus: StandInBus, heartbeat: Heartbeat, relay: Relay, drain: Drain, known: BusState
) -> None:
    orders("a")
    heartbeat.step()
    drain(relay)
    assert the_bus.items() == ["a"]

    bus = the_bus.before = SeedBus(NOT_FOUND)
    heartbeat.step()
    drain(relay)
    assert bus.items == ["a"]


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize(
    "reply",
    [
        Reply(404, {"detail": "no"}),
        Reply(401, {"detail": "no"}),
        Reply(502, {}, HTML),
        Reply(503, {}, HTML),
        Reply(500, {}, HTML),
        Reply(429, {}, HTML),
    ],
    ids=lambda reply: str(reply.status),
)
def test_a_bus_of_ours_that_refuses_or_is_busy_is_not_taken_for_another(
    the_bus: StandInBus, heartbeat: Heartbeat, make_relay: MakeRelay, known: BusState, reply: Reply, clock: Clock
) -> None:
    known.log_id = None
    the_bus.before = lambda heard: reply
    orders("a")
    heartbeat.step()

    assert known.log_id is None
    assert f"answered {reply.status}" in (known.trouble or "")
    assert make_relay().step() == IDLE
    assert [heard.method for heard in the_bus.heard] == ["PUT"]
