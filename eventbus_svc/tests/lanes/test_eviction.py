"""The memory log is bounded: a lane that needs what is gone gets it by a new history, when its subscriber is there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import F
from samples import Clock, comment, evict
from subscriber import Subscriber

from eventbus.delivery.lane import LaneSteps
from eventbus.delivery.renewal import NEEDS_HISTORY
from eventbus.models import Lane
from svc_chassis.testing.http_server import Heard, Reply


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


def test_a_subscriber_that_is_back_is_not_absent_though_its_first_delivery_fails(
    lane: LaneSteps, log: Any, put: Any, sub: Subscriber, clock: Clock
) -> None:
    """Else the events of the new history leave the log at once, and another history begins, for ever."""
    events = [comment() for _ in range(3)]
    put(*events)
    evict(log, 2)
    before = log.log_id
    sub.instead = lambda heard: Reply(503)
    for _ in range(100):
        clock.advance(lane.step())
    sub.instead = only_empty_batches
    while log.log_id == before:
        clock.advance(lane.step())
    put(*events)
    back = clock.now

    lane.step()
    lane.step()

    assert Lane.objects.get().failing_since >= back


def only_empty_batches(heard: Heard) -> Reply | None:
    """It is there, and takes no event."""
    return Reply(503) if heard.events else None


def keep_evicting(lane: LaneSteps, log: Any, put: Any, clock: Clock, seconds: float) -> int:
    """More history than memory, published again whenever it begins anew; how many histories began."""
    events, begun, known, end = [comment() for _ in range(3)], 0, "", clock.now + seconds
    while clock.now < end:
        if log.log_id != known:
            begun, known = begun + 1, log.log_id
            lane.step()  # before the outboxes have noticed
            put(*events)
            evict(log, 2)
        clock.advance(lane.step() + seconds / 100)
    return begun - 1


def test_for_one_need_begins_one_new_history_however_long_it_is_not_met(
    lane: LaneSteps, log: Any, put: Any, sub: Subscriber, clock: Clock, operator: Any, client: Any
) -> None:
    sub.instead = only_empty_batches

    assert keep_evicting(lane, log, put, clock, 500) == 1

    [row] = operator("get", "/bus/subscriptions").json()
    assert (row["state"], row["lastError"]) == ("retrying", NEEDS_HISTORY)
    assert client.get("/readyz").json()["warnings"] == [f"query {NEEDS_HISTORY}"]


def test_while_the_need_is_not_met_new_histories_begin_ever_later(
    lane: LaneSteps, log: Any, put: Any, sub: Subscriber, clock: Clock
) -> None:
    """The first at once, then after 10 minutes, 20, 40, 80…"""
    sub.instead = only_empty_batches

    assert keep_evicting(lane, log, put, clock, 3000) == 3


def test_one_that_caught_up_may_have_a_new_history_when_it_needs_one_again(
    lane: LaneSteps, log: Any, put: Any, sub: Subscriber, clock: Clock, drain: Any
) -> None:
    for _ in range(3):
        events = [comment() for _ in range(3)]
        put(*events)
        evict(log, 2)
        Lane.objects.update(cursor=0, epoch=F("epoch") + 1)
        before = log.log_id
        drain(lane)
        assert log.log_id != before
        ids = put(*events)
        drain(lane)
        drain(lane)
        assert sub.ids[-3:] == ids


def test_a_replay_is_a_new_need(
    lane: LaneSteps, log: Any, put: Any, sub: Subscriber, clock: Clock, operator: Any
) -> None:
    sub.instead = only_empty_batches
    keep_evicting(lane, log, put, clock, 100)
    before = log.log_id

    operator("post", "/bus/subscriptions/query/replay", {"from": "beginning"})
    for _ in range(3):
        clock.advance(lane.step())

    assert log.log_id != before


def test_a_log_that_is_not_bounded_is_never_renewed_for_a_late_consumer(
    log: Any, put: Any, sub: Subscriber, drain: Any, make_lane: Any
) -> None:
    class Durable:
        """The same log, without what a durable one can't do."""

        def __getattr__(self, name: str) -> Any:
            if name in ("renew", "make_room"):
                raise AttributeError(name)
            return getattr(log, name)

    put(*[comment() for _ in range(3)])
    evict(log, 2)
    before, lane = log.log_id, make_lane()
    lane._log = Durable()

    drain(lane)

    assert (log.log_id, len(sub.ids)) == (before, 1)


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
