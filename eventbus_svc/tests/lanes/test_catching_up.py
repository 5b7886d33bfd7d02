"""A subscription with `catchUp: self`: what its subscriber read with `GET /events` is not delivered to it again."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.conf import settings as live
from django.test import Client
from samples import Clock, comment, keys_of
from subscriber import Subscriber

from eventbus.delivery.catch_up import GRACE
from eventbus.delivery.lane import IDLE, LaneSteps
from eventbus.models import Lane, Parked
from svc_chassis.events.signing import signed
from svc_chassis.testing.http_server import Hangup, Heard, Reply

Read = Callable[..., list[str]]


@pytest.fixture(autouse=True)
def allowed(settings: Any) -> None:
    settings.EVENTS_ALLOW_UNSIGNED = True


@pytest.fixture
def lane(make_lane: Any) -> LaneSteps:
    steps: LaneSteps = make_lane(name="foreign", format="single", catch_up="self")
    return steps


@pytest.fixture
def read(client: Client, log: Any) -> Read:
    """GET /events, unsigned; the ids."""

    def _read(query: str = "", **headers: str) -> list[str]:
        response = client.get(f"/events{query}", headers=headers)
        assert response.status_code == 200, response.content
        return [event["id"] for event in orjson.loads(b"".join(response.streaming_content))]

    return _read


def down(heard: Heard) -> Reply:
    raise Hangup


def up(heard: Heard) -> Reply:
    return Reply(404 if heard.method == "GET" else 200)


def got(sub: Subscriber) -> list[str]:
    """The ids delivered while it was up."""
    return [heard.ids[0] for heard in sub.heard if heard.method == "POST"]


def settle(steps: LaneSteps, clock: Clock, seconds: float = 3 * GRACE) -> None:
    """Let the lane work for so long on the test's clock."""
    until = clock() + seconds
    while clock() < until:
        clock.advance(max(steps.step(), 0.05))


@pytest.fixture
def absent(lane: LaneSteps, put: Any, sub: Subscriber, clock: Clock) -> list[str]:
    """It was there for the first of these events and is not for the second."""
    sub.instead = up
    first = put(comment("c1"))
    settle(lane, clock, 1)
    sub.instead = down
    second = put(comment("c2"))
    settle(lane, clock, 3)
    assert Lane.objects.get().attempts > 0
    sub.heard.clear()
    return [*first, *second]


@pytest.mark.parametrize("query", ["", "?subscription=foreign"])
def test_what_was_stored_while_it_was_away_is_not_delivered_once_it_has_read(
    lane: LaneSteps, absent: list[str], read: Read, put: Any, sub: Subscriber, clock: Clock, query: str
) -> None:
    sub.instead = up
    assert read(query) == absent
    later = put(comment("c3"))
    settle(lane, clock)

    assert got(sub) == later
    assert (Lane.objects.get().attempts, Lane.objects.get().last_error) == (0, "")


def test_one_that_listens_before_it_reads_gets_time_to_read(
    lane: LaneSteps, absent: list[str], read: Read, sub: Subscriber, clock: Clock
) -> None:
    """As the seed's query does: it listens, and then asks for the history."""
    sub.instead = up
    settle(lane, clock, GRACE / 2)
    assert got(sub) == []
    assert "unless it reads GET /events first" in Lane.objects.get().last_error
    read()
    settle(lane, clock)

    assert got(sub) == []


@pytest.mark.parametrize("jump", [-4_294_967.0, -3600.0, 3600.0, 4_294_967.0])
def test_a_clock_that_jumps_neither_shortens_nor_stretches_the_time_to_read(
    lane: LaneSteps, absent: list[str], sub: Subscriber, clock: Clock, jump: float
) -> None:
    sub.instead = up
    settle(lane, clock, GRACE / 2)
    clock.jump(jump)
    settle(lane, clock, GRACE / 4)
    assert got(sub) == []

    settle(lane, clock)
    assert got(sub) == absent[1:]


def test_what_is_stored_between_its_reading_and_the_next_delivery_comes(
    lane: LaneSteps, absent: list[str], read: Read, put: Any, sub: Subscriber, clock: Clock
) -> None:
    read()  # it is not listening yet
    between = put(comment("c3"))
    settle(lane, clock, 1)
    sub.instead = up
    sub.heard.clear()
    settle(lane, clock)

    assert got(sub) == between


