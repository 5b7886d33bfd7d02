"""The real loops, on real time: lanes come and go with their subscriptions, and what is published arrives."""

from collections.abc import Callable
from typing import Any

import pytest
from samples import comment
from subscriber import Subscriber, answering

from eventbus.delivery.supervisor import LANES, Supervisor, ensure_lanes
from eventbus.models import Lane
from svc_chassis.runtime import scheduler
from svc_chassis.testing.eventually import eventually


@pytest.fixture
def running(settings: Any, start_loops: Callable[[], Supervisor]) -> Supervisor:
    """The bus's loops, with long waits."""
    settings.RETRY_MOST = 600.0
    settings.EVENTBUS_FAULTS_ENABLED = False
    return start_loops()


@pytest.mark.usefixtures("running")
def test_what_is_published_arrives_without_waiting_for_the_next_look(
    publish: Any, heartbeat: Any, sub: Subscriber
) -> None:
    heartbeat("query", url=sub.url)
    eventually(lambda: Lane.objects.filter(tenure__gt=0).exists())

    for _ in range(20):
        event = comment()
        publish(event)
        eventually(lambda event=event: event["id"] in sub.ids, within=0.9)


@pytest.mark.usefixtures("running")
def test_a_heartbeat_cuts_the_wait_for_an_absent_subscriber_short(
    publish: Any, heartbeat: Any, sub: Subscriber
) -> None:
    sub.instead = answering(*[503] * 13)  # by then it would wait for minutes
    heartbeat("query", url=sub.url)
    event = comment()
    publish(event)

    def seen_after_a_heartbeat() -> bool:
        heartbeat("query", url=sub.url)
        return event["id"] in sub.ids

    eventually(seen_after_a_heartbeat, within=20)


def test_a_removed_subscription_ends_its_lane_and_one_that_comes_back_at_once_has_a_new_one(
    running: Supervisor, publish: Any, heartbeat: Any, operator: Any, sub: Subscriber
) -> None:
    heartbeat("query", url=sub.url)
    first, second, third = comment(), comment(), comment()
    publish(first)
    eventually(lambda: sub.ids == [first["id"]])

    assert operator("delete", "/bus/subscriptions/query").status_code == 204
    heartbeat("query", url=sub.url)
    publish(second)
    eventually(lambda: sub.ids == [first["id"], second["id"]])

    assert operator("delete", "/bus/subscriptions/query").status_code == 204
    eventually(lambda: not running.lanes)
    publish(third)
    assert "lane:query:0" not in scheduler.threads.names()
    assert sub.ids == [first["id"], second["id"]]


def test_a_subscription_that_came_back_before_anyone_looked_has_a_new_lane(
    running: Supervisor, heartbeat: Any, operator: Any, sub: Subscriber
) -> None:
    scheduler.end(LANES)
    heartbeat("query", url=sub.url)
    running.step()

    operator("delete", "/bus/subscriptions/query")
    heartbeat("query", url=sub.url)
    running.step()

    assert running.lanes["lane:query:0"].lane_id == Lane.objects.get().pk


def test_every_partition_has_a_lane_also_when_the_log_has_other_ones_now(
    heartbeat: Any, log: Any, monkeypatch: Any, db: None
) -> None:
    heartbeat("query")
    heartbeat("moderation")
    monkeypatch.setattr(log, "partitions", 3, raising=False)
    ensure_lanes(log)
    assert set(Lane.objects.values_list("subscription_id", "partition")) == {
        (name, partition) for name in ("query", "moderation") for partition in range(3)
    }

    monkeypatch.setattr(log, "partitions", 1, raising=False)
    ensure_lanes(log)
    assert set(Lane.objects.values_list("subscription_id", "partition")) == {("query", 0), ("moderation", 0)}


@pytest.mark.usefixtures("running")
def test_one_subscribers_absence_delays_no_other(publish: Any, heartbeat: Any, sub: Subscriber) -> None:
    heartbeat("query", url="http://127.0.0.1:9/events")
    heartbeat("moderation", url=sub.url)
    publish(event := comment())

    eventually(lambda: sub.ids == [event["id"]])
    eventually(lambda: Lane.objects.get(subscription="query").attempts > 0)
