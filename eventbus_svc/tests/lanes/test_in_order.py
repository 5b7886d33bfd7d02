"""What is in the log reaches the subscriber: all that it ordered, in order, in batches."""

from collections.abc import Callable
from typing import Any

from samples import Clock, comment, end_of_log
from subscriber import Subscriber

from eventbus.delivery.lane import IDLE, LaneSteps
from eventbus.models import Lane
from svc_chassis.events.signing import verify
from svc_chassis.testing.http_server import Hangup, Heard


def test_events_are_applied_in_the_order_of_the_log(
    lane: LaneSteps, put: Callable[..., list[str]], sub: Subscriber, drain: Any
) -> None:
    ids = put(*[comment(f"c{n % 3}") for n in range(20)])

    drain(lane)

    assert sub.ids == ids
    assert sub.deliveries == [ids]
    row = Lane.objects.get()
    assert (row.cursor, row.attempts, row.last_error, row.failing_since) == (end_of_log(), 0, "", None)


def test_a_delivery_is_signed_by_the_bus_with_the_subscribers_key(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any
) -> None:
    from samples import keys_of

    keys = keys_of("query")
    put(comment())

    drain(lane)

    [heard] = sub.heard
    headers = {name.lower(): value for name, value in heard.headers.items()}
    verify(heard.body, headers, keys)
    assert headers["webhook-id"].startswith("eventbus.")
    assert headers["content-type"] == "application/cloudevents-batch+json"


def test_batches_are_as_large_as_was_ordered(make_lane: Any, put: Any, sub: Subscriber, drain: Any) -> None:
    ids = put(*[comment() for _ in range(7)])

    drain(make_lane(batch_size=3))

    assert sub.deliveries == [ids[:3], ids[3:6], ids[6:]]


def test_a_batch_stays_under_what_a_receiver_takes(lane: LaneSteps, put: Any, sub: Subscriber, drain: Any) -> None:
    large = {"id": "c1", "postId": "p", "content": "x" * 60_000, "status": "pending"}
    for _ in range(2):
        put(*[comment(data=large) for _ in range(40)])

    drain(lane)

    assert len(sub.ids) == 80
    assert max(len(heard.body) for heard in sub.heard) <= 4 * 1024 * 1024
    assert len(sub.deliveries) == 2


def test_only_the_types_ordered_are_delivered(make_lane: Any, put: Any, sub: Subscriber, drain: Any) -> None:
    ids = put(comment(type="CommentUpdated"), comment(), comment(type="CommentUpdated"), comment())

    drain(make_lane(types=["CommentUpdated"]))

    assert sub.deliveries == [[ids[0], ids[2]]]


def test_a_subscription_without_types_gets_nothing(make_lane: Any, put: Any, sub: Subscriber) -> None:
    put(comment())

    assert make_lane(types=[]).step() == IDLE
    assert sub.heard == []


def test_the_cursor_follows_events_of_others_at_most_once_a_second(
    make_lane: Any, put: Any, clock: Clock, drain: Any
) -> None:
    """Were it never to follow while others publish, the memory log could drop nothing."""
    lane, moves = make_lane(types=["CommentUpdated"]), set()
    for _ in range(40):
        put(comment())
        clock.advance(0.1)
        while lane.step() == 0:
            moves.add(Lane.objects.get().cursor)
        moves.add(Lane.objects.get().cursor)

    assert 3 <= len(moves) <= 6
    clock.advance(IDLE)
    drain(lane)
    assert Lane.objects.get().cursor == end_of_log()


def test_a_lane_that_is_made_anew_goes_on_from_the_cursor(
    make_lane: Any, put: Any, sub: Subscriber, drain: Any
) -> None:
    first = put(comment(), comment())
    drain(make_lane())
    second = put(comment())

    drain(make_lane())

    assert sub.deliveries == [first, second]


def test_an_answer_that_is_lost_after_the_events_were_applied_doubles_nothing(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any
) -> None:
    def lose_the_first(heard: Heard) -> None:
        if len(sub.heard) == 1:
            raise Hangup

    sub.after = lose_the_first
    ids = put(*[comment() for _ in range(4)])

    drain(lane)

    assert sub.ids == ids
    assert len(sub.deliveries) > 1
