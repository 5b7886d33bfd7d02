"""Records to append, and ways to read them all."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import OperationalError

from eventbus.log.port import START, Entry, Log, Record, partition_of

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def record(n: int, *, subject: str = "s", source: str = "/test", body: bytes = b"", minutes: float = 0) -> Record:
    content = body or b'{"n":%d}' % n
    return Record(source, f"event-{n}", "Tested", subject, NOON + timedelta(minutes=minutes), content)


def entries(log: Log, partition: int, after: int = START, limit: int = 1000) -> list[Entry]:
    """All entries after `after`, read `limit` at a time."""
    found: list[Entry] = []
    while (batch := log.read(partition, after, limit)).through > after:
        assert len(batch.entries) <= limit
        assert all(after < entry.offset <= batch.through for entry in batch.entries)
        found += batch.entries
        after = batch.through
    assert not batch.entries
    return found


def ids(log: Log) -> list[str]:
    """The ids of all entries, partition by partition."""
    return [
        entry.record.id
        for partition in range(log.partitions)
        for entry in entries(log, partition, log.bounds(partition).begin)
    ]


def home(log: Log, subject: str = "s") -> int:
    return partition_of(subject, log.partitions)


def eventually(call: Callable[[], Any]) -> Any:
    """What `call` returns, once that is something, and no error."""
    deadline = time.monotonic() + 60
    while True:
        try:
            if found := call():
                return found
        except OperationalError:
            pass
        assert time.monotonic() < deadline
        time.sleep(0.01)
