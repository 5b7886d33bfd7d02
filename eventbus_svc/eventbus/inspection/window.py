"""The part of the log that can be looked up: the present index, and the events of its rows."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db.models import QuerySet

from eventbus.inspection import index
from eventbus.log.port import START, Entry, Evicted, Log
from eventbus.log.position import Offsets, just_before, read, render
from eventbus.models import IndexedEvent, IndexedPartition

Place = tuple[int, int]
"""partition and offset"""


@dataclass(frozen=True)
class Window:
    log: Log
    log_id: str
    begins: Offsets
    """of each partition: events up to there have left the log"""
    through: Offsets
    """of each partition: the index covers events up to there"""
    since: float | None
    """Unix seconds: the time of the oldest event in the index; None if the index covers the whole log"""

    @classmethod
    def of(cls, log: Log) -> "Window":
        index.catch_up(log)
        log_id = log.log_id
        begins = tuple(log.bounds(partition).begin for partition in range(log.partitions))
        rows = {row.partition: row for row in IndexedPartition.objects.filter(log_id=log_id)}
        through = tuple(rows[p].through if p in rows else START for p in range(log.partitions))
        longer = any(row.begin > begins[row.partition] for row in rows.values())
        oldest = IndexedEvent.objects.order_by("id").first() if longer else None
        return cls(log, log_id, begins, through, oldest.time if oldest else None)

    def events(self) -> QuerySet[IndexedEvent]:
        """All that are still in the log, in the order of the list."""
        rows = IndexedEvent.objects.order_by("id")
        for partition, begin in enumerate(self.begins):
            if begin > START:
                rows = rows.exclude(partition=partition, offset__lte=begin)
        return rows

    def searched_since(self) -> float | None:
        """Unix seconds: from when on events are found by their texts. None: all are. A former release indexed none."""
        last = IndexedEvent.objects.filter(text=None).order_by("-id").first()
        if last is None or last.offset <= self.begins[last.partition]:
            return self.since
        first = IndexedEvent.objects.filter(id__gt=last.id).order_by("id").first()
        return time.time() if first is None else first.time

    def after(self, partition: int, offset: int, types: Iterable[str]) -> QuerySet[IndexedEvent]:
        """Those of one partition after `offset`, of these types."""
        offset = max(offset, self.begins[partition])
        return IndexedEvent.objects.filter(partition=partition, offset__gt=offset, type__in=list(types))

    def before(self, offsets: Offsets) -> QuerySet[IndexedEvent]:
        """Those older than the event at this position."""
        found = [
            row
            for partition, offset in enumerate(offsets)
            for row in IndexedEvent.objects.filter(partition=partition, offset__lte=offset).order_by("-offset")[:1]
        ]
        if not found:
            return self.events().none()
        last = max(found, key=lambda row: row.id)
        return self.events().filter(id__lte=last.id - (last.offset == offsets[last.partition]))

    def entries(self, rows: Sequence[IndexedEvent]) -> dict[Place, Entry]:
        """Their entries in the log, without those that have left it. Raises WrongLog."""
        found: dict[Place, Entry] = {}
        for partition in {row.partition for row in rows}:
            wanted = sorted(row.offset for row in rows if row.partition == partition)
            while wanted:
                try:
                    batch = read(self.log, self.log_id, partition, just_before(wanted[0]), len(wanted))
                except Evicted:
                    begin = self.log.bounds(partition).begin
                    wanted = [offset for offset in wanted if offset > begin]
                    continue
                found |= {(partition, entry.offset): entry for entry in batch.entries}
                through = max(batch.through, wanted[0])
                wanted = [offset for offset in wanted if offset > through]
        return found

    def as_json(self, rows: Sequence[IndexedEvent]) -> list[tuple[IndexedEvent, Entry, dict[str, Any]]]:
        """Each with its entry and its event, which has its `position`."""
        entries = self.entries(rows)
        return [
            (row, entry, orjson.loads(entry.record.body) | {"position": self._position(row)})
            for row in rows
            if (entry := entries.get((row.partition, row.offset)))
        ]

    def _position(self, row: IndexedEvent) -> str:
        """Not before the log begins: such a position would be refused."""
        offsets = [int(part) for part in row.offsets.split(".")]
        return render(self.log_id, tuple(max(*pair) for pair in zip(offsets, self.begins, strict=True)))
