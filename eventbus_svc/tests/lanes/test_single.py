"""Format `single`: for services of the seed's kind. One event at a time, plain JSON, and any 2xx means applied."""

from typing import Any

import pytest
from samples import Clock, comment, end_of_log
from subscriber import Subscriber

from eventbus.delivery.lane import IDLE, LaneSteps
from eventbus.delivery.parking import ATTEMPTS
from eventbus.models import Lane, Parked
from svc_chassis.testing.http_server import Hangup, Heard, Reply


@pytest.fixture
def lane(make_lane: Any) -> LaneSteps:
    steps: LaneSteps = make_lane(name="foreign", format="single")
    return steps


def posts(sub: Subscriber) -> list[Heard]:
    return [heard for heard in sub.heard if heard.method == "POST"]


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_each_event_is_one_request_and_any_2xx_is_applied(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any, status: int
) -> None:
    events = [comment(f"c{n}") for n in range(3)]
    put(*events)
    sub.instead = lambda heard: Reply(status)

    drain(lane)

    assert [heard.events for heard in posts(sub)] == [[event] for event in events]
    assert {heard.headers["Content-Type"] for heard in sub.heard} == {"application/json"}
    assert Lane.objects.get().cursor == end_of_log()


def test_a_name_without_a_key_is_delivered_to_unsigned(lane: LaneSteps, put: Any, sub: Subscriber, drain: Any) -> None:
    put(comment())
    drain(lane)

    assert not {name.lower() for name in sub.heard[0].headers} & {"webhook-id", "webhook-signature"}


@pytest.mark.parametrize("trouble", ["500", "hangs up"])
def test_an_event_that_fails_while_the_service_answers_otherwise_is_parked(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any, trouble: str
) -> None:
    ids = put(comment("bad"), comment("good"), comment("bad"))

    def answer(heard: Heard) -> Reply:
        if heard.method == "POST" and ids[0] in heard.ids:
            if trouble == "500":
                return Reply(500)
            raise Hangup
        return Reply(404 if heard.method == "GET" else 204)

    sub.instead = answer
    drain(lane)

    assert [heard.ids for heard in posts(sub)].count([ids[0]]) == ATTEMPTS
    assert [heard.ids for heard in posts(sub)].count([ids[1]]) == 1
    assert [row.event_id for row in Parked.objects.order_by("offset")] == [ids[0], ids[2]]


def test_a_service_that_is_down_is_waited_for(lane: LaneSteps, put: Any, sub: Subscriber, clock: Clock) -> None:
    [event] = put(comment())

    def hang_up(heard: Heard) -> Reply:
        raise Hangup

    sub.instead = hang_up
    for _ in range(2 * ATTEMPTS):
        clock.advance(lane.step())
    assert (Parked.objects.count(), Lane.objects.get().cursor) == (0, 0)

    sub.instead = lambda heard: Reply(200)
    while lane.step() != IDLE:
        clock.advance(1)
    assert posts(sub)[-1].ids == [event]


def test_parked_events_are_retried_one_at_a_time_in_order(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any
) -> None:
    ids = put(comment("bad"), comment("bad"), comment("bad"))
    failures = [1, 1]
    sub.instead = lambda heard: Reply(500 if heard.method == "POST" and failures and failures.pop() else 200)

    drain(lane)

    assert [heard.ids[0] for heard in posts(sub)] == [ids[0], ids[0], ids[0], ids[1], ids[2]]
    assert Parked.objects.count() == 0
