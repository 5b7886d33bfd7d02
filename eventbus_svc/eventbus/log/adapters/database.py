"""`database://`: the log in the bus's own database. Whatever was acknowledged is on disk.

Offsets are assigned under a lock that is held until the commit: no reader skips an event that is committed late.
"""

import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any
from urllib.parse import SplitResult

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, connections, transaction
from django.db.backends.utils import CursorWrapper

from eventbus.log.duplicates import Key, digest, fresh
from eventbus.log.port import Appended, Batch, Bounds, Entry, Evicted, Features, Record, check_history, partition_of
from eventbus.log.position import just_before
from eventbus.log.promises import check_partitions
from eventbus.log.url import options
from eventbus.log.waiting import Waiting
from eventbus.models import StoredEvent, StoredPartition
from svc_chassis.database.rows import execute_rows
from svc_chassis.runtime.clock import Believed, Clock

EVERY = 0.1
"""seconds between looks for what other processes appended"""
PIECE = 500
"""events deleted in one transaction: publishers wait for milliseconds"""
DAY = 86_400.0
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

EVENTS, PARTITIONS = StoredEvent._meta.db_table, StoredPartition._meta.db_table
BEGIN = f'SELECT "begin" FROM {PARTITIONS} WHERE partition = %s'
COLUMNS = "source, event_id, type, subject, time, body, stored_at"
INSERT = f"INSERT INTO {EVENTS} (partition, {COLUMNS}) VALUES {{rows}}"
KNOWN = f"SELECT source, event_id, body FROM {EVENTS} WHERE event_id IN "
READ = (
    f'SELECT ({BEGIN}), "offset", {COLUMNS} FROM {EVENTS} '
    'WHERE partition = %s AND "offset" > %s ORDER BY "offset" LIMIT %s'
)
BOUNDS = (
    f'SELECT "begin", (SELECT max("offset") FROM {EVENTS} WHERE partition = %s) FROM {PARTITIONS} WHERE partition = %s'
)
AT = f'SELECT "offset" FROM {EVENTS} WHERE partition = %s AND time >= %s ORDER BY "offset" LIMIT 1'
NEWEST = f'SELECT max("offset") FROM {EVENTS}'
OLDEST = f'SELECT "offset", stored_at FROM {EVENTS} WHERE partition = %s ORDER BY "offset" LIMIT {PIECE}'
DROP = f'DELETE FROM {EVENTS} WHERE partition = %s AND "offset" <= %s'
ERASE = f'DELETE FROM {EVENTS} WHERE partition = %s AND "offset" IN '
BEGINS = f'UPDATE {PARTITIONS} SET "begin" = %s WHERE partition = %s AND "begin" < %s'


