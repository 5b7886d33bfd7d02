"""The index: a row per event in the log, so that what an operator looks up does not scan the log."""

import heapq
from collections.abc import Iterator
from datetime import datetime
from itertools import repeat
from typing import Any
from zlib import crc32

import orjson
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, Max

from eventbus import erasure
from eventbus.erasure import Noted
from eventbus.log.port import START, Batch, Entry, Evicted, Log, Record, WrongLog
from eventbus.log.position import Offsets, read
from eventbus.models import IndexedEvent, IndexedPartition, Tombstone
from svc_chassis.database.rows import execute_rows

EVERY = 1.0
"""seconds between two steps; each request of an operator updates the index too"""
CHUNK = 3_000
"""events indexed in one transaction, of all partitions together"""
LOOKS = 10
"""transactions at most during one request; the loop does the rest"""
INSERT = (
    f"INSERT INTO {IndexedEvent._meta.db_table} "
    '(partition, "offset", source, event_id, type, subject, correlationid, time, text, offsets, id_key, chain_key) '
    "VALUES {rows}"
)

Row = tuple[int, int, str, str, str, str, str, float, str, str, int, int]

TEXT, TEXTS = 200, 500
"""characters of one text in the payload, and bytes of all of them together, that can be searched"""


class Index:
    """The loop that updates the index."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def step(self) -> float:
        return 0 if follow(self._log) else EVERY

    def stop(self) -> None:
        """Nothing is held: rows and their offsets are written in one transaction."""


def catch_up(log: Log) -> None:
    """Index what was appended until now; if that is very much, the loop does the rest."""
    for _ in range(LOOKS):
        if not follow(log):
            return


def follow(log: Log) -> bool:
    """Index the next events, in one transaction; whether there may be more.

    If several processes try at once, one succeeds; the others see that the index has moved, and read again.
    """
    log_id, count = log.log_id, log.partitions
    if _note_gap(log, log_id):
        return True
    before = _through(log_id, count)
    most = max(50, CHUNK // count)
    try:
        batches = [_next(log, log_id, partition, after, most) for partition, after in enumerate(before)]
    except WrongLog:
        return True
    if all(batch.through == after for batch, after in zip(batches, before, strict=True)):
        return False
    offsets, noted = list(before), list[Noted]()
    with transaction.atomic():
        with connection.cursor() as cursor:
            execute_rows(cursor, INSERT, _rows(batches, most, offsets, noted))
        for partition, (old, new) in enumerate(zip(before, offsets, strict=True)):
            at = IndexedPartition.objects.filter(partition=partition, log_id=log_id, through=old, noted=old)
            if old != new and not at.update(through=new, noted=new):
                transaction.set_rollback(True)
                return True
        erasure.note(log_id, noted)
        _bound()
    return any(len(batch.entries) == most for batch in batches)


def _through(log_id: str, count: int) -> Offsets:
    """The offset through which each partition is indexed. A new history starts a new index."""
    rows = dict(IndexedPartition.objects.filter(log_id=log_id).values_list("partition", "through"))
    if len(rows) != count:
        with transaction.atomic():
            IndexedPartition.objects.exclude(log_id=log_id).delete()
            # In one statement: another process may begin the same index and fill it meanwhile.
            begun = IndexedPartition.objects.filter(log_id=log_id)
            IndexedEvent.objects.filter(~Exists(begun)).delete()
            Tombstone.objects.exclude(log_id=log_id).delete()
            new = [IndexedPartition(partition=partition, log_id=log_id) for partition in range(count)]
            IndexedPartition.objects.bulk_create(new, ignore_conflicts=True)
        rows = {}
    return tuple(rows.get(partition, START) for partition in range(count))


def _next(log: Log, log_id: str, partition: int, after: int, most: int) -> Batch:
    while True:
        try:
            return read(log, log_id, partition, max(after, log.bounds(partition).begin), most)
        except Evicted:
            continue  # dropped between the two


def _rows(batches: list[Batch], most: int, offsets: list[int], noted: list[Noted]) -> Iterator[Row]:
    """Rows of the next events of all partitions, in each by offset, merged by the events' times; moves `offsets` along,
    and adds what the events mean for erasure to `noted`.

    Ends with the first partition of which there is more to read: its next event may be older than others' last.
    """
    streams = [zip(batch.entries, repeat(partition)) for partition, batch in enumerate(batches)]
    ends = {partition: batch.through for partition, batch in enumerate(batches) if len(batch.entries) == most}
    for (offset, record, _), partition in streams[0] if len(streams) == 1 else heapq.merge(*streams, key=_time):
        offsets[partition] = offset
        source, event_id, kind, subject, moment, body = record
        event = orjson.loads(body)
        chain = event.get("correlationid") or ""
        noted.append(_noted(partition, offset, record, event))
        where = (partition, offset, source, event_id, kind, subject, chain, moment.timestamp(), searched(event))
        yield *where, ".".join(map(str, offsets)), key(event_id), key(chain)
        if offset == ends.get(partition):
            return
    offsets[:] = [batch.through for batch in batches]


def _note_gap(log: Log, log_id: str) -> bool:
    """Note the tombstones among events that a former release indexed, in pieces; whether there were such events."""
    gap = IndexedPartition.objects.filter(log_id=log_id, noted__lt=F("through")).first()
    if gap is None:
        return False
    try:
        batch = _next(log, log_id, gap.partition, gap.noted, CHUNK)
    except WrongLog:
        return True
    entries = [entry for entry in batch.entries if entry.offset <= gap.through]
    through = min(batch.through, gap.through) if entries else gap.through
    with transaction.atomic():
        at = IndexedPartition.objects.filter(partition=gap.partition, log_id=log_id, noted=gap.noted)
        if at.update(noted=through):
            erasure.note(
                log_id,
                [_noted(gap.partition, offset, record, orjson.loads(record.body)) for offset, record, _ in entries],
            )
    return True


def _noted(partition: int, offset: int, record: Record, event: dict[str, Any]) -> Noted:
    version = event.get("data", {}).get("version")
    counted = version if type(version) is int else None
    return Noted(partition, offset, record.source, record.subject, counted, event.get("tombstone") is True)


def searched(event: dict[str, Any]) -> str:
    """What an operator can search: the beginnings of the payload's texts, a line for each."""
    # Of names, too, there may be many: as long together as the texts.
    text = "\n".join(text.casefold() for text in beginnings(event, TEXT, 2 * TEXTS).values() if text)
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode()[:TEXTS].decode(errors="ignore")


