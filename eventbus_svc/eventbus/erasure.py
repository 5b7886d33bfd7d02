"""Erasure: once a tombstone is in the log, the earlier events of its source and subject are deleted everywhere."""

from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import NamedTuple, TypeVar

import structlog
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from eventbus.log.port import START, CannotErase, Erasing, Log, WrongLog
from eventbus.log.position import following
from eventbus.models import Attempt, IndexedEvent, IndexedPartition, Parked, Tombstone
from svc_chassis.leases.lease import Tenancy

logger = structlog.get_logger()

EVERY = 1.0
"""seconds between two steps"""
REST = 10
"""times as long as a step took, the next one waits: the part of the log that the index lacks is read as a whole"""
PIECE = 100
"""tombstones, or rows, in one transaction"""
ERASED = "Erased: the event's subject was removed."

NOTED = ("log_id", "partition", "offset", "through", "version", "in_log", "in_index")
"""columns that a later event changes"""

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
        held = row if row is not None and row.log_id == log_id else None
        newer = held is None or held.version is None or event.version is None or event.version > held.version
        if event.is_tombstone and newer:
            row = known[key] = row or Tombstone(source=event.source, subject=event.subject)
            row.offset, row.version = event.offset, event.version
        elif held is None:
            continue
        elif newer and held.version is not None and event.version is not None:
            changed.pop(key, None)
            known.pop(key)
            Tombstone.objects.filter(source=event.source, subject=event.subject).delete()
            continue
        row = known[key]
        row.log_id, row.partition, row.through = log_id, event.partition, event.offset
        row.in_log = row.in_index = True
        changed[key] = row
    Tombstone.objects.bulk_create([row for row in changed.values() if row.pk is None], PIECE)
    Tombstone.objects.bulk_update([row for row in changed.values() if row.pk], NOTED, PIECE)


def superseding() -> QuerySet[Tombstone]:
    """To be used with Exists, in a query of the index: the tombstone that supersedes a row, if one does."""
    same = {name: OuterRef(name) for name in ("subject", "source", "partition")}
    return Tombstone.objects.filter(**same, through__gte=OuterRef("offset")).exclude(offset=OuterRef("offset"))


def _known(subjects: list[str]) -> dict[Key, Tombstone]:
    rows = (row for piece in _pieces(subjects) for row in Tombstone.objects.filter(subject__in=piece))
    return {(row.source, row.subject): row for row in rows}


class Erasure:
    """The loop that erases, in one process at a time. A step that was cut short is repeated."""

    def __init__(self, log: Log, tenancy: Tenancy, steady: Callable[[], float]) -> None:
        """`steady` gives seconds and never jumps."""
        self._log = log
        self._tenancy = tenancy
        self._steady = steady
        self._told = False

    def step(self) -> float:
        if not self._tenancy.hold() or not Tombstone.objects.exists():
            return EVERY
        began = self._steady()
        _forget_parked()
        _forget_texts(self._log.log_id)
        try:
            waiting = Tombstone.objects.filter(log_id=self._log.log_id, in_log=True)
            for partition in set(waiting.values_list("partition", flat=True)):
                gone = self._log.bounds(partition).begin  # by retention
                waiting.filter(partition=partition, through__lte=gone).update(in_log=False)
                if isinstance(self._log, Erasing):
                    self._erase(self._log, partition, waiting)
        except WrongLog:
            pass  # another history began
        except CannotErase as error:
            if not self._told:
                logger.warning("events of removed subjects stay in the log", why=str(error))
            self._told = True
        return max(EVERY, REST * (self._steady() - began))

    def stop(self) -> None:
        """Let another process erase at once."""
        self._tenancy.release()

    def _erase(self, log: Erasing, partition: int, waiting: QuerySet[Tombstone]) -> None:
        rows = list(waiting.filter(partition=partition).order_by("pk"))
        for piece in _pieces(rows):
            log.erase(piece[0].log_id, partition, [])  # raises before anything is looked up
            if self._tenancy.hold():
                self._erase_piece(log, piece[0].log_id, partition, piece)

    def _erase_piece(self, log: Erasing, log_id: str, partition: int, rows: list[Tombstone]) -> None:
        """Delete the earlier events from the log and the index, and what subscribers answered to them."""
        wanted = {(row.source, row.subject): row for row in rows}
        places = {offset: key for key, offset in self._places(log_id, partition, wanted)}
        # The newest entry stays until another follows: it is the end of the log.
        end = self._log.bounds(partition).end
        offsets = sorted(places.keys() - {end})
        log.erase(log_id, partition, offsets)
        for piece in _pieces(offsets):
            _forget(log_id, partition, piece)
        for key, row in wanted.items():
            if key != places.get(end):
                # Unless something was noted since.
                Tombstone.objects.filter(pk=row.pk, offset=row.offset, through=row.through).update(in_log=False)
        if offsets:
            logger.info("erased", events=len(offsets), subjects=len(rows))

    def _places(self, log_id: str, partition: int, wanted: dict[Key, Tombstone]) -> Iterator[tuple[Key, int]]:
        """The offsets of the events that `wanted` supersede, by the index, and by the log where that is longer."""
        rows = IndexedEvent.objects.filter(partition=partition, subject__in=[subject for _, subject in wanted])
        for source, subject, offset in rows.values_list("source", "subject", "offset"):
            if _supersedes(wanted.get((source, subject)), offset):
                yield (source, subject), offset
        indexed = IndexedPartition.objects.filter(partition=partition)
        index_begin = indexed.aggregate(begin=Max("begin"))["begin"] or START
        begin = self._log.bounds(partition).begin
        older = following(self._log, log_id, partition, begin, skips=True) if begin < index_begin else iter(())
        for offset, record, _ in takewhile(lambda entry: entry.offset <= index_begin, older):
            if _supersedes(wanted.get((record.source, record.subject)), offset):
                yield (record.source, record.subject), offset


