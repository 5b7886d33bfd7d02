"""An answer that settles nothing halves the batch, until the event at fault stands alone and can be parked."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from samples import Clock, comment
from subscriber import Subscriber

from eventbus.delivery.lane import LaneSteps
from eventbus.models import Lane, Parked
from svc_chassis.runtime import http_client as transport
from svc_chassis.testing.http_server import Hangup, Heard, Reply


def hang_up(heard: Heard) -> Reply:
    raise Hangup


def results(*said: Any) -> Reply:
    return Reply(200, orjson.dumps({"results": list(said)}))


GARBAGE: dict[str, Callable[[Heard], Reply]] = {
    "500": lambda heard: Reply(500, b"oops"),
    "404": lambda heard: Reply(404),
    "a redirect": lambda heard: Reply(302, b"", {"Location": "http://127.0.0.1:9/"}),
    "an empty 200": lambda heard: Reply(200),
    "no JSON": lambda heard: Reply(200, b"<html>"),
    "a list": lambda heard: Reply(200, b"[]"),
    "null": lambda heard: Reply(200, b"null"),
    "no results": lambda heard: Reply(200, b"{}"),
    "results that are none": lambda heard: Reply(200, b'{"results": null}'),
    "too few results": lambda heard: results(),
    "other events": lambda heard: results(*[{"id": "x", "status": "applied"} for _ in heard.events]),
    "numbers": lambda heard: results(*range(len(heard.events))),
    "texts": lambda heard: results(*["applied" for _ in heard.events]),
    "no status": lambda heard: results(*[{"id": event_id} for event_id in heard.ids]),
    "an unknown status": lambda heard: results(*[{"id": event_id, "status": "maybe"} for event_id in heard.ids]),
    "a status that is a list": lambda heard: results(*[{"id": event_id, "status": []} for event_id in heard.ids]),
    "deep nesting": lambda heard: Reply(200, b"[" * 100_000),
    "another length than it says": lambda heard: Reply(200, b'{"res', {"Content-Length": "500"}),
    "nothing, and hangs up": hang_up,
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE)
def test_the_one_event_that_is_answered_with_garbage_is_parked_and_all_others_are_applied(
    lane: LaneSteps, put: Any, sub: Subscriber, garbage: Callable[[Heard], Reply], monkeypatch: Any
) -> None:
    # The answer that is shorter than it says ends by time-out, which need not take 20 s here.
    monkeypatch.setattr(transport, "ANSWER_WITHIN", 0.3)
    ids = put(*[comment(f"c{n}") for n in range(16)])
    sub.instead = lambda heard: garbage(heard) if ids[11] in heard.ids else None

    for _ in range(40):
        lane.step()
        if Lane.objects.get().cursor == 16:
            break

    assert sub.ids == ids[:11] + ids[12:]
    [row] = Parked.objects.all()
    assert (row.event_id, row.attempts, row.dead) == (ids[11], 1, False)
    assert row.error


def test_a_batch_that_fails_is_halved_down_to_one_and_grows_again(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any
) -> None:
    ids = put(*[comment(f"c{n}") for n in range(8)])
    sub.instead = lambda heard: Reply(500) if ids[0] in heard.ids and heard.events else None

    for _ in range(20):
        lane.step()

    assert [len(delivery) for delivery in sub.deliveries] == [8, 4, 2, 1, 2, 4, 1]


def test_an_answer_that_takes_too_long_halves_the_batch(
    lane: LaneSteps, put: Any, sub: Subscriber, monkeypatch: Any
) -> None:
    import threading

    monkeypatch.setattr(transport, "ANSWER_WITHIN", 0.2)
    over = threading.Event()
    ids = put(comment("a"), comment("b"))
    sub.instead = lambda heard: (over.wait(10), None)[1] if ids[0] in heard.ids else None
    try:
        for _ in range(4):
            lane.step()
    finally:
        over.set()

    assert sub.deliveries[:2] == [ids, ids[:1]]
    assert Parked.objects.get().event_id == ids[0]
    assert ids[1] in sub.ids


def test_a_subscriber_for_whom_nothing_works_is_absent_and_no_event_is_at_fault(
    lane: LaneSteps, put: Any, sub: Subscriber, clock: Clock, drain: Any
) -> None:
    ids = put(*[comment(f"c{n}") for n in range(4)])
    sub.instead = lambda heard: Reply(500)

    for _ in range(30):
        clock.advance(lane.step())
    row = Lane.objects.get()
    assert (Parked.objects.count(), row.cursor, row.last_error) == (0, 0, "answered 500")
    assert row.attempts > 10

    sub.instead = lambda heard: None
    drain(lane)
    assert sub.ids == ids


def test_a_subscriber_that_is_silent_to_everything_is_absent_after_one_delivery(
    lane: LaneSteps, put: Any, sub: Subscriber
) -> None:
    ids = put(*[comment(f"c{n}") for n in range(16)])
    sub.instead = hang_up

    lane.step()

    row = Lane.objects.get()
    assert (row.cursor, row.attempts, Parked.objects.count()) == (0, 1, 0)
    assert [heard.ids for heard in sub.heard] == [ids, []]


@pytest.mark.parametrize(("empty", "parks"), [(200, True), (204, True), (400, True), (404, False), (500, False)])
def test_whether_a_receiver_of_batches_is_reachable_is_told_by_an_empty_one(
    lane: LaneSteps, put: Any, sub: Subscriber, empty: int, parks: bool
) -> None:
    put(comment())
    sub.instead = lambda heard: Reply(500 if heard.events else empty)

    lane.step()

    assert Parked.objects.exists() == parks
    assert [len(heard.events) for heard in sub.heard] == [1, 0]
