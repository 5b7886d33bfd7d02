"""The records of one partition in memory: the newest as they are, older ones packed, in about a fifth of the space."""

import marshal
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from eventbus.log.port import Record

TOGETHER, BYTES = 256, 1024 * 1024
"""records that are packed together, and bytes of their bodies, at most; 256 of the newest are not: lanes read them"""
FAST = 1
"""the level of compression: higher ones take several times as long, for a tenth of the space"""
OPENED = 4
"""packs whose records are held for the next read"""
LOOSE, EACH = 420, 190
"""bytes that a record takes besides its body or its share of a pack, and those that its log keeps of it; measured"""
EPOCH, TICK = datetime(1, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


class Pack(NamedTuple):
    length: int
    latest: datetime
    """of the times of its records"""
    data: bytes

    @classmethod
    def of(cls, records: list[Record]) -> "Pack":
        rows = [
            (record.source, record.id, record.type, record.subject, (record.time - EPOCH) // TICK, record.body)
            for record in records
        ]
        return cls(len(rows), max(record.time for record in records), zlib.compress(marshal.dumps(rows), FAST))

    def records(self) -> list[Record]:
        rows = marshal.loads(zlib.decompress(self.data))
        return [
            Record(source, event_id, kind, subject, EPOCH + time * TICK, body)
            for source, event_id, kind, subject, time, body in rows
        ]


class Records:
    """Numbered from 0; those dropped are counted. The caller holds a lock."""

    def __init__(self) -> None:
        self.dropped = 0
        self.size = 0
        """bytes that they take"""
        self.stored_at = array("d")
        self._packs: list[Pack] = []
        self._starts: list[int] = []
        """the number of the first record of each pack"""
        self._loose: list[Record] = []
        self._opened: dict[int, list[Record]] = {}
        """by the number of the first, the pack opened last is the last one"""

    def __len__(self) -> int:
        """Of those not dropped."""
        return len(self.stored_at)

    def append(self, record: Record, now: float) -> None:
        self._loose.append(record)
        self.stored_at.append(now)
        self.size += size_of(record)
        if len(self._loose) >= 2 * TOGETHER:
            bodies = accumulate(len(record.body) for record in self._loose[:TOGETHER])
            count = max(1, sum(size <= BYTES for size in bodies))
            self._pack(self._loose[:count], self.dropped + len(self) - len(self._loose))
            del self._loose[:count]

    def between(self, start: int, stop: int) -> list[Record]:
        """The records `start` to `stop`, without `stop`; `start` is not dropped."""
        found: list[Record] = []
        loose = self.dropped + len(self) - len(self._loose)
        while start < min(stop, loose):
            place = bisect_right(self._starts, start) - 1
            first, records = self._starts[place], self._open(place)
            found += records[start - first : stop - first]
            start = first + len(records)
        if stop > loose:
            found += self._loose[max(0, start - loose) : stop - loose]
        return found

    def sizes(self) -> Iterator[float]:
        """About what each takes, oldest first."""
        for pack in self._packs:
            for _ in range(pack.length):
                yield len(pack.data) / pack.length + EACH
        for record in self._loose:
            yield size_of(record)

    def drop(self, count: int) -> list[Record]:
        """The `count` oldest, which are gone."""
        gone: list[Record] = []
        while self._packs and len(gone) < count:
            pack, first = self._packs.pop(0), self._starts.pop(0)
            records = self._opened.pop(first, None) or pack.records()
            self.size -= len(pack.data) + EACH * pack.length
            going, staying = records[: count - len(gone)], records[count - len(gone) :]
            gone += going
            if staying:
                self._pack(staying, first + len(going), in_front=True)
        loose = self._loose[: count - len(gone)]
        del self._loose[: len(loose)]
        self.size -= sum(map(size_of, loose))
        del self.stored_at[:count]
        self.dropped += count
        return gone + loose

    def erase(self, numbers: list[int]) -> list[int]:
        """Delete the bodies of records, which stay in their places: those that are packed with the first of `numbers`,
        which rise; the others.
        """
        numbers = [number for number in numbers if self.dropped <= number < self.dropped + len(self)]
        loose = self.dropped + len(self) - len(self._loose)
        if not numbers or numbers[0] >= loose:
            for place in (number - loose for number in numbers):
                self.size -= len(self._loose[place].body)
                self._loose[place] = self._loose[place]._replace(body=b"")
            return []
        index = bisect_right(self._starts, numbers[0]) - 1
        first, old = self._starts[index], self._packs[index]
        its = [number for number in numbers if number < first + old.length]
        records = list(self._open(index))
        for place in (number - first for number in its):
            records[place] = records[place]._replace(body=b"")
        self._packs[index] = new = Pack.of(records)
        self._opened[first] = records
        self.size += len(new.data) - len(old.data)
        return numbers[len(its) :]

    def since(self, moment: datetime) -> int:
        """The number of the first record of `moment` or later; of the next one if there is none."""
        for start, pack in zip(self._starts, self._packs, strict=True):
            if pack.latest >= moment:
                return next(number for number, record in enumerate(pack.records(), start) if record.time >= moment)
        loose = self.dropped + len(self) - len(self._loose)
        later = (number for number, record in enumerate(self._loose, loose) if record.time >= moment)
        return next(later, self.dropped + len(self))

    def _open(self, place: int) -> list[Record]:
        start = self._starts[place]
        if start not in self._opened:
            if len(self._opened) >= OPENED:
                del self._opened[next(iter(self._opened))]
            self._opened[start] = self._packs[place].records()
        return self._opened[start]

    def _pack(self, records: list[Record], start: int, in_front: bool = False) -> None:
        pack = Pack.of(records)
        self._packs.insert(0 if in_front else len(self._packs), pack)
        self._starts.insert(0 if in_front else len(self._starts), start)
        self.size += len(pack.data) + EACH * pack.length
        if not in_front:
            self.size -= sum(map(size_of, records))


def size_of(record: Record) -> int:
    """Bytes that it takes as it is."""
    return len(record.body) + LOOSE + EACH
