"""Another history, a rewind, an evicted event: a lane starts where nothing is missed."""

from typing import Any

from samples import Clock, comment, nth
from subscriber import Subscriber

from eventbus.delivery.lane import IDLE, LaneSteps
from eventbus.models import Attempt, Lane, Parked, Subscription
from eventbus.subscriptions import rewind
from svc_chassis.testing.http_server import Heard


def test_a_new_log_id_starts_the_lane_from_the_beginning_and_drops_what_is_parked(
    lane: LaneSteps, log: Any, put: Any, sub: Subscriber, drain: Any
) -> None:
    sub.fails = lambda event: event["subject"] == "bad"
    old = put(comment("bad"), comment("good"))
    lane.step()
    assert Parked.objects.count() == 1

    log.renew(log.log_id)
    new = put(comment("good"), comment("bad"))
    sub.fails = lambda event: False
    drain(lane)

    assert sub.ids == [old[1], *new]
    row = Lane.objects.get()
    assert (row.log_id, row.cursor, Parked.objects.count()) == (log.log_id, nth(log, 2), 0)


def test_a_delivery_in_flight_when_the_history_was_lost_skips_nothing_of_the_new_one(
    lane: LaneSteps, log: Any, put: Any, sub: Subscriber, drain: Any
) -> None:
    again = [comment("a"), comment("b"), comment("c")]
    put(*again)

    def lose_history(heard: Heard) -> None:
        sub.after = lambda heard: None
        log.renew(log.log_id)
        put(*again)

    sub.after = lose_history
    lane.step()
    more = put(comment("d"))
    drain(lane)

    assert sub.deliveries[1] == [event["id"] for event in again] + more
    assert (sub.ids[-1:], len(sub.ids)) == (more, 4)


def test_a_rewind_delivers_again_what_follows_and_drops_what_is_parked_from_there_on(
    lane: LaneSteps, log: Any, put: Any, sub: Subscriber
) -> None:
    sub.fails = lambda event: event["subject"].startswith("bad")
    ids = put(comment("bad-1"), comment("good"), comment("bad-2"))
    lane.step()

    rewind(Subscription.objects.get(), (nth(log, 1),))

    assert list(Parked.objects.values_list("event_id", flat=True)) == ids[:1]
    lane.step()
    assert sub.deliveries == [ids, ids[1:]]


def test_a_rewind_never_skips_what_was_not_delivered_yet(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any
) -> None:
    drain(lane)
    ids = put(comment(), comment())
    rewind(Subscription.objects.get(), (10_000,))

    drain(lane)
    ids += put(comment())
    drain(lane)

    assert sub.ids == ids


def test_a_rewind_while_a_delivery_is_in_flight_does_not_let_it_move_the_cursor(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any
) -> None:
    sub.fails = lambda event: event["subject"] == "bad"
    ids = put(comment("bad"), comment("good"))

    def rewound(heard: Heard) -> None:
        sub.after = sub.fails = lambda anything: False
        rewind(Subscription.objects.get(), (0,))

    sub.after = rewound
    lane.step()
    assert (Lane.objects.get().cursor, Parked.objects.count()) == (0, 0)

    drain(lane)
    assert sub.deliveries == [ids, ids]
    assert sorted(sub.ids) == sorted(ids)


def test_a_rewind_while_a_parked_event_is_retried_brings_it_back_once(
    lane: LaneSteps, put: Any, sub: Subscriber, clock: Clock, drain: Any
) -> None:
    sub.fails = lambda event: True
    ids = put(comment("bad"), comment("bad"))
    lane.step()
    clock.advance(1)

    def rewound(heard: Heard) -> None:
        sub.after = sub.fails = lambda anything: False
        rewind(Subscription.objects.get(), (0,))

    sub.after = rewound
    lane.step()
    assert (Parked.objects.count(), Lane.objects.get().cursor) == (0, 0)

    drain(lane)
    assert (sub.ids, Parked.objects.count()) == (ids, 0)


def test_a_subscription_that_is_removed_while_a_delivery_is_in_flight_leaves_nothing_behind(
    lane: LaneSteps, put: Any, sub: Subscriber
) -> None:
    from eventbus.subscriptions import unsubscribe

    sub.fails = lambda event: True
    put(comment())
    sub.after = lambda heard: unsubscribe(subscription=Subscription.objects.get())

    lane.step()

    assert lane.step() == IDLE
    assert (Lane.objects.count(), Parked.objects.count(), Attempt.objects.count()) == (0, 0, 0)


def test_a_paused_subscription_gets_nothing_until_it_is_resumed(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any
) -> None:
    Subscription.objects.update(paused=True)
    ids = put(comment())
    assert (lane.step(), sub.heard) == (IDLE, [])

    Subscription.objects.update(paused=False)
    drain(lane)
    assert sub.ids == ids
