"""Several processes, one lane: one delivers at a time, and who was replaced can't undo its successor's work."""

from typing import Any

import pytest
from django.db.models import F
from samples import Clock, comment, nth
from subscriber import Subscriber

from eventbus.delivery.lane import IDLE
from eventbus.models import Lane, Parked
from svc_chassis.leases.lease import TERM
from svc_chassis.testing.http_server import Hangup, Heard, Reply


def test_only_the_holder_of_the_lane_delivers(make_lane: Any, put: Any, sub: Subscriber, drain: Any) -> None:
    first, second = make_lane("one"), make_lane("two")
    ids = put(comment())
    drain(first)
    more = put(comment())

    assert second.step() == IDLE
    drain(first)
    assert sub.deliveries == [ids, more]


def test_a_process_that_ends_in_order_hands_over_at_once(make_lane: Any, put: Any, sub: Subscriber, drain: Any) -> None:
    first, second = make_lane("one"), make_lane("two")
    ids = put(comment())
    drain(first)

    first.stop()
    more = put(comment())
    drain(second)

    assert sub.deliveries == [ids, more]


def test_a_process_that_died_is_replaced_when_its_lease_has_run_out(
    make_lane: Any, put: Any, sub: Subscriber, clock: Clock, drain: Any
) -> None:
    first, second = make_lane("one"), make_lane("two")
    drain(first)
    assert second.step() == IDLE
    ids = put(comment())

    clock.advance(TERM + 0.1)
    drain(second)

    assert sub.deliveries == [ids]


def test_a_delivery_that_was_in_flight_when_the_lane_was_taken_over_moves_nothing(
    make_lane: Any, log: Any, put: Any, sub: Subscriber, clock: Clock, drain: Any
) -> None:
    first, second = make_lane("one"), make_lane("two")
    ids = put(comment("bad"), comment("good"))
    put(comment("later"))

    def freeze(heard: Heard) -> None:
        """The first process sleeps in the middle of its delivery, and the second does all there is to do."""
        sub.after = lambda heard: None
        sub.fails = lambda event: False
        second.step()
        clock.advance(TERM + 0.1)
        drain(second)

    sub.fails = lambda event: event["subject"] == "bad"
    sub.after = freeze
    first.step()

    assert (Lane.objects.get().cursor, Parked.objects.count()) == (nth(log, 3), 0)
    assert set(sub.ids) >= set(ids)


def test_a_process_that_froze_before_it_read_the_lane_does_not_take_its_successors_epoch_for_its_own(
    make_lane: Any, put: Any, sub: Subscriber, clock: Clock, drain: Any
) -> None:
    first, second = make_lane("one"), make_lane("two")
    drain(first)
    put(comment())
    claim = first._tenancy.hold

    def hold_and_freeze() -> bool:
        held = claim()
        second.step()
        clock.advance(TERM + 0.1)
        drain(second)
        put(comment())
        return held

    first._tenancy.hold = hold_and_freeze

    assert first.step() == IDLE
    assert len(sub.deliveries) == 1


def test_a_slow_answer_does_not_cost_the_lane(
    make_lane: Any, log: Any, put: Any, sub: Subscriber, clock: Clock, drain: Any
) -> None:
    """Else two processes would take the lane from each other for ever, and neither could commit."""
    first, second = make_lane("one"), make_lane("two")
    put(comment())

    def answer_slowly(heard: Heard) -> None:
        for _ in range(10):
            clock.advance(1.0)
            first.keep()
            assert second.step() == IDLE

    sub.after = answer_slowly
    drain(first)

    assert (len(sub.deliveries), Lane.objects.get().cursor) == (1, nth(log, 1))


@pytest.mark.parametrize(("status", "attempts", "parked"), [(503, 1, 0), (200, 0, 1)])
def test_nor_does_a_slow_check_that_the_subscriber_is_there(
    make_lane: Any, put: Any, sub: Subscriber, clock: Clock, status: int, attempts: int, parked: int
) -> None:
    """What came of it is written, whatever that is."""
    first, second = make_lane("one"), make_lane("two")
    put(comment())

    def hang_up(heard: Heard) -> Reply | None:
        if heard.events:
            raise Hangup
        for _ in range(10):
            clock.advance(1.0)
            first.keep()
            assert second.step() == IDLE
        return Reply(status, {"results": []})

    sub.instead = hang_up
    first.step()

    assert (Lane.objects.get().attempts, Parked.objects.count()) == (attempts, parked)
    assert second.step() == IDLE


def test_a_lane_that_is_idle_is_not_kept_for_a_loop_that_hangs(make_lane: Any, clock: Clock, drain: Any) -> None:
    first, second = make_lane("one"), make_lane("two")
    drain(first)
    assert second.step() == IDLE

    clock.advance(TERM + 0.1)
    first.keep()
    second.step()

    assert second._tenancy.epoch is not None


def test_a_rewind_while_a_delivery_is_in_flight_is_not_undone_by_it(
    make_lane: Any, log: Any, put: Any, sub: Subscriber, drain: Any
) -> None:
    lane = make_lane()
    ids = put(comment("a"), comment("b"))

    def rewound(heard: Heard) -> None:
        if len(sub.heard) == 2:
            Lane.objects.update(epoch=F("epoch") + 1, cursor=0)

    sub.after = rewound
    drain(lane)
    more = put(comment("c"))
    drain(lane)

    assert sub.deliveries == [ids, more, ids + more]
    assert Lane.objects.get().cursor == nth(log, 3)
