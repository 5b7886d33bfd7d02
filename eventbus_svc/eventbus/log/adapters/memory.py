"""`memory://`: the log in memory. It dies with its process; the outboxes are its history, and fill the next one."""

import heapq
import threading
import time
import uuid
from collections.abc import Sequence
from datetime import datetime
from itertools import count, repeat
from typing import IO
from urllib.parse import SplitResult

from django.conf import settings

from eventbus.log.duplicates import digest, fresh
from eventbus.log.packing import Records, size_of
from eventbus.log.port import (
    Appended,
    Batch,
    Bounds,
    Entry,
    Evicted,
    Features,
    Full,
    Record,
    check_history,
    partition_of,
)
from eventbus.log.url import options
from svc_chassis.runtime.hold import hold


class MemoryLog:
    """Bounded in bytes. Offsets rise by `stride`, so that a test finds who takes them for dense."""

    durability = "memory"
    features = Features(dedup=True, atomic_batch=True, trims=True, single_process=True)

    def __init__(self, limit: int, partitions: int = 1, stride: int = 1, lock: IO[str] | None = None) -> None:
        self.partitions = partitions
        self._limit = limit
        self._stride = stride
        self._file = lock
        self._lock = threading.Lock()
        self._grown = threading.Condition(self._lock)
        self._appends = self._waited = 0
        self._begin()

    def _begin(self) -> None:
        self._log_id = str(uuid.uuid4())
        self._kept = [Records() for _ in range(self.partitions)]
        self._digests: dict[bytes, bytes] = {}
        """by the digest of source and id, that of the body"""

    @property
    def log_id(self) -> str:
        return self._log_id

    @property
    def _size(self) -> int:
        return sum(kept.size for kept in self._kept)

    def append(self, records: list[Record], expected: str | None) -> Appended:
        with self._lock:
            check_history(expected, self._log_id)
            new = self._fresh(records)
            size = sum(size_of(record) for record, _ in new)
            if self._size + size > self._limit:
                raise Full(size)
            now = time.time()
            for record, its in new:
                self._kept[partition_of(record.subject, self.partitions)].append(record, now)
                self._digests[_identity(record)] = its
            self._appends += 1
            self._grown.notify_all()
            return Appended(self._log_id, len(new), len(records) - len(new))

    def _fresh(self, records: list[Record]) -> list[tuple[Record, bytes]]:
        """Those not stored before, with their digests."""
        known = {(record.source, record.id): self._digests.get(_identity(record)) for record in records}
        return fresh(records, {key: its for key, its in known.items() if its})

    def read(self, partition: int, after: int, limit: int) -> Batch:
        with self._lock:
            kept = self._kept[partition]
            first = after // self._stride  # entries of this partition up to `after`, whether kept or not
            start = first - kept.dropped
            if start < 0:
                raise Evicted(f"The log begins after {kept.dropped * self._stride}.")
            records, stored_at = kept.between(first, first + limit), kept.stored_at[start : start + limit]
        offsets = count((first + 1) * self._stride, self._stride)
        entries = list(map(Entry, offsets, records, stored_at))
        through = entries[-1].offset if entries else after
        return Batch([entry for entry in entries if entry.record.body], through)

    def erase(self, log_id: str, partition: int, offsets: Sequence[int]) -> None:
        numbers = sorted(offset // self._stride - 1 for offset in offsets)
        # Locked for one pack at a time: to pack it again takes milliseconds.
        while numbers:
            with self._lock:
                check_history(log_id, self._log_id)
                numbers = self._kept[partition].erase(numbers)

    def bounds(self, partition: int) -> Bounds:
        with self._lock:
            kept = self._kept[partition]
            return Bounds(kept.dropped * self._stride, (kept.dropped + len(kept)) * self._stride)

    def at(self, partition: int, moment: datetime) -> int:
        with self._lock:
            return self._kept[partition].since(moment) * self._stride

    def wait(self, timeout: float) -> bool:
        with self._grown:
            grown = self._grown.wait_for(lambda: self._appends != self._waited, timeout)
            self._waited = self._appends
            return grown

    def close(self) -> None:
        if self._file:
            self._file.close()

    def make_room(self, through: Sequence[int], wanted: int) -> int:
        with self._lock:
            wanted += self._limit // 100  # so that a full log is not trimmed again for every event
            before = self._size
            may_go = [
                min(len(kept), max(0, offset // self._stride - kept.dropped))
                for kept, offset in zip(self._kept, through, strict=True)
            ]
            oldest_first = heapq.merge(
                *(
                    zip(kept.stored_at[:count], repeat(partition), kept.sizes())
                    for partition, (kept, count) in enumerate(zip(self._kept, may_go, strict=True))
                )
            )
            drops, excess = [0] * self.partitions, float(before + wanted - self._limit)
            for _, partition, size in oldest_first:
                if excess <= 0:
                    break
                drops[partition] += 1
                excess -= size
            for kept, count in zip(self._kept, drops, strict=True):
                for record in kept.drop(count):
                    del self._digests[_identity(record)]
            return before - self._size

    def renew(self, log_id: str) -> None:
        with self._lock:
            if log_id == self._log_id:
                self._begin()


def _identity(record: Record) -> bytes:
    """Names its event in less space than source and id take."""
    return digest(f"{record.source} {record.id}".encode())


def open_log(url: SplitResult) -> MemoryLog:
    """`memory://`, `memory://?partitions=3`. Raises ImproperlyConfigured where another process has one here."""
    given = options(url, {"partitions": 1, "stride": 1})
    path = settings.RUN_DIR / "eventbus.memory.lock"
    # Two memory logs would each hold half a history.
    lock = hold(path, f"Another event bus with a memory log runs here (it holds {path}): stop it first.")
    return MemoryLog(settings.EVENTBUS_MEMORY_LIMIT * 1024 * 1024, given["partitions"], given["stride"], lock)