def test_one_that_comes_back_without_reading_misses_nothing(
    lane: LaneSteps, absent: list[str], sub: Subscriber, clock: Clock
) -> None:
    """The network was away, not the service."""
    sub.instead = up
    settle(lane, clock)
    assert got(sub) == absent[1:]


@pytest.mark.parametrize("query", ["?limit=1", "?types=CommentCreated", "?subject=c2"])
def test_a_read_of_less_than_all_by_nobody_in_particular_does_not_count(
    lane: LaneSteps, absent: list[str], read: Read, sub: Subscriber, clock: Clock, query: str
) -> None:
    read(query)
    sub.instead = up
    settle(lane, clock)
    assert got(sub) == absent[1:]


@pytest.mark.parametrize("who", ["operator", "query"])
def test_nor_does_one_by_somebody_else_who_is_known(
    lane: LaneSteps, absent: list[str], read: Read, sub: Subscriber, clock: Clock, who: str
) -> None:
    token = {"Authorization": f"Bearer {live.OPERATOR_TOKEN}"}
    read(**(token if who == "operator" else signed(b"", who, keys_of(who))))
    sub.instead = up
    settle(lane, clock)
    assert got(sub) == absent[1:]


def test_nor_does_an_unnamed_one_for_a_subscriber_that_names_itself(
    lane: LaneSteps, absent: list[str], read: Read, put: Any, sub: Subscriber, clock: Clock
) -> None:
    sub.instead = up
    read("?subscription=foreign")
    settle(lane, clock, 1)
    sub.instead = down
    later = put(comment("c3"))
    settle(lane, clock, 3)
    read()
    sub.instead = up
    sub.heard.clear()
    settle(lane, clock)
    assert got(sub) == later


@pytest.mark.parametrize(
    ("types", "left"), [("CommentCreated", 2), ("CommentUpdated", 2), ("CommentCreated,CommentUpdated,Other", 0)]
)
def test_a_named_one_counts_if_it_has_every_type_of_the_subscription(
    lane: LaneSteps, absent: list[str], read: Read, sub: Subscriber, clock: Clock, types: str, left: int
) -> None:
    put_back = len(absent[1:])
    read(f"?subscription=foreign&types={types}")
    sub.instead = up
    settle(lane, clock)
    assert len(got(sub)) == (put_back if left else 0)


def test_a_read_after_a_position_that_is_not_reached_yet_skips_nothing(
    lane: LaneSteps, read: Read, put: Any, log: Any, sub: Subscriber, clock: Clock
) -> None:
    sub.instead = up
    assert read(f"?subscription=foreign&after={log.log_id}.1000") == []
    ids = put(comment("c1"))
    settle(lane, clock)
    assert got(sub) == ids


def test_an_unnamed_one_does_not_count_while_the_subscriber_is_there(
    lane: LaneSteps, read: Read, put: Any, sub: Subscriber, clock: Clock
) -> None:
    ids = put(comment("c1"), comment("c2"))
    sub.instead = up
    lane.step()
    read()
    settle(lane, clock)
    assert got(sub) == ids


def test_a_named_one_counts_at_any_time_and_takes_what_is_parked_with_it(
    lane: LaneSteps, read: Read, put: Any, sub: Subscriber, clock: Clock
) -> None:
    put(comment("c1"), comment("c2"))
    sub.instead = lambda heard: Reply(404 if heard.method == "GET" else 500)
    settle(lane, clock, 1)
    assert Parked.objects.count() == 2
    read("?subscription=foreign")
    sub.instead = up
    sub.heard.clear()
    settle(lane, clock)
    assert (got(sub), Parked.objects.count()) == ([], 0)


def test_a_delivery_in_flight_while_it_reads_is_not_the_end_of_it(
    lane: LaneSteps, read: Read, put: Any, sub: Subscriber, clock: Clock
) -> None:
    put(comment("c1"))
    before = Lane.objects.get().epoch
    sub.instead = up
    sub.after = lambda heard: None

    def reads_meanwhile(heard: Heard) -> Reply:
        read("?subscription=foreign")
        return up(heard)

    sub.instead = reads_meanwhile
    lane.step()
    sub.instead = up
    later = put(comment("c2"))
    settle(lane, clock)
    assert got(sub)[1:] == later
    assert Lane.objects.get().epoch > before


