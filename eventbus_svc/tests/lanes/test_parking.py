"""An event that can't be applied stops its subject and nothing else, and is tried again, in order."""

from typing import Any

import pytest
from samples import Clock, comment, end_of_log
from subscriber import Subscriber

from eventbus.delivery.lane import IDLE, LaneSteps
from eventbus.delivery.parking import ATTEMPTS, MOST
from eventbus.models import Lane, Parked


def work(lane: LaneSteps) -> None:
    """Let it do all that is due, without letting time pass."""
    for _ in range(100):
        if lane.step() == IDLE:
            return
    raise AssertionError("The lane does not come to rest.")


def test_later_events_of_a_failed_ones_subject_queue_and_other_subjects_go_on(
    lane: LaneSteps, put: Any, sub: Subscriber
) -> None:
    sub.fails = lambda event: event["subject"] == "bad"
    first = put(comment("bad"), comment("good"), comment("bad"), comment("good"))
    work(lane)
    second = put(comment("good"), comment("bad"))
    work(lane)

    assert sub.ids == [first[1], first[3], second[0]]
    assert list(Parked.objects.order_by("offset").values_list("event_id", "attempts", "error")) == [
        (first[0], 1, "can't"),
        (first[2], 0, ""),
        (second[1], 0, ""),
    ]
    assert Lane.objects.get().cursor == end_of_log()
    assert sub.deliveries == [first, [second[0]]]


def test_parked_events_are_tried_again_in_their_order_and_then_the_subject_flows(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any
) -> None:
    failures = [1] * 3
    sub.fails = lambda event: bool(event["subject"] == "bad" and failures and failures.pop())
    ids = put(*[comment("bad") for _ in range(4)])

    drain(lane)
    ids += put(comment("bad"))
    drain(lane)

    assert (sub.ids, failures, Parked.objects.count()) == (ids, [], 0)
    assert sub.deliveries == [ids[:4]] * 4 + [ids[4:]]


def test_the_waits_between_tries_double_with_jitter(lane: LaneSteps, put: Any, sub: Subscriber, clock: Clock) -> None:
    sub.fails = lambda event: True
    put(comment("bad"))
    waits = []
    for _ in range(ATTEMPTS - 1):
        work(lane)
        waits.append(Parked.objects.get().next_try - clock.now)
        clock.advance(waits[-1] - 0.01)
        work(lane)
        assert len(sub.deliveries) == len(waits)
        clock.advance(0.02)

    for wait, full in zip(waits, [min(MOST, 0.5 * 2**n) for n in range(ATTEMPTS)], strict=False):
        assert full / 2 <= wait <= full


@pytest.mark.parametrize("attempts", [1023, 1024, 1025, 100_000])
def test_an_event_that_failed_a_thousand_times_fails_once_more(
    lane: LaneSteps, put: Any, sub: Subscriber, attempts: int
) -> None:
    sub.fails = lambda event: True
    put(comment("bad"))
    work(lane)

    Parked.objects.update(attempts=attempts, next_try=0)
    work(lane)

    assert Parked.objects.values_list("attempts", "dead").get() == (attempts + 1, True)


def test_a_clock_that_is_set_back_does_not_keep_parked_events_waiting(
    lane: LaneSteps, put: Any, sub: Subscriber, clock: Clock, drain: Any
) -> None:
    once = [1]
    sub.fails = lambda event: bool(once and once.pop())
    ids = put(comment("bad"))
    lane.step()

    clock.advance(-100_000)
    lane.step()

    assert sub.ids == ids


def test_what_is_retried_at_once_stays_under_what_a_receiver_takes(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any
) -> None:
    sub.fails = lambda event: True
    large = {"id": "c1", "postId": "p", "content": "x" * 60_000, "status": "pending"}
    ids = put(*[comment(f"c{n}", data=large) for n in range(100)])
    work(lane)
    sub.fails = lambda event: False

    drain(lane)

    assert sub.ids == ids
    assert max(len(heard.body) for heard in sub.heard) <= 4 * 1024 * 1024