class DatabaseLog:
    """SQL in place of querysets: lanes ask on every step, and building a queryset costs more than its answer."""

    durability = "fsync"
    features = Features(dedup=True, atomic_batch=True, trims=True, single_process=False)

    def __init__(self, partitions: int = 0, keep: float = 0, using: str = DEFAULT_DB_ALIAS) -> None:
        """`partitions` 0: as many as there are, one in a new log. `keep`: seconds, 0: for ever."""
        self._wanted = partitions
        self._keep = keep
        self._using = using
        self._now: Clock = Believed()
        self._held: tuple[str, int] | None = None
        self._waiting = Waiting(lambda: self._rows(NEWEST)[0][0] or 0, EVERY)

    @property
    def log_id(self) -> str:
        return self.history()[0]

    @property
    def partitions(self) -> int:
        return self.history()[1]

    def history(self) -> tuple[str, int]:
        """Log id and number of partitions; the first look begins the log.

        Raises ImproperlyConfigured where it has another number of partitions, and what the database raises.
        """
        if self._held is None:
            rows = StoredPartition.objects.using(self._using)
            with transaction.atomic(using=self._using):
                first, created = rows.get_or_create(partition=0, defaults={"log_id": str(uuid.uuid4())})
                if created:
                    rest = range(1, self._wanted)
                    rows.bulk_create(StoredPartition(partition=p, log_id=first.log_id) for p in rest)
            count = rows.count()
            check_partitions(self._wanted, count, "the log in this database", "begin with an empty database")
            self._held = first.log_id, count
        return self._held

    def append(self, records: list[Record], expected: str | None) -> Appended:
        log_id, partitions = self.history()
        check_history(expected, log_id)
        if not records:
            return Appended(log_id, 0, 0)
        with self._lock(log_id) as cursor:
            new = self._fresh(cursor, records)
            now = time.time()
            execute_rows(cursor, INSERT, (_row(record, partitions, now) for record in new))
        self._waiting.tell()
        return Appended(log_id, len(new), len(records) - len(new))

    @contextmanager
    def _lock(self, log_id: str) -> Iterator[CursorWrapper]:
        """A transaction that nobody else appends in, and whose commit is on disk when it returns."""
        connection = connections[self._using]
        sqlite = connection.vendor == "sqlite"
        with connection.cursor() as cursor:
            if sqlite:
                cursor.execute("PRAGMA synchronous = FULL")
            with transaction.atomic(using=self._using, durable=True):
                if not sqlite:
                    cursor.execute("SET LOCAL synchronous_commit = on")
                # SQLite has locked the whole database already.
                lock = "" if sqlite else "FOR UPDATE"
                cursor.execute(f"SELECT log_id FROM {PARTITIONS} WHERE partition = 0 {lock}")
                if cursor.fetchone() != (log_id,):
                    raise OperationalError(f"The log {log_id} is gone from the database: restart the event bus.")
                yield cursor

    def _fresh(self, cursor: CursorWrapper, records: list[Record]) -> list[Record]:
        """Those not stored before."""
        ids = list({record.id for record in records})
        cursor.execute(f"{KNOWN} ({', '.join(['%s'] * len(ids))})", ids)
        stored: dict[Key, bytes] = {(source, event_id): digest(body) for source, event_id, body in cursor.fetchall()}
        return [record for record, _ in fresh(records, stored)]

    def read(self, partition: int, after: int, limit: int) -> Batch:
        rows = self._rows(READ, partition, partition, after, limit)
        # In one statement with the entries: what is dropped between the two would be missed.
        begin = rows[0][0] if rows else self._rows(BEGIN, partition)[0][0]
        if after < begin:
            raise Evicted(f"The log begins after {begin}.")
        entries = [_entry(*row) for row in rows]
        return Batch(entries, entries[-1].offset if entries else after)

    def bounds(self, partition: int) -> Bounds:
        [(begin, newest)] = self._rows(BOUNDS, partition, partition)
        return Bounds(begin, newest or begin)

    def at(self, partition: int, moment: datetime) -> int:
        end = self.bounds(partition).end
        found = self._rows(AT, partition, _microseconds(moment))
        return just_before(found[0][0]) if found else end

    def wait(self, timeout: float) -> bool:
        return self._waiting.wait(timeout)

    def trim(self) -> int:
        return sum(map(self._trim, range(self.partitions))) if self._keep else 0

    def _trim(self, partition: int) -> int:
        over = self._now() - self._keep
        with transaction.atomic(using=self._using), connections[self._using].cursor() as cursor:
            cursor.execute(OLDEST, [partition])
            old = list(takewhile(lambda row: row[1] < over, cursor.fetchall()))
            if old:
                through = old[-1][0]
                cursor.execute(DROP, [partition, through])
                cursor.execute(BEGINS, [through, partition, through])
        return len(old)

    def erase(self, log_id: str, partition: int, offsets: Sequence[int]) -> None:
        check_history(log_id, self.log_id)
        for first in range(0, len(offsets), PIECE):
            piece = offsets[first : first + PIECE]
            with transaction.atomic(using=self._using), connections[self._using].cursor() as cursor:
                cursor.execute(f"{ERASE} ({', '.join(['%s'] * len(piece))})", [partition, *piece])

    def close(self) -> None:
        connections[self._using].close()

    def _rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        self.history()
        with connections[self._using].cursor() as cursor:
            cursor.execute(sql, params)
            return list(cursor.fetchall())


def _row(record: Record, partitions: int, now: float) -> tuple[Any, ...]:
    source, event_id, kind, subject, moment, body = record
    return partition_of(subject, partitions), source, event_id, kind, subject, _microseconds(moment), body, now


def _entry(
    _: int,
    offset: int,
    source: str,
    event_id: str,
    kind: str,
    subject: str,
    microseconds: int,
    body: bytes,
    stored_at: float,
) -> Entry:
    moment = EPOCH + timedelta(0, 0, microseconds)
    return Entry(offset, Record(source, event_id, kind, subject, moment, bytes(body)), stored_at)


def _microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def open_log(url: SplitResult) -> DatabaseLog:
    """`database://`, `database://?partitions=3&keep_days=30`. Raises ImproperlyConfigured."""
    given = options(url, {"partitions": 0, "keep_days": 0})
    log = DatabaseLog(given["partitions"], given["keep_days"] * DAY)
    # A database that does not answer, or lacks its tables, is met by every request and told by /readyz.
    with suppress(DatabaseError, InterfaceError):
        log.history()
    return log


def restored(using: str = DEFAULT_DB_ALIAS) -> None:
    """The database is an earlier copy: a new log id makes every service publish again what is missing.

    What the copy has stays, and starts the new history. Its offsets after that mean other events than before.
    """
    StoredPartition.objects.using(using).update(log_id=str(uuid.uuid4()))
