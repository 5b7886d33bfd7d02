"""The index follows the log, stays bounded, and says from when on it knows events."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from samples import comment, nth
from test_positions import NOON, record

from eventbus.inspection import index
from eventbus.log.adapters.memory import MemoryLog
from eventbus.log.open import use
from eventbus.log.port import START, Log
from eventbus.models import IndexedEvent, IndexedPartition, Lane
from eventbus.subscriptions import subscribe

MIB = 1024 * 1024


def places() -> list[tuple[int, int]]:
    return list(IndexedEvent.objects.order_by("partition", "offset").values_list("partition", "offset"))


def in_the_log(log: Log) -> list[tuple[int, int]]:
    found = []
    for partition in range(log.partitions):
        after = log.bounds(partition).begin
        while (batch := log.read(partition, after, 500)).entries:
            found += [(partition, entry.offset) for entry in batch.entries]
            after = batch.through
    return found


def put_many(log: Log, count: int, first: int = 0) -> None:
    log.append([record(f"e{n}", f"s{n % 50}", n) for n in range(first, first + count)], None)


@pytest.fixture
def bounded(settings: Any) -> int:
    settings.EVENTBUS_INDEX_EVENTS = 100
    return 100


@pytest.mark.parametrize("partitions", [1, 3])
def test_it_has_each_event_once_however_often_it_looks_and_whoever_does(partitions: int, monkeypatch: Any) -> None:
    log = MemoryLog(16 * MIB, partitions, stride=7)
    put_many(log, 400)
    seen, look = list[bool](), index._through

    def meanwhile(*args: Any) -> Any:
        """Another process indexes the same between our look and our write."""
        through = look(*args)
        if not seen:
            seen.append(True)
            index.follow(log)
            put_many(log, 10, first=1000)
        return through

    monkeypatch.setattr(index, "_through", meanwhile)
    index.catch_up(log)
    assert seen
    put_many(log, 10, first=2000)
    index.catch_up(log)
    index.catch_up(log)

    assert places() == in_the_log(log)
    assert len(places()) == 420


def test_another_history_begins_another_index(log: MemoryLog) -> None:
    put_many(log, 20)
    index.catch_up(log)
    log.renew(log.log_id)
    put_many(log, 3)
    index.catch_up(log)

    assert places() == in_the_log(log)
    assert set(IndexedPartition.objects.values_list("log_id", flat=True)) == {log.log_id}


def test_two_processes_that_begin_it_at_once_empty_it_for_neither(log: MemoryLog) -> None:
    put_many(log, 20)
    others = list[str]()

    def meanwhile(run: Any, sql: str, *args: Any) -> Any:
        """The other one begins it and fills it before our first statement that deletes."""
        if sql.startswith("DELETE") and not others:
            others.append(sql)
            index.catch_up(log)
        return run(sql, *args)

    with connection.execute_wrapper(meanwhile):
        index.catch_up(log)

    assert len(others) == 1
    assert places() == in_the_log(log)


def test_it_skips_what_left_the_log_before_it_came_to_it(log: MemoryLog) -> None:
    put_many(log, 20)
    log.make_room([log.bounds(0).end], 10**12)
    put_many(log, 5, first=20)
    index.catch_up(log)

    assert places() == in_the_log(log)


def test_it_keeps_the_newest_and_no_more_than_it_may(log: MemoryLog, bounded: int) -> None:
    for first in range(0, 450, 30):
        put_many(log, 30, first)
        index.catch_up(log)
        assert IndexedEvent.objects.count() <= bounded

    assert IndexedEvent.objects.count() >= 85
    assert places() == in_the_log(log)[-IndexedEvent.objects.count() :]


def test_where_the_log_has_more_the_answers_say_from_when_on_the_index_knows(
    log: MemoryLog, bounded: int, subscribed: Any, operator: Callable[..., Any]
) -> None:
    subscribed("query", types=["Tested"])
    put_many(log, 90)

    def told() -> list[str | None]:
        newest = operator("get", "/bus/events").json()[0]["id"]
        replay = "/bus/subscriptions/query/replay?from=beginning"
        paths = ["/bus/events", "/bus/subscriptions", f"/bus/events/{newest}", replay]
        return [operator("get", path).headers.get("Index-Begins") for path in paths]

    assert told() == [None] * 4
    put_many(log, 60, first=90)
    index.catch_up(log)
    held = IndexedEvent.objects.count()
    since = (NOON + timedelta(minutes=150 - held)).isoformat(timespec="microseconds").replace("+00:00", "Z")

    assert told() == [since] * 4
    assert operator("get", "/bus/subscriptions/query/replay?from=beginning").json()["events"] == held
    gone = operator("get", "/bus/events/e1")
    assert (gone.status_code, since in gone.json()["detail"]) == (404, True)
    # What the index forgot is in no list, and all of what it has still is.
    found, link = [], "/bus/events?limit=40"
    while link:
        page = operator("get", link)
        found += [event["id"] for event in page.json()]
        link = page.headers.get("Link", "").partition(">")[0][1:]
    assert found == [f"e{n}" for n in range(149, 149 - held, -1)]

    log.make_room([nth(log, 100)], 10**12)
    assert told() == [None] * 4


def test_lag_counts_what_was_ordered_beyond_each_lanes_cursor(log: Any, operator: Callable[..., Any]) -> None:
    use(of_three := MemoryLog(16 * MIB, 3))
    for name, types in {"query": ["Tested"], "audit": ["Other"], "late": ["Tested", "Other"]}.items():
        its = {"url": "http://127.0.0.1:9/events", "types": types, "batch_size": 500, "format": "batch"}
        subscribe(name=name, options=its | {"catch_up": "bus"}, replace_types=True)
    put_many(of_three, 100)
    lane = Lane.objects.get(subscription="late", partition=1)
    ahead = len([place for place in in_the_log(of_three) if place[0] == 1])
    Lane.objects.filter(pk=lane.pk).update(log_id=of_three.log_id, cursor=of_three.bounds(1).end)

    lags = {each["name"]: each["lag"] for each in operator("get", "/bus/subscriptions").json()}
    assert lags == {"query": 100, "audit": 0, "late": 100 - ahead}
    assert 0 < ahead < 100


def test_the_loop_follows_until_there_is_nothing_more(log: MemoryLog, put: Any) -> None:
    loop = index.Index(log)
    assert loop.step() == index.EVERY
    put(comment())
    assert loop.step() in (0, index.EVERY)
    assert places() == in_the_log(log)
    assert loop.step() == index.EVERY
    assert START not in [offset for _, offset in places()]


def test_the_bus_takes_its_own_positions_however_many_partitions_they_name(operator: Any) -> None:
    log = MemoryLog(16 * MIB, 100, stride=10**9)
    use(log)
    its = {
        "url": "http://127.0.0.1:1/events",
        "types": ["Tested"],
        "batch_size": 1,
        "format": "batch",
        "catch_up": "bus",
    }
    subscribe(name="query", options=its)
    put_many(log, 200)
    index.catch_up(log)

    page = operator("get", "/bus/events?limit=5")
    assert len(page.json()[-1]["position"]) > 500
    following = operator("get", page["Link"].partition(">")[0][1:]).json()
    newest = operator("get", "/bus/events?limit=10").json()
    assert page.json() + following == newest
    again = operator("post", "/bus/subscriptions/query/replay", {"from": newest[-1]["position"]})
    assert again.status_code == 200
