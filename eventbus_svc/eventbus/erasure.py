"""Erasure: once a tombstone is in the log, the earlier events of its source and subject are deleted everywhere."""

from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple, TypeVar

import structlog
from django.db.models import QuerySet

from eventbus.log.port import CannotErase, Erasing, Log
from eventbus.log.position import following
from eventbus.models import Attempt, IndexedEvent, IndexedPartition, Lane, Parked, Tombstone

logger = structlog.get_logger()

EVERY = 1.0
"""seconds between two steps"""
HELPLESS = 60.0
"""seconds between two attempts where the log cannot erase"""
PIECE = 100
"""tombstones settled in one step"""
ERASED = "Erased: the event's subject was removed."

T = TypeVar("T")
Key = tuple[str, str]
"""source and subject"""


class Noted(NamedTuple):
    """What an event in the log means for erasure."""

    partition: int
    offset: int
    source: str
    subject: str
    version: int | None
    """of its subject, as its publisher counts"""
    is_tombstone: bool


def note(log_id: str, events: list[Noted]) -> None:
    """Record the tombstones among `events`, in the transaction in which these are indexed.

    An event that comes after its tombstone is late, and is erased too: a slow publisher sent it, or one that was
    restored from a backup. Unless it has a higher version: then the subject exists again.
    """
    if not any(event.is_tombstone for event in events) and not Tombstone.objects.exists():
        return
    known = _known(sorted({event.subject for event in events}))
    changed = dict[Key, Tombstone]()
    for event in events:
        key = event.source, event.subject
        row = known.get(key)
        if event.is_tombstone:
            row = known[key] = row or Tombstone(source=event.source, subject=event.subject)
            row.offset, row.version = event.offset, event.version
        elif row is None:
            continue
        elif row.version is not None and event.version is not None and event.version > row.version:
            changed.pop(key, None)
            known.pop(key)
            Tombstone.objects.filter(source=event.source, subject=event.subject).delete()
            continue
        elif row.log_id != log_id:
            row.offset = 0  # the tombstone is in another history
        row.log_id, row.partition, row.through = log_id, event.partition, event.offset
        row.in_log = row.in_lanes = True
        changed[key] = row
    for row in changed.values():
        row.save()


def _known(subjects: list[str]) -> dict[Key, Tombstone]:
    rows = (row for piece in _pieces(subjects) for row in Tombstone.objects.filter(subject__in=piece))
    return {(row.source, row.subject): row for row in rows}


class Erasure:
    """The loop that erases. Each step can be repeated, after a crash or by another replica at the same time."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def step(self) -> float:
        log_id = self._log.log_id
        # What another history holds is out of reach; its publishers send the tombstones to this one too.
        Tombstone.objects.exclude(log_id=log_id).update(in_log=False, in_lanes=False)
        wait = EVERY
        for partition in range(self._log.partitions):
            rows = Tombstone.objects.filter(log_id=log_id, partition=partition)
            rows.filter(in_log=True, through__lte=self._log.bounds(partition).begin).update(in_log=False)
            wait = min(wait, self._in_lanes(list(rows.filter(in_lanes=True)[:PIECE])))
            if isinstance(self._log, Erasing):
                wait = min(wait, self._in_log(self._log, partition, list(rows.filter(in_log=True)[:PIECE])))
        return wait

    def stop(self) -> None:
        """Nothing is held."""

    def _in_lanes(self, rows: list[Tombstone]) -> float:
        """Delete what is parked. A lane that has not passed the tombstone may still park what it has read."""
        for row in rows:
            lanes = Lane.objects.filter(partition=row.partition)
            behind = lanes.exclude(log_id=row.log_id, cursor__gte=row.through).exists()
            parked = Parked.objects.filter(lane__in=lanes.filter(log_id=row.log_id), subject=row.subject)
            parked.filter(source=row.source, offset__lte=row.through).exclude(offset=row.offset).delete()
            if not behind:
                _unless_newer(row).update(in_lanes=False)
        return EVERY

    def _in_log(self, log: Erasing, partition: int, rows: list[Tombstone]) -> float:
        """Delete the earlier events from the log and the index, and what subscribers answered to them."""
        if not rows:
            return EVERY
        found = {(row.source, row.subject): row for row in rows}
        places = {offset: key for key, offset in self._places(partition, found)}
        # The newest entry stays until another follows: it is the end of the log.
        end = self._log.bounds(partition).end
        offsets = sorted(places.keys() - {end})
        try:
            log.erase(partition, offsets)
        except CannotErase as error:
            logger.warning("removed events stay in the log", why=str(error), subjects=len(rows))
            return HELPLESS
        for some in _pieces(offsets):
            IndexedEvent.objects.filter(partition=partition, offset__in=some).delete()
            _forget_answers(self._log.log_id, partition, some)
        for key, row in found.items():
            if key != places.get(end):
                _unless_newer(row).update(in_log=False)
        if offsets:
            logger.info("erased", events=len(offsets), subjects=len(rows))
        return 0 if len(rows) == PIECE else EVERY

    def _places(self, partition: int, wanted: dict[Key, Tombstone]) -> Iterator[tuple[Key, int]]:
        """The offsets of the events that `wanted` supersede, by the index, and by the log where that is longer."""
        rows = IndexedEvent.objects.filter(partition=partition, subject__in=[subject for _, subject in wanted])
        for source, subject, offset in rows.values_list("source", "subject", "offset"):
            if _supersedes(wanted.get((source, subject)), offset):
                yield (source, subject), offset
        known_from = IndexedPartition.objects.get(partition=partition).begin
        begin = self._log.bounds(partition).begin
        older = following(self._log, self._log.log_id, partition, begin, skips=True) if begin < known_from else iter(())
        for offset, record, _ in takewhile(lambda entry: entry.offset <= known_from, older):
            if _supersedes(wanted.get((record.source, record.subject)), offset):
                yield (record.source, record.subject), offset


def _supersedes(row: Tombstone | None, offset: int) -> bool:
    return row is not None and offset <= row.through and offset != row.offset


def _unless_newer(row: Tombstone) -> QuerySet[Tombstone]:
    """The row, if nothing was noted since."""
    return Tombstone.objects.filter(pk=row.pk, log_id=row.log_id, offset=row.offset, through=row.through)


def _pieces(of: list[T]) -> Iterator[list[T]]:
    return (of[first : first + PIECE] for first in range(0, len(of), PIECE))


def _forget_answers(log_id: str, partition: int, offsets: list[int]) -> None:
    """Errors may quote an event. Those of the whole delivery go, if one of its events was erased."""
    near = Attempt.objects.filter(lane__partition=partition, log_id=log_id)
    near = near.filter(first__lte=offsets[-1], last__gte=offsets[0]).exclude(error="")
    for pk, its in near.values_list("pk", "offsets"):
        if not set(offsets).isdisjoint(its):
            Attempt.objects.filter(pk=pk).update(error=ERASED)
