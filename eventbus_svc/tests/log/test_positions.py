"""Newest first, page by page, whatever the number of partitions."""

from datetime import UTC, datetime
from random import Random

import pytest
from records import record

from eventbus.log.memory import MemoryLog
from eventbus.log.port import Appended, Entry, Log, Record, partition_of
from eventbus.log.position import Placed, following, newest, parse, render


class Several:
    """Memory logs side by side: a log of several partitions."""

    durability = "memory"
    log_id = "several"

    def __init__(self, partitions: int) -> None:
        self.partitions = partitions
        self._logs = [MemoryLog(16 * 1024 * 1024) for _ in range(partitions)]

    def append(self, records: list[Record], expected: str | None) -> Appended:
        for each in records:
            self._logs[partition_of(each.subject, self.partitions)].append([each], None)
        return Appended(self.log_id, len(records), 0)

    def read(self, log_id: str, partition: int, after: int, limit: int) -> list[Entry]:
        its = self._logs[partition]
        return its.read(its.log_id, 0, after, limit)

    def begin(self, partition: int) -> int:
        return self._logs[partition].begin(0)

    def end(self, partition: int) -> int:
        return self._logs[partition].end(0)

    def offset_before(self, partition: int, moment: datetime) -> int:
        return self._logs[partition].offset_before(0, moment)

    def trim(self, partition: int, through: int, wanted: int) -> int:
        return self._logs[partition].trim(0, through, wanted)

    def renew(self, log_id: str) -> None:
        raise NotImplementedError


@pytest.fixture(params=[1, 3, 8])
def log(request: pytest.FixtureRequest) -> Log:
    """Forty events of ten subjects; clocks differ, so that times are not quite in order."""
    log, random = Several(request.param), Random(request.param)
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
    exact = Several(log.partitions)
    exact.append([record(n, subject=f"s{n % 10}", minutes=n) for n in range(40)], None)

    assert ids(list(newest(exact))) == [f"event-{n}" for n in reversed(range(40))]


@pytest.mark.parametrize("size", [1, 7, 40])
def test_pages_cover_everything_once_also_while_more_is_published(log: Log, size: int) -> None:
    whole, found, before = ids(list(newest(log))), list[str](), None
    while page := [placed for placed, _ in zip(newest(log, before), range(size), strict=False)]:
        found += ids(page)
        before = parse(render(page[-1].position), log)
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
    log = Several(3)
    big = b'{"text":"' + b"x" * 60_000 + b'"}'
    log.append([record(n, subject=f"s{n % 10}", minutes=n, body=big) for n in range(40)], None)
    for partition in range(3):
        log.trim(partition, log.end(partition) - 2, 15 * 1024 * 1024 + 500_000)
    assert any(log.begin(partition) for partition in range(3))

    for placed in newest(log):
        assert all(offset >= log.begin(partition) for partition, offset in enumerate(placed.position))


def test_a_position_beyond_the_end_is_the_end(log: Log) -> None:
    assert len(list(newest(log, (10**9,) * log.partitions))) == 40
    assert list(newest(log, (0,) * log.partitions)) == []


def test_an_empty_log_lists_nothing() -> None:
    assert list(newest(Several(3))) == []
