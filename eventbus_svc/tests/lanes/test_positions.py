"""Newest first, page by page, whatever the number of partitions: as the index lists the log."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from eventbus.inspection.events import Filter, events
from eventbus.inspection.window import Window
from eventbus.log.adapters.database import DatabaseLog
from eventbus.log.adapters.memory import MemoryLog
from eventbus.log.port import Log, Record
from eventbus.log.position import following, parse

MIB = 1024 * 1024
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ANY = Filter(frozenset(), None, None, None)


def record(name: str, subject: str, minutes: float = 0, text: str = "") -> Record:
    moment = NOON + timedelta(minutes=minutes)
    return Record("/test", name, "Tested", subject, moment, b'{"id":"%s","text":"%s"}' % (name.encode(), text.encode()))


@pytest.fixture(params=[1, 3, 8, "database"])
def log(request: pytest.FixtureRequest) -> Log:
    """Forty events of ten subjects; clocks differ, so that times are not quite in order."""
    given = request.param
    log: Log = DatabaseLog(3) if given == "database" else MemoryLog(16 * MIB, given, stride=3)
    random = Random(3)
    log.append([record(f"event-{n}", f"s{n % 10}", n + random.uniform(-2, 2)) for n in range(40)], None)
    return log


def listed(log: Log, before: str = "", limit: int = 1000) -> list[Any]:
    return events(Window.of(log), limit, parse(before, log) if before else None, ANY)[:limit]


def ids(found: list[Any]) -> list[str]:
    return [event.id for event in found]


def follow(log: Log, position: str) -> Iterator[str]:
    """The ids of what a replay from there sends."""
    for partition, after in enumerate(parse(position, log)):
        for entry in following(log, log.log_id, partition, after, skips=False):
            yield entry.record.id


def test_all_are_listed_once_and_within_a_subject_the_newest_first(log: Log) -> None:
    found = ids(listed(log))

    assert sorted(found) == sorted(f"event-{n}" for n in range(40))
    for subject in range(10):
        its = [int(name[6:]) for name in found if int(name[6:]) % 10 == subject]
        assert its == sorted(its, reverse=True)


def test_partitions_are_merged_by_time(log: Log) -> None:
    exact = MemoryLog(16 * MIB, log.partitions)
    exact.append([record(f"event-{n}", f"s{n % 10}", n) for n in range(40)], None)

    assert ids(listed(exact)) == [f"event-{n}" for n in reversed(range(40))]


@pytest.mark.parametrize("size", [1, 7, 40])
def test_pages_cover_everything_once_also_while_more_is_published(log: Log, size: int) -> None:
    whole, found, before = ids(listed(log)), list[str](), ""
    while page := listed(log, before, size):
        found += ids(page)
        before = page[-1].position
        late = f"late-{len(found)}"
        log.append([record(late, late, 100)], None)

    assert found == whole


def test_what_follows_a_position_is_what_was_listed_before_it(log: Log) -> None:
    """So that a replay from an event sends all that is newer, and not the event itself."""
    found = listed(log)
    for number, event in enumerate(found):
        assert sorted(follow(log, event.position)) == sorted(ids(found[:number]))


def test_what_is_appended_while_the_index_follows_is_listed_once(log: Log, monkeypatch: Any) -> None:
    from eventbus.inspection import index

    monkeypatch.setattr(index, "CHUNK", 0)
    log.append([record(f"more-{n}", f"s{n}", 100 + n) for n in range(600)], None)
    monkeypatch.setattr(index, "LOOKS", 100)

    found = ids(listed(log))
    assert len(found) == len(set(found)) == 640
    times = [int(name[5:]) for name in found if name.startswith("more-")]
    assert times == sorted(times, reverse=True)


def test_a_position_never_asks_for_what_was_evicted() -> None:
    log = MemoryLog(16 * MIB, 3)
    log.append([record(f"event-{n}", f"s{n % 10}", n, "x" * 60_000) for n in range(40)], None)
    listed(log)
    log.make_room([log.bounds(partition).end for partition in range(3)], 15 * MIB + 500_000)
    assert any(log.bounds(partition).begin for partition in range(3))

    found = listed(log)
    assert 0 < len(found) < 40
    for event in found:
        offsets = parse(event.position, log)
        assert all(offset >= log.bounds(partition).begin for partition, offset in enumerate(offsets))


def test_a_position_beyond_the_end_is_the_end(log: Log) -> None:
    far = ".".join([log.log_id, *["9" * 10] * log.partitions])
    assert len(listed(log, far)) == 40
    assert listed(log, ".".join([log.log_id, *["0"] * log.partitions])) == []


def test_an_empty_log_lists_nothing() -> None:
    assert listed(MemoryLog(MIB, 3)) == []
