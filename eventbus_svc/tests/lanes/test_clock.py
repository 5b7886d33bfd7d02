"""The wall clock jumps: an hour ahead, back, and by the 49.7 days of a 32-bit counter of milliseconds.

What waits is not moved, and what is stored heals with the next attempt.
"""

import time
from typing import Any

import pytest
from samples import Clock, comment
from subscriber import Subscriber

from eventbus.delivery import renewal
from eventbus.delivery.lane import IDLE, LaneSteps
from eventbus.delivery.parking import MOST
from eventbus.models import Lane, Parked, Subscription
from eventbus.schemas import moment
from svc_chassis.runtime.http_client import Unreachable

DAYS = 4_294_967.296
JUMPS = [-DAYS, -3600.0, -20.0, 20.0, 3600.0, DAYS]


class Away:
    """A subscriber that can't be reached."""

    def request(self, *args: Any) -> Any:
        raise Unreachable("nobody there")


@pytest.mark.parametrize("jump", JUMPS)
def test_an_absent_subscriber_is_tried_again_neither_sooner_nor_later(
    make_lane: Any, put: Any, clock: Clock, jump: float
) -> None:
    lane = make_lane(transport=Away())
    put(comment())
    wait = lane.step()

    clock.jump(jump)

    assert lane.step() == pytest.approx(wait)
    assert Lane.objects.get().attempts == 1
    clock.advance(wait)
    lane.step()
    assert Lane.objects.get().attempts == 2


@pytest.mark.parametrize("jump", JUMPS)
def test_since_when_it_is_absent_heals_with_the_next_attempt(
    make_lane: Any, put: Any, clock: Clock, jump: float
) -> None:
    lane = make_lane(transport=Away())
    put(comment())
    began = clock.steady()
    clock.advance(lane.step())
    clock.jump(jump)

    for _ in range(3):
        waited = lane.step()
        row = Lane.objects.get()
        assert row.failing_since == pytest.approx(clock() - (clock.steady() - began), abs=0.001)
        assert row.next_try == pytest.approx(clock() + waited, abs=0.001)
        clock.advance(waited)


@pytest.mark.parametrize("jump", JUMPS)
def test_a_process_that_takes_over_after_a_jump_never_counts_an_absence_of_the_future(
    make_lane: Any, put: Any, clock: Clock, jump: float
) -> None:
    before = make_lane(transport=Away())
    put(comment())
    before.step()
    before.stop()
    clock.jump(jump)

    make_lane("another", transport=Away()).step()

    since = Lane.objects.get().failing_since
    assert since is not None
    assert since <= clock()


@pytest.mark.parametrize("jump", JUMPS)
def test_a_parked_event_is_tried_again_within_its_longest_wait(
    lane: LaneSteps, put: Any, sub: Subscriber, clock: Clock, jump: float
) -> None:
    sub.fails = lambda event: True
    put(comment())
    lane.step()
    assert Parked.objects.get().attempts == 1
    sub.fails = lambda event: False
    clock.jump(jump)

    until = clock.steady() + MOST + IDLE
    while Parked.objects.exists() and clock.steady() < until:
        clock.advance(lane.step() or 0.01)

    assert not Parked.objects.exists()


@pytest.mark.parametrize("jump", [-DAYS, -3600.0, -1.0])
def test_a_clock_that_is_set_back_does_not_put_off_a_new_history(jump: float) -> None:
    lane = Lane(renewals=5, renewed_at=1_700_000_000.0)

    assert renewal.may_begin(lane, 1_700_000_000.0 + jump)
    assert not renewal.may_begin(lane, 1_700_000_001.0)


@pytest.mark.parametrize("jump", JUMPS)
def test_when_a_service_was_last_heard_is_right_again_with_its_next_heartbeat(
    heartbeat: Any, operator: Any, jump: float
) -> None:
    heartbeat("query")
    Subscription.objects.update(heard_at=time.time() + jump)
    before = moment(time.time())
    heartbeat("query")

    [query] = operator("get", "/bus/subscriptions").json()
    assert before <= query["lastHeard"] <= moment(time.time())


def test_an_answered_delivery_is_a_sign_of_life_too(lane: LaneSteps, put: Any, operator: Any, drain: Any) -> None:
    before = moment(time.time())
    put(comment())
    drain(lane)

    [query] = operator("get", "/bus/subscriptions").json()
    assert before <= query["lastHeard"] <= moment(time.time())


@pytest.mark.parametrize("ahead", [1.0, 3600.0, DAYS])
def test_what_a_clock_that_was_set_back_noted_in_the_future_is_shown_as_now(ahead: float) -> None:
    before = moment(time.time())

    shown = moment(time.time() + ahead)

    assert before <= shown <= moment(time.time())
