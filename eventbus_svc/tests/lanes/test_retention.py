"""A durable log drops events by age. A subscriber that was away for longer lost them, and nobody else anything."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from samples import Clock, comment, keys_of
from subscriber import Subscriber

from eventbus import bootstrap
from eventbus.log.adapters import database
from eventbus.log.adapters.database import DatabaseLog
from eventbus.log.appends import Appends
from eventbus.log.open import use
from eventbus.log.retention import EVERY, PAUSE, Retention
from eventbus.models import Lane, Parked, Subscription
from svc_chassis.events.signing import signed

DAY = 86_400.0


@pytest.fixture
def log() -> Iterator[DatabaseLog]:
    fresh = DatabaseLog(keep=2 * DAY)
    use(fresh)
    yield fresh
    use(None)


@pytest.fixture
def put_long_ago(put: Any, monkeypatch: Any) -> Any:
    """As `put`, four days ago."""

    def _put(*events: Any) -> list[str]:
        then = time.time() - 4 * DAY
        with monkeypatch.context() as context:
            context.setattr(database.time, "time", lambda: then)
            ids: list[str] = put(*events)
            return ids

    return _put


def trim(log: DatabaseLog) -> None:
    retention = Retention(log)
    assert retention.step() == PAUSE
    assert retention.step() == EVERY


def test_one_that_comes_too_late_gets_what_is_left_and_the_history_stays(
    log: DatabaseLog, make_lane: Any, put: Any, put_long_ago: Any, sub: Subscriber, drain: Any, caplog: Any
) -> None:
    late, before = make_lane(), log.log_id
    first, *_ = put_long_ago(*[comment(str(n)) for n in range(5)])
    Lane.objects.update(log_id=before, cursor=log.bounds(0).end - 4)
    ids = put(comment("a"), comment("b"))
    trim(log)

    drain(late)

    assert (sub.ids, log.log_id) == (ids, before)
    assert first not in sub.ids
    assert "events were lost: the log dropped them before they were delivered" in caplog.text


def test_one_that_is_up_to_date_notices_nothing(
    log: DatabaseLog, make_lane: Any, put: Any, put_long_ago: Any, sub: Subscriber, drain: Any, caplog: Any
) -> None:
    lane = make_lane()
    old = put_long_ago(*[comment(str(n)) for n in range(5)])
    drain(lane)
    trim(log)
    new = put(comment("a"))
    drain(lane)

    assert sub.ids == old + new
    assert "lost" not in caplog.text


def test_a_replay_from_the_beginning_begins_where_the_log_does(
    log: DatabaseLog, make_lane: Any, put: Any, put_long_ago: Any, sub: Subscriber, drain: Any, operator: Any
) -> None:
    lane, before = make_lane(), log.log_id
    put_long_ago(*[comment(str(n)) for n in range(5)])
    new = put(comment("a"))
    drain(lane)
    trim(log)

    assert operator("get", "/bus/subscriptions/query/replay?from=beginning").json()["events"] == 1
    operator("post", "/bus/subscriptions/query/replay", {"from": "beginning"})
    drain(lane)

    assert (sub.deliveries[-1], len(sub.deliveries), log.log_id) == (new, 2, before)


def test_the_bus_trims_it_and_learns_of_what_others_append(log: DatabaseLog) -> None:
    found = bootstrap.loops()
    woken: list[str] = []
    appends = Appends(log, lambda: woken.append("lanes"))

    assert {bootstrap.APPENDS, bootstrap.RETENTION} < set(found)
    appends.step()
    assert woken == []
    DatabaseLog().append([record()], None)
    appends.step()
    assert woken == ["lanes"]


def record() -> Any:
    from eventbus.publishing import _record
    from svc_chassis.events.event import parse

    event = comment()
    return _record(parse([event])[0], event)


def kept_since(publish: Any) -> datetime:
    """As the bus tells a service that asks with a batch of no events."""
    return datetime.fromisoformat(publish([]).json()["keptSince"])


def test_a_service_is_told_since_when_events_are_kept(
    log: DatabaseLog, put: Any, put_long_ago: Any, publish: Any
) -> None:
    began = datetime.now(UTC)
    assert kept_since(publish) >= began
    put_long_ago(comment("a"))
    assert timedelta(days=3) < began - kept_since(publish) < timedelta(days=5)
    put(comment("b"))
    trim(log)

    assert began <= kept_since(publish) <= datetime.now(UTC)


def test_what_waits_for_a_subscriber_counts_as_kept(
    log: DatabaseLog,
    clock: Clock,
    make_lane: Any,
    put_long_ago: Any,
    publish: Any,
    sub: Subscriber,
    drain: Any,
    operator: Any,
) -> None:
    clock.now = time.time()
    happened = datetime.now(UTC) - timedelta(days=30)
    sub.fails = lambda event: True
    put_long_ago(comment("bad", time=happened.isoformat()))
    drain(make_lane())
    trim(log)

    assert abs(kept_since(publish) - happened) < timedelta(seconds=1)
    operator("post", "/bus/dead-letters/discard", {})
    assert kept_since(publish) > datetime.now(UTC) - timedelta(minutes=5)


def wait_for_a_person(make_lane: Any, put_long_ago: Any, log: DatabaseLog, sub: Subscriber, drain: Any) -> str:
    """The id of a dead letter whose event has left the log."""
    sub.fails = lambda event: event["subject"] == "bad"
    bad, _ = put_long_ago(comment("bad"), comment("good"))
    drain(make_lane())
    trim(log)
    return str(bad)


@pytest.mark.parametrize("rewind", ["a replay", "a new type", "a new inbox"])
def test_a_dead_letter_that_left_the_log_outlives_each_rewind(
    log: DatabaseLog,
    make_lane: Any,
    put: Any,
    put_long_ago: Any,
    sub: Subscriber,
    drain: Any,
    operator: Any,
    heartbeat: Any,
    rewind: str,
) -> None:
    bad = wait_for_a_person(make_lane, put_long_ago, log, sub, drain)

    if rewind == "a replay":
        operator("post", "/bus/subscriptions/query/replay", {"from": "beginning"})
    else:
        new = {"types": ["CommentCreated", "PostCreated"]} if rewind == "a new type" else {"inboxId": str(uuid4())}
        assert heartbeat(**({"url": sub.url} | new)).status_code == 200
    behind = put(comment("bad"))
    drain(make_lane())
    assert [letter["event"]["id"] for letter in operator("get", "/bus/dead-letters").json()] == [bad]
    sub.fails = lambda event: False
    operator("post", "/bus/dead-letters/retry", {})
    drain(make_lane())

    assert sub.ids[-2:] == [bad, *behind]
    assert Parked.objects.count() == 0


def test_a_dead_letter_that_left_the_log_is_not_read_with_what_is_left(
    log: DatabaseLog, make_lane: Any, put: Any, put_long_ago: Any, sub: Subscriber, drain: Any, client: Any
) -> None:
    bad = wait_for_a_person(make_lane, put_long_ago, log, sub, drain)
    put(comment("bad"))
    drain(make_lane())
    Subscription.objects.update(catch_up="self")

    b"".join(client.get("/events?subscription=query", headers=signed(b"", "query", keys_of("query"))))

    assert list(Parked.objects.values_list("event_id", flat=True)) == [bad]
