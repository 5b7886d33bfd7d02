"""The last hour of each subscription is kept, a row per minute, whoever writes it."""

import time
from typing import Any

import pytest
from samples import Clock, comment
from subscriber import Subscriber

from eventbus.delivery import attempts
from eventbus.delivery.lane import LaneSteps
from eventbus.inspection.samples import KEPT, LATE, MINUTE, Samples
from eventbus.models import Attempt, Sample, Subscription


@pytest.fixture
def clock() -> Clock:
    """It stands at the beginning of a minute of today, so that the door shows what is sampled."""
    now = Clock()
    now.now = time.time() // MINUTE * MINUTE - 10 * MINUTE
    return now


def test_a_minute_tells_what_was_settled_how_far_behind_it_is_and_how_long_deliveries_took(
    lane: LaneSteps, log: Any, put: Any, sub: Subscriber, clock: Clock, drain: Any, operator: Any
) -> None:
    loop = Samples(log, clock)
    put(*[comment(str(number)) for number in range(5)])
    drain(lane)
    put(comment("late"))
    clock.advance(MINUTE + LATE)

    assert loop.step() == MINUTE

    [query] = operator("get", "/bus/samples").json()
    [minute] = query["minutes"]
    assert (query["subscription"], minute["settled"], minute["lag"]) == ("query", 5, 1)
    assert 0 < minute["p50Ms"] <= minute["p95Ms"]
    assert minute["time"].endswith(":00.000000Z")


@pytest.mark.parametrize(("seconds_ago", "unsent"), [(14, 12), (16, None), (-1, None)])
def test_a_minute_tells_what_a_service_said_of_its_outbox_and_nothing_of_one_that_is_silent_since(
    heartbeat: Any, log: Any, clock: Clock, operator: Any, seconds_ago: float, unsent: int | None
) -> None:
    loop = Samples(log, clock)
    heartbeat("moderation", types=["CommentCreated"], headers={"Outbox-Unsent": "12"})
    clock.advance(MINUTE + LATE)
    Subscription.objects.update(unsent_at=clock.now - seconds_ago)
    loop.step()

    [moderation] = operator("get", "/bus/samples").json()
    assert (moderation["subscription"], [each["unsent"] for each in moderation["minutes"]]) == ("moderation", [unsent])


def test_of_a_service_that_only_publishes_a_minute_tells_its_outbox(
    heartbeat: Any, log: Any, clock: Clock, operator: Any
) -> None:
    loop = Samples(log, clock)
    for name, headers in [("posts", {"Outbox-Unsent": "0"}), ("comments", {})]:
        heartbeat(name, types=[], headers=headers)
    clock.advance(MINUTE + LATE)
    Subscription.objects.update(unsent_at=clock.now)
    loop.step()

    [posts] = operator("get", "/bus/samples").json()
    assert (posts["subscription"], [each["unsent"] for each in posts["minutes"]]) == ("posts", [0])


def test_a_minute_without_deliveries_has_no_latency_and_failed_ones_do_not_count(
    lane: LaneSteps, log: Any, put: Any, sub: Subscriber, clock: Clock, operator: Any
) -> None:
    loop = Samples(log, clock)
    sub.fails = lambda event: True
    put(comment("bad"))
    lane.step()
    clock.advance(MINUTE + LATE)
    loop.step()

    [minute] = operator("get", "/bus/samples").json()[0]["minutes"]
    assert (minute["settled"], minute["lag"], minute["p50Ms"], minute["p95Ms"]) == (0, 1, None, None)


def test_several_processes_write_one_row_and_an_hour_is_kept(
    lane: LaneSteps, log: Any, clock: Clock, statements: Any
) -> None:
    lane.step()
    loops = [Samples(log, clock) for _ in range(3)]
    for _ in range(KEPT + 5):
        for loop in loops:
            assert 1 <= loop.step() <= MINUTE
        clock.advance(MINUTE)

    assert Sample.objects.count() == KEPT
    assert len(set(Sample.objects.values_list("minute", flat=True))) == KEPT
    loops[0].step()
    assert statements(loops[1].step) == ["SELECT eventbus_sample"]
    clock.advance(-3600)
    loops[0].step()
    assert max(Sample.objects.values_list("minute", flat=True)) <= clock.now // MINUTE


def test_minutes_before_the_bus_ran_and_the_one_in_which_it_began_are_absent(
    lane: LaneSteps, log: Any, clock: Clock
) -> None:
    def pass_a_minute() -> bool:
        clock.advance(MINUTE)
        loop.step()
        return Sample.objects.filter(minute=clock.now // MINUTE - 1).exists()

    lane.step()
    clock.advance(MINUTE / 2)
    loop = Samples(log, clock)
    loop.step()
    assert not pass_a_minute()
    assert pass_a_minute()
    assert Sample.objects.count() == 1

    for passed in (-3600, 7200):  # the clock is set; or, forward, the process was frozen
        clock.advance(passed)
        loop.step()
        assert not pass_a_minute()
        assert pass_a_minute()


def test_a_delivery_counts_in_the_minute_in_which_it_ends_as_it_is_recorded_then(
    lane: LaneSteps, log: Any, put: Any, clock: Clock, drain: Any
) -> None:
    loop = Samples(log, clock)
    put(comment())
    drain(lane)
    Attempt.objects.update(time=clock.now + MINUTE - 0.5, latency_ms=1_000)
    for _ in range(3):
        clock.advance(MINUTE)
        loop.step()

    assert list(Sample.objects.order_by("minute").values_list("settled", flat=True)) == [0, 1]


def test_a_minute_with_more_deliveries_than_are_kept_is_absent(
    lane: LaneSteps, log: Any, put: Any, clock: Clock, drain: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "KEPT", 10)
    monkeypatch.setattr(attempts, "SWEEP", 5)
    loop = Samples(log, clock)
    for number in range(20):
        put(comment(str(number)))
        lane.step()
    clock.advance(MINUTE + LATE)
    loop.step()
    assert not Sample.objects.exists()

    put(comment("last"))
    drain(lane)
    clock.advance(MINUTE)
    loop.step()
    assert [row.settled for row in Sample.objects.all()] == [1]
