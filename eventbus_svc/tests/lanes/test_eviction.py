"""The memory log is bounded: a lane that needs what is gone gets it by a new history, when its subscriber is there."""

from collections.abc import Callable
from typing import Any

import pytest
from samples import Clock, comment, evict
from subscriber import Heard, Reply, Subscriber

from eventbus.delivery.lane import LaneSteps
from eventbus.models import Lane


def test_a_lane_that_needs_an_evicted_event_begins_a_new_history(
    lane: LaneSteps, log: Any, put: Any, sub: Subscriber, drain: Any
) -> None:
    events = [comment() for _ in range(3)]
    put(*events)
    evict(log, 2)
    before = log.log_id

    drain(lane)
    assert log.log_id != before
    ids = put(*events)  # as their outboxes do now
    drain(lane)

    assert sub.ids == ids


@pytest.mark.parametrize("answer", [lambda heard: Reply(503), lambda heard: Reply(500)], ids=["absent", "broken"])
def test_a_lane_whose_subscriber_is_still_absent_begins_no_new_history(
    lane: LaneSteps, log: Any, put: Any, sub: Subscriber, clock: Clock, answer: Callable[[Heard], Reply]
) -> None:
    """Else the outboxes would fill the log again and again, for one who is not there."""
    put(comment(), comment())
    evict(log, 1)
    before = log.log_id
    sub.instead = answer

    for _ in range(10):
        clock.advance(lane.step())
    assert (log.log_id, Lane.objects.get().attempts, sub.deliveries) == (before, 10, [])

    sub.instead = lambda heard: None
    clock.advance(lane.step())
    assert log.log_id != before


def test_a_new_subscriber_gets_all_history_also_when_some_of_it_is_gone(
    make_lane: Any, log: Any, put: Any, sub: Subscriber, drain: Any
) -> None:
    events = [comment() for _ in range(5)]
    put(*events)
    evict(log, 3)

    newcomer = make_lane(name="newcomer")
    drain(newcomer)
    ids = put(*events)
    drain(newcomer)

    assert sub.ids == ids
