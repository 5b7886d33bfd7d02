"""Many append while many read: no reader skips an entry that comes late."""

import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from records import entries, home, record
from stores import Threads

from eventbus.log.port import START, Entry, Log

WRITERS, BATCHES, SIZE = 4, 60, 5
ALL = WRITERS * BATCHES * SIZE


@pytest.fixture(autouse=True)
def _restless() -> Iterator[None]:
    """Threads take turns as often as can be."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_every_reader_sees_every_entry_in_order_while_others_append(a_log: Log) -> None:
    partition, start = home(a_log), threading.Barrier(WRITERS + 2)

    def write(writer: int) -> None:
        start.wait()
        for batch in range(BATCHES):
            first = (writer * BATCHES + batch) * SIZE
            a_log.append([record(n) for n in range(first, first + SIZE)], None)

    def read() -> list[Entry]:
        start.wait()
        found, after, deadline = list[Entry](), START, time.monotonic() + 60
        while len(found) < ALL:
            assert time.monotonic() < deadline, f"{ALL - len(found)} events were skipped."
            batch = a_log.read(partition, after, 7)
            found, after = found + batch.entries, batch.through
        return found

    with Threads(WRITERS + 2) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        for writer in [pool.submit(write, n) for n in range(WRITERS)]:
            writer.result(60)
        one, two = (reader.result(60) for reader in readers)

    assert len(one) == ALL
    assert one == two == entries(a_log, partition)
    for writer in range(WRITERS):
        mine = [n for n in (int(entry.record.id[6:]) for entry in one) if n // (BATCHES * SIZE) == writer]
        assert mine == sorted(mine)
        assert len(mine) == BATCHES * SIZE


def test_one_event_appended_by_many_at_once_is_stored_once(telling: Log) -> None:
    start = threading.Barrier(8)

    def write(_: int) -> int:
        start.wait()
        return telling.append([record(n) for n in range(10)], None).accepted

    with Threads(8) as pool:
        accepted = list(pool.map(write, range(8)))

    assert sum(accepted) == 10
    assert len(entries(telling, home(telling))) == 10


def test_a_reader_that_keeps_up_is_not_disturbed_by_trimming(bounded: Any) -> None:
    partition, done = home(bounded), threading.Event()
    settled = bounded.bounds(partition).end

    def trim() -> None:
        while not done.is_set():
            bounded.make_room([settled] * bounded.partitions, 10**12)

    with Threads(1) as pool:
        trimming = pool.submit(trim)
        try:
            for n in range(500):
                bounded.append([record(n)], None)
                [entry] = bounded.read(partition, settled, 10).entries
                assert entry.record.id == f"event-{n}"
                settled = entry.offset
        finally:
            done.set()
        trimming.result(60)
