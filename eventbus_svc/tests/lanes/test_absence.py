"""An absent subscriber is tried again, with back-off, until it is back. Its absence is no event's fault."""

from typing import Any

import pytest
from django.db import connections
from samples import Clock, comment, end_of_log
from subscriber import Subscriber, answering

from eventbus.delivery.lane import IDLE, LaneSteps
from eventbus.models import Attempt, Lane, Parked, Subscription
from svc_chassis.testing.http_server import Heard, Reply


@pytest.mark.parametrize("status", [401, 403, 429, 503])
def test_an_answer_that_means_absent_is_retried_and_never_parked(
    lane: LaneSteps, put: Any, sub: Subscriber, clock: Clock, drain: Any, status: int
) -> None:
    ids = put(comment("a"), comment("b"))
    sub.instead = answering(*[status] * 12)

    for n in range(1, 13):
        clock.advance(lane.step())
        row = Lane.objects.get()
        assert (row.cursor, row.attempts, row.last_error) == (0, n, f"answered {status}")
    assert Parked.objects.count() == 0

    drain(lane)
    row = Lane.objects.get()
    assert (row.cursor, row.attempts, row.last_error, row.failing_since, row.next_try) == (
        end_of_log(),
        0,
        "",
        None,
        None,
    )
    assert sub.deliveries == [ids] * 13
    assert [attempt.status for attempt in Attempt.objects.order_by("pk")] == [status] * 12 + [200]


def test_a_subscriber_that_can_not_be_reached_is_absent(make_lane: Any, put: Any, clock: Clock) -> None:
    lane = make_lane(url="http://127.0.0.1:9/events")
    put(comment())

    for _ in range(10):
        clock.advance(lane.step())

    row = Lane.objects.get()
    assert (row.cursor, row.attempts, Parked.objects.count()) == (0, 10, 0)
    assert "connection refused" in row.last_error
    assert row.failing_since is not None
    assert row.next_try == pytest.approx(clock.now)


def test_the_waits_double_from_a_tenth_of_a_second_with_jitter_up_to_their_limit(
    lane: LaneSteps, put: Any, sub: Subscriber, clock: Clock
) -> None:
    put(comment())
    sub.instead = answering(*[503] * 12)
    waits = []
    for _ in range(12):
        waits.append(lane.step())
        clock.advance(waits[-1])

    for wait, full in zip(waits, [min(2.0, 0.1 * 2**n) for n in range(12)], strict=True):
        assert full / 2 <= wait <= full
    assert len({wait / full for wait, full in zip(waits[5:], [2.0] * 7, strict=True)}) == 7


def test_nothing_is_sent_before_the_wait_is_over(lane: LaneSteps, put: Any, sub: Subscriber, clock: Clock) -> None:
    put(comment())
    sub.instead = answering(503)
    wait = lane.step()

    clock.advance(wait * 0.9)
    assert lane.step() == pytest.approx(wait * 0.1, abs=0.001)
    assert len(sub.deliveries) == 1


def test_a_retry_after_is_honoured(lane: LaneSteps, put: Any, sub: Subscriber, clock: Clock, drain: Any) -> None:
    put(comment())
    sub.instead = answering(429, Retry_After="17")

    assert lane.step() == 17
    clock.advance(16.9)
    lane.step()
    assert len(sub.deliveries) == 1
    drain(lane)
    assert len(sub.deliveries) == 2


def test_a_retry_after_that_is_no_number_does_not_matter(lane: LaneSteps, put: Any, sub: Subscriber) -> None:
    put(comment())
    sub.instead = answering(503, Retry_After="Wed, 21 Oct 2065 07:28:00 GMT")

    assert 0.05 <= lane.step() <= 0.1


def test_a_sign_of_life_cuts_the_wait_short(lane: LaneSteps, put: Any, sub: Subscriber, drain: Any) -> None:
    ids = put(comment())
    sub.instead = answering(503)
    assert lane.step() > 0

    lane.retry_now()
    lane.step()

    assert sub.ids == ids


def test_a_sign_of_life_does_not_cut_a_retry_after_short(
    lane: LaneSteps, put: Any, sub: Subscriber, clock: Clock
) -> None:
    ids = put(comment())
    sub.instead = answering(429, Retry_After="17")
    lane.step()

    lane.retry_now()
    assert lane.step() == 17
    assert len(sub.deliveries) == 1
    clock.advance(17)
    lane.step()
    assert sub.ids == ids


def test_a_subscriber_that_was_away_catches_up_in_batches(
    lane: LaneSteps, put: Any, sub: Subscriber, clock: Clock, drain: Any
) -> None:
    sub.instead = answering(503)
    ids = put(comment())
    wait = lane.step()
    for _ in range(3):
        ids += put(*[comment() for _ in range(400)])
    clock.advance(wait)

    drain(lane)

    assert sub.ids == ids
    assert [len(delivery) for delivery in sub.deliveries] == [1, 500, 500, 201]


def test_the_subscribers_word_is_kept_as_the_last_error(lane: LaneSteps, put: Any, sub: Subscriber) -> None:
    said = b'{"detail": "The database can\'t be used\\u0000 right now."}'
    sub.instead = lambda heard: Reply(503, said)
    put(comment())

    lane.step()

    # PostgreSQL takes no NUL.
    assert Lane.objects.get().last_error == "answered 503: The database can't be used\ufffd right now."


def test_gone_pauses_the_subscription(lane: LaneSteps, put: Any, sub: Subscriber, drain: Any) -> None:
    ids = put(comment())
    sub.instead = answering(410)

    lane.step()

    assert Subscription.objects.get().paused
    assert lane.step() == IDLE
    assert (len(sub.deliveries), Lane.objects.get().cursor, Parked.objects.count()) == (1, 0, 0)

    Subscription.objects.update(paused=False)
    drain(lane)
    assert sub.ids == ids


def test_a_process_that_dies_on_a_delivery_is_absent_and_gets_it_again(
    lane: LaneSteps, put: Any, sub: Subscriber, clock: Clock, drain: Any
) -> None:
    """Alone, a broken answer would be the event's fault, were the subscriber there to say so."""
    from svc_chassis.testing.http_server import Hangup

    [event] = put(comment())
    down = [1, 1]

    def die(heard: Heard) -> Reply | None:
        if down:
            down.pop()
            raise Hangup
        return None

    sub.instead = die

    clock.advance(lane.step())
    assert (Parked.objects.count(), Lane.objects.get().attempts) == (0, 1)

    drain(lane)
    assert sub.ids == [event]


def test_who_waits_for_its_answer_keeps_no_connection_of_the_pool(lane: LaneSteps, put: Any, sub: Subscriber) -> None:
    """Else a few subscribers that do not answer take all of them, and nobody can publish."""
    mine, holds = connections["default"], list[bool]()

    def look(heard: Heard) -> Reply | None:
        holds.append(mine.connection is not None)
        return None

    sub.instead = look
    put(comment())
    lane.step()

    assert holds == [mine.vendor == "sqlite"]  # which has no pool
