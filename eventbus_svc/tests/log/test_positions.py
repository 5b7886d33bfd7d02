"""Newest first, page by page, whatever the number of partitions."""

from datetime import UTC, datetime
from random import Random

import pytest
from records import record

from eventbus.log.adapters.memory import MemoryLog
from eventbus.log.port import Log, Record
from eventbus.log.position import Placed, following, newest, parse, render

MIB = 1024 * 1024


@pytest.fixture(params=[1, 3, 8])
def log(request: pytest.FixtureRequest) -> Log:
    """Forty events of ten subjects; clocks differ, so that times are not quite in order."""
    log, random = MemoryLog(16 * MIB, request.param, stride=3), Random(request.param)
    records = [record(n, subject=f"s{n % 10}", minutes=n + random.uniform(-2, 2)) for n in range(40)]
    log.append(records, None)
    return log


def ids(found: list[Placed]) -> list[str]:
    return [placed.entry.record.id for placed in found]


def test_all_are_listed_once_and_within_a_subject_the_newest_first(log: Log) -> None:
    found = list(newest(log))

    assert sorted(ids(found)) == sorted(f"event-{n}" for n in range(40))
    for subject in {f"s{n}" for n in range(10)}:
        its = [placed.entry.offset for placed in found if placed.entry.record.subject == subject]
        assert its == sorted(its, reverse=True)


def test_partitions_are_merged_by_time(log: Log) -> None:
    exact = MemoryLog(16 * MIB, log.partitions)
    exact.append([record(n, subject=f"s{n % 10}", minutes=n) for n in range(40)], None)

    assert ids(list(newest(exact))) == [f"event-{n}" for n in reversed(range(40))]


@pytest.mark.parametrize("size", [1, 7, 40])
def test_pages_cover_everything_once_also_while_more_is_published(log: Log, size: int) -> None:
    whole, found, before = ids(list(newest(log))), list[str](), None
    while page := [placed for placed, _ in zip(newest(log, before), range(size), strict=False)]:
        found += ids(page)
        before = parse(render(log.log_id, page[-1].position), log)
        late = f"late-{len(found)}"
        log.append([Record("/test", late, "Tested", late, datetime.now(UTC), b"{}")], None)

    assert found == whole


def test_what_follows_a_position_is_what_was_listed_before_it(log: Log) -> None:
    """So that a replay from an event sends all that is newer, and not the event itself."""
    found = list(newest(log))
    for number, placed in enumerate(found):
        follows = [
            entry.record.id
            for partition in range(log.partitions)
            for entry in following(log, log.log_id, partition, placed.position[partition], skips=False)
        ]
        assert sorted(follows) == sorted(ids(found[:number]))


def test_a_position_never_asks_for_what_was_evicted() -> None:
    log = MemoryLog(16 * MIB, 3)
    big = b'{"text":"' + b"x" * 60_000 + b'"}'
    log.append([record(n, subject=f"s{n % 10}", minutes=n, body=big) for n in range(40)], None)
    log.make_room([log.bounds(partition).end for partition in range(3)], 15 * MIB + 500_000)
    assert any(log.bounds(partition).begin for partition in range(3))

    for placed in newest(log):
        assert all(offset >= log.bounds(partition).begin for partition, offset in enumerate(placed.position))


def test_a_position_beyond_the_end_is_the_end(log: Log) -> None:
    assert len(list(newest(log, (10**9,) * log.partitions))) == 40
    assert list(newest(log, (0,) * log.partitions)) == []


def test_an_empty_log_lists_nothing() -> None:
    assert list(newest(MemoryLog(MIB, 3))) == []
