"""The log in memory. It dies with its process; the outboxes are its history, and fill the next one."""

import hashlib
import threading
import time
import uuid
from array import array
from datetime import datetime
from itertools import count, islice

from eventbus.log.port import Appended, Conflict, Entry, Evicted, Full, Record, WrongLog

OVERHEAD = 600
"""bytes that an entry takes besides its body, measured"""


class MemoryLog:
    """One partition, bounded in bytes."""

    partitions = 1
    durability = "memory"

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._log_id = str(uuid.uuid4())
        self._records: list[Record] = []
        self._stored_at = array("d")
        self._evicted = 0
        self._size = 0
        self._digests: dict[tuple[str, str], bytes] = {}

    @property
    def log_id(self) -> str:
        return self._log_id

    def append(self, records: list[Record], expected: str | None) -> Appended:
        with self._lock:
            if expected not in (None, self._log_id):
                raise WrongLog(f"This is log {self._log_id}, not {expected}.")
            fresh = self._fresh(records)
            size = sum(_size(record) for record, _ in fresh)
            if self._size + size > self._limit:
                raise Full(size)
            for record, digest in fresh:
                self._digests[record.source, record.id] = digest
                self._records.append(record)
            self._stored_at.extend([time.time()] * len(fresh))
            self._size += size
            return Appended(self._log_id, len(fresh), len(records) - len(fresh))

    def _fresh(self, records: list[Record]) -> list[tuple[Record, bytes]]:
        """Those not stored before, nor twice among themselves."""
        fresh: dict[tuple[str, str], tuple[Record, bytes]] = {}
        for record in records:
            key, digest = (record.source, record.id), hashlib.blake2b(record.body, digest_size=16).digest()
            known = self._digests.get(key) or (fresh[key][1] if key in fresh else digest)
            if known != digest:
                raise Conflict(f"{record.source} published {record.id} before, with another body.")
            if key not in self._digests:
                fresh.setdefault(key, (record, digest))
        return list(fresh.values())

    def read(self, log_id: str, partition: int, after: int, limit: int) -> list[Entry]:
        with self._lock:
            if log_id != self._log_id:
                raise WrongLog(f"This is log {self._log_id}, not {log_id}.")
            start = after - self._evicted
            if start < 0:
                raise Evicted(f"The log begins after {self._evicted}.")
            records, stored_at = self._records[start : start + limit], self._stored_at[start : start + limit]
        return list(map(Entry, count(after + 1), records, stored_at))

    def begin(self, partition: int) -> int:
        with self._lock:
            return self._evicted

    def end(self, partition: int) -> int:
        with self._lock:
            return self._evicted + len(self._records)

    def offset_before(self, partition: int, moment: datetime) -> int:
        with self._lock:
            later = (index for index, record in enumerate(self._records) if record.time >= moment)
            return self._evicted + next(later, len(self._records))

    def trim(self, partition: int, through: int, wanted: int) -> int:
        with self._lock:
            freed, dropped = 0, 0
            wanted += self._limit // 100  # so that a full log is not trimmed again for every event
            for record in islice(self._records, max(0, through - self._evicted)):
                if self._size - freed + wanted <= self._limit:
                    break
                freed, dropped = freed + _size(record), dropped + 1
                del self._digests[record.source, record.id]
            del self._records[:dropped]
            del self._stored_at[:dropped]
            self._evicted += dropped
            self._size -= freed
            return freed

    def renew(self, log_id: str) -> None:
        with self._lock:
            if log_id == self._log_id:
                self._begin()


def _size(record: Record) -> int:
    return len(record.body) + OVERHEAD