def test_a_history_that_is_not_read_to_its_end_does_not_count(
    lane: LaneSteps, absent: list[str], client: Client, sub: Subscriber, clock: Clock
) -> None:
    response: Any = client.get("/events")
    next(iter(response.streaming_content))
    response.close()
    sub.instead = up
    settle(lane, clock)
    assert got(sub) == absent[1:]


@pytest.mark.parametrize("query", ["", "?subscription=foreign"])
def test_a_new_subscription_begins_behind_what_was_read_before_it(
    make_lane: Any, read: Read, put: Any, sub: Subscriber, clock: Clock, query: str
) -> None:
    put(comment("c1"))
    read(query)
    later = put(comment("c2"))
    steps = make_lane(name="foreign", format="single", catch_up="self")
    sub.instead = up
    settle(steps, clock)
    assert got(sub) == later


def test_where_nothing_was_read_a_new_subscription_begins_at_the_beginning(
    put: Any, lane: LaneSteps, sub: Subscriber, clock: Clock
) -> None:
    ids = put(comment("c1"))
    sub.instead = up
    settle(lane, clock)
    assert got(sub) == ids


def test_a_replay_by_the_operator_delivers_again_what_was_read(
    lane: LaneSteps, absent: list[str], read: Read, operator: Any, sub: Subscriber, clock: Clock
) -> None:
    sub.instead = up
    read()
    settle(lane, clock, 1)
    assert operator("post", "/bus/subscriptions/foreign/replay", {"from": "beginning"}).status_code == 200
    settle(lane, clock)
    assert got(sub) == absent


def test_one_more_type_is_delivered_from_now_on(
    lane: LaneSteps, subscribed: Any, put: Any, read: Read, sub: Subscriber, clock: Clock
) -> None:
    sub.instead = up
    put(comment("c1"), comment("c1", "CommentUpdated"))
    settle(lane, clock, 1)
    subscribed("foreign", types=["CommentCreated", "CommentUpdated", "PostCreated"], format="single", catch_up="self")
    later = put(comment("c2"))
    settle(lane, clock)
    assert got(sub)[2:] == later


def test_with_catch_up_by_the_bus_a_read_changes_nothing(
    make_lane: Any, put: Any, read: Read, sub: Subscriber, clock: Clock
) -> None:
    steps = make_lane(name="foreign", format="single")
    sub.instead = down
    ids = put(comment("c1"))
    settle(steps, clock, 3)
    read("?subscription=foreign")
    read()
    sub.instead = up
    sub.heard.clear()
    settle(steps, clock, 3)
    assert got(sub) == ids


def test_removed_and_ordered_again_it_is_a_new_one(
    lane: LaneSteps, absent: list[str], read: Read, operator: Any, subscribed: Any
) -> None:
    read("?subscription=foreign")
    assert operator("delete", "/bus/subscriptions/foreign").status_code == 204
    assert subscribed("foreign", format="single", catch_up="self").cursor == 0


@pytest.mark.parametrize("name", ["", "Foreign", "a/b", "x" * 65])
def test_a_reader_with_an_impossible_name_is_400(client: Client, log: Any, name: str) -> None:
    response = client.get("/events", {"subscription": name})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "subscription")


def test_a_service_reads_as_itself_only(client: Client, log: Any) -> None:
    response = client.get("/events?subscription=foreign", headers=signed(b"", "query", keys_of("query")))
    assert (response.status_code, response.json()["detail"]) == (403, "query can't read as foreign.")


def test_catch_up_is_bus_or_self(operator: Any) -> None:
    said = {"url": "http://127.0.0.1:1/events", "types": ["CommentCreated"]}
    answer = operator("put", "/bus/subscriptions/foreign", said | {"catchUp": "never"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "catchUp")
    assert operator("put", "/bus/subscriptions/foreign", said | {"catchUp": "self"}).json()["catchUp"] == "self"
    assert operator("get", "/bus/subscriptions").json()[0]["catchUp"] == "self"


def test_idle_is_idle(lane: LaneSteps) -> None:
    assert lane.step() == IDLE
