"""Erasure: once a tombstone is in the log, the earlier events of its source and subject are deleted everywhere."""

from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple, TypeVar

import structlog
from django.db.models import Max, QuerySet

from eventbus.log.port import START, CannotErase, Erasing, Log, WrongLog
from eventbus.log.position import following
from eventbus.models import Attempt, IndexedEvent, IndexedPartition, Lane, Parked, Tombstone

logger = structlog.get_logger()

EVERY = 1.0
"""seconds between two steps"""
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
        elif row is None or row.log_id != log_id:
            continue
        elif row.version is not None and event.version is not None and event.version > row.version:
            changed.pop(key, None)
            known.pop(key)
            Tombstone.objects.filter(source=event.source, subject=event.subject).delete()
            continue
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
        self._told = False

    def step(self) -> float:
        try:
            return self._step(self._log.log_id)
        except WrongLog:
            return 0  # another history began

    def _step(self, log_id: str) -> float:
        wait = EVERY
        for partition in range(self._log.partitions):
            rows = Tombstone.objects.filter(log_id=log_id, partition=partition)
            rows.filter(in_log=True, through__lte=self._log.bounds(partition).begin).update(in_log=False)
            for some in _pieces(list(rows.filter(in_lanes=True))):
                self._in_lanes(log_id, partition, some)
            if isinstance(self._log, Erasing):
                wait = min(wait, self._in_log(self._log, log_id, partition, list(rows.filter(in_log=True)[:PIECE])))
        return wait

    def stop(self) -> None:
        """Nothing is held."""

    def _in_lanes(self, log_id: str, partition: int, rows: list[Tombstone]) -> None:
        """Delete what is parked. A lane that has not passed the tombstone may still park what it has read."""
        lanes = Lane.objects.filter(partition=partition).values_list("log_id", "cursor")
        passed = min((cursor if held == log_id else START for held, cursor in lanes), default=None)
        wanted = {(row.source, row.subject): row for row in rows}
        parked = Parked.objects.filter(lane__partition=partition, lane__log_id=log_id)
        parked = parked.filter(subject__in=[row.subject for row in rows])
        found = parked.values_list("pk", "source", "subject", "offset")
        gone = [pk for pk, *key, offset in found if _supersedes(wanted.get((key[0], key[1])), offset)]
        Parked.objects.filter(pk__in=gone).delete()
        for row in rows:
            if passed is None or row.through <= passed:
                _unless_newer(row).update(in_lanes=False)

    def _in_log(self, log: Erasing, log_id: str, partition: int, rows: list[Tombstone]) -> float:
        """Delete the earlier events from the log and the index, and what subscribers answered to them."""
        if not rows:
            return EVERY
        found = {(row.source, row.subject): row for row in rows}
        places = {offset: key for key, offset in self._places(log_id, partition, found)}
        # The newest entry stays until another follows: it is the end of the log.
        end = self._log.bounds(partition).end
        offsets = sorted(places.keys() - {end})
        try:
            log.erase(log_id, partition, offsets)
        except CannotErase as error:
            if not self._told:
                logger.warning("events of removed subjects stay in the log", why=str(error))
            self._told = True
            return EVERY
        for some in _pieces(offsets):
            IndexedEvent.objects.filter(partition=partition, offset__in=some).delete()
            _forget_answers(log_id, partition, some)
        for key, row in found.items():
            if key != places.get(end):
                _unless_newer(row).update(in_log=False)
        if offsets:
            logger.info("erased", events=len(offsets), subjects=len(rows))
        return 0 if len(rows) == PIECE else EVERY

    def _places(self, log_id: str, partition: int, wanted: dict[Key, Tombstone]) -> Iterator[tuple[Key, int]]:
        """The offsets of the events that `wanted` supersede, by the index, and by the log where that is longer."""
        rows = IndexedEvent.objects.filter(partition=partition, subject__in=[subject for _, subject in wanted])
        for source, subject, offset in rows.values_list("source", "subject", "offset"):
            if _supersedes(wanted.get((source, subject)), offset):
                yield (source, subject), offset
        known_from = (
            IndexedPartition.objects.filter(partition=partition).aggregate(begin=Max("begin"))["begin"] or START
        )
        begin = self._log.bounds(partition).begin
        older = following(self._log, log_id, partition, begin, skips=True) if begin < known_from else iter(())
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
