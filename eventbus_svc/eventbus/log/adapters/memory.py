"""`memory://`: the log in memory. It dies with its process; the outboxes are its history, and fill the next one."""

import fcntl
import threading
import time
import uuid
from array import array
from collections.abc import Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import IO
from urllib.parse import SplitResult

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from eventbus.log.duplicates import fresh
from eventbus.log.port import (
    Appended,
    Batch,
    Bounds,
    Entry,
    Evicted,
    Features,
    Full,
    Record,
    WrongLog,
    partition_of,
)
from eventbus.log.url import options

OVERHEAD = 600
"""bytes that an entry takes besides its body, measured"""
LOCK_WITHIN = 5.0
"""seconds that a bus waits for its predecessor to be gone"""


class _Partition:
    """The entries of one partition; those evicted are counted."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.stored_at = array("d")
        self.evicted = 0


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
        self._kept = [_Partition() for _ in range(self.partitions)]
        self._size = 0
        self._digests: dict[tuple[str, str], bytes] = {}

    @property
    def log_id(self) -> str:
        return self._log_id

    def append(self, records: list[Record], expected: str | None) -> Appended:
        with self._lock:
            if expected not in (None, self._log_id):
                raise WrongLog(f"This is log {self._log_id}, not {expected}.")
            new = self._fresh(records)
            size = sum(_size(record) for record, _ in new)
            if self._size + size > self._limit:
                raise Full(size)
            now = time.time()
            for record, digest in new:
                kept = self._kept[partition_of(record.subject, self.partitions)]
                kept.records.append(record)
                kept.stored_at.append(now)
                self._digests[record.source, record.id] = digest
            self._size += size
            self._appends += 1
            self._grown.notify_all()
            return Appended(self._log_id, len(new), len(records) - len(new))

    def _fresh(self, records: list[Record]) -> list[tuple[Record, bytes]]:
        """Those not stored before, with their digests."""
        return fresh(records, self._digests)

    def read(self, partition: int, after: int, limit: int) -> Batch:
        with self._lock:
            kept = self._kept[partition]
            first = after // self._stride  # entries of this partition up to `after`, whether kept or not
            start = first - kept.evicted
            if start < 0:
                raise Evicted(f"The log begins after {kept.evicted * self._stride}.")
            records, stored_at = kept.records[start : start + limit], kept.stored_at[start : start + limit]
        offsets = count((first + 1) * self._stride, self._stride)
        entries = list(map(Entry, offsets, records, stored_at))
        return Batch(entries, entries[-1].offset if entries else after)

    def bounds(self, partition: int) -> Bounds:
        with self._lock:
            kept = self._kept[partition]
            return Bounds(kept.evicted * self._stride, (kept.evicted + len(kept.records)) * self._stride)

    def at(self, partition: int, moment: datetime) -> int:
        with self._lock:
            kept = self._kept[partition]
            later = (index for index, record in enumerate(kept.records) if record.time >= moment)
            return (kept.evicted + next(later, len(kept.records))) * self._stride

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
            may_go = [
                max(0, offset // self._stride - kept.evicted) for kept, offset in zip(self._kept, through, strict=True)
            ]
            drops, freed = [0] * self.partitions, 0
            while self._size - freed + wanted > self._limit:
                oldest = [
                    (kept.stored_at[drops[p]], p)
                    for p, kept in enumerate(self._kept)
                    if drops[p] < min(may_go[p], len(kept.records))
                ]
                if not oldest:
                    break
                _, p = min(oldest)
                freed += _size(self._kept[p].records[drops[p]])
                drops[p] += 1
            self._drop(drops)
            self._size -= freed
            return freed

    def _drop(self, counts: list[int]) -> None:
        for kept, dropped in zip(self._kept, counts, strict=True):
            for record in kept.records[:dropped]:
                del self._digests[record.source, record.id]
            del kept.records[:dropped]
            del kept.stored_at[:dropped]
            kept.evicted += dropped

    def renew(self, log_id: str) -> None:
        with self._lock:
            if log_id == self._log_id:
                self._begin()


def _size(record: Record) -> int:
    return len(record.body) + OVERHEAD


def open_log(url: SplitResult) -> MemoryLog:
    """`memory://`, `memory://?partitions=3`. Raises ImproperlyConfigured where another process has one here."""
    given = options(url, {"partitions": 1, "stride": 1})
    lock = _hold(settings.RUN_DIR / "eventbus.memory.lock")
    return MemoryLog(settings.EVENTBUS_MEMORY_LIMIT * 1024 * 1024, given["partitions"], given["stride"], lock)


def _hold(path: Path) -> IO[str]:
    """Lock `path` until this process ends, however it ends: two memory logs would each hold half a history."""
    file = path.open("w")
    deadline = time.monotonic() + LOCK_WITHIN
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                file.close()
                raise ImproperlyConfigured(
                    f"Another event bus with a memory log runs here (it holds {path}): stop it first."
                ) from None
            time.sleep(0.05)
        else:
            return file