def beginnings(event: dict[str, Any], each: int, most: int) -> dict[str, str]:
    """Of the payload's texts the first `each` characters, by name; of names and texts together at most `most`."""
    found = {}
    for name, value in event.get("data", {}).items():
        if isinstance(value, str) and len(name) + len(value[:each]) <= most:
            found[name] = value[:each]
            most -= len(name) + len(found[name])
    return found


def key(text: str) -> int:
    """The value of `id_key` and `chain_key`. Not unique: a lookup compares the text too."""
    return crc32(text.encode())


def _time(of: tuple[Entry, int]) -> datetime:
    return of[0].record.time


def _bound() -> None:
    """Beyond EVENTBUS_INDEX_EVENTS, delete the oldest tenth at once: that costs less. Ids have few gaps."""
    most, ids = settings.EVENTBUS_INDEX_EVENTS, IndexedEvent.objects.values_list("id", flat=True)
    # Two seeks: SQLite reads the whole table for both at once.
    oldest, newest = ids.order_by("id").first(), ids.order_by("-id").first()
    if oldest is None or newest is None or newest - oldest < most:
        return
    old = IndexedEvent.objects.filter(id__lte=newest - most + most // 10)
    for partition, begin in old.values_list("partition").annotate(Max("offset")).order_by():
        IndexedPartition.objects.filter(partition=partition).update(begin=begin)
    old.delete()