def _supersedes(row: Tombstone | None, offset: int) -> bool:
    return row is not None and offset <= row.through and offset != row.offset


def _pieces(of: list[T]) -> Iterator[list[T]]:
    return (of[first : first + PIECE] for first in range(0, len(of), PIECE))


def _forget_parked() -> None:
    """Delete the parked events that a tombstone supersedes. A lane can park some at any time: from what it has read
    before, or in a replay of a log that cannot erase."""
    same = {name: OuterRef(name) for name in ("source", "subject")}
    its_log = {"log_id": OuterRef("lane__log_id"), "partition": OuterRef("lane__partition")}
    superseding = Tombstone.objects.filter(**same, **its_log, through__gte=OuterRef("offset"))
    parked = Parked.objects.filter(Exists(superseding.exclude(offset=OuterRef("offset"))))
    while piece := list(parked.values_list("pk", flat=True)[:PIECE]):
        Parked.objects.filter(pk__in=piece).delete()


def _forget_texts(log_id: str) -> None:
    """Delete the texts of removed subjects from the index, where they stay as long as the log has the events.

    The index has no key of subjects: this reads all of it, once for all new tombstones.
    """
    new = list(Tombstone.objects.filter(log_id=log_id, in_index=True).values_list("pk", "offset", "through"))
    if not new:
        return
    old, last = IndexedEvent.objects.filter(Exists(superseding().filter(in_index=True)), text__gt="").order_by("pk"), 0
    while piece := list(old.filter(pk__gt=last).values_list("pk", flat=True)[:PIECE]):
        IndexedEvent.objects.filter(pk__in=piece).update(text="")
        last = piece[-1]
    for rows in _pieces(new):
        with transaction.atomic():
            for pk, offset, through in rows:
                # Unless something was noted since.
                Tombstone.objects.filter(pk=pk, offset=offset, through=through).update(in_index=False)


@transaction.atomic
def _forget(log_id: str, partition: int, offsets: list[int]) -> None:
    """Delete these erased events from the index, and what subscribers answered to them: it may quote an event.

    Of a delivery with several events, one text may be of any of them. Raises WrongLog.
    """
    ours = IndexedPartition.objects.select_for_update().filter(partition=partition, log_id=log_id)
    if not list(ours):
        raise WrongLog(f"The index is not of log {log_id}.")
    near = Attempt.objects.filter(lane__partition=partition, log_id=log_id)
    near = near.filter(first__lte=offsets[-1], last__gte=offsets[0]).exclude(error="")
    for pk, its in near.values_list("pk", "offsets"):
        if not set(offsets).isdisjoint(its):
            Attempt.objects.filter(pk=pk).update(error=ERASED)
    IndexedEvent.objects.filter(partition=partition, offset__in=offsets).delete()
