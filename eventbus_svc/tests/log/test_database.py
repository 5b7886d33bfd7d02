"""What only the log in a database does: it outlives its process, several processes share it, and it forgets by age."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connections
from records import entries, home, ids, record
from stores import Threads, postgresql, sqlite

from eventbus.log.adapters import database
from eventbus.log.adapters.database import DatabaseLog
from eventbus.log.port import START, Bounded, Entry, Evicted, Expiring, Record, WrongLog
from svc_chassis.database.rows import execute_rows

DAY = 86_400.0
STORES: dict[str, Callable[[Any], str]] = {"SQLite": sqlite, "PostgreSQL": postgresql}


@pytest.fixture(params=STORES)
def using(request: Any) -> str:
    return STORES[request.param](request)


def wait_for(holds: Callable[[], Any], within: float = 30.0) -> None:
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_after_a_restart_it_goes_on_where_it_was(using: str) -> None:
    before = DatabaseLog(3, using=using)
    before.append([record(n, subject=f"s{n}") for n in range(20)], None)
    held = [entries(before, partition) for partition in range(3)]

    after = DatabaseLog(using=using)

    assert (after.log_id, after.partitions) == (before.log_id, 3)
    assert [entries(after, partition) for partition in range(3)] == held
    assert after.append([record(n, subject=f"s{n}") for n in range(21)], before.log_id) == (before.log_id, 1, 20)


@pytest.mark.parametrize("asked", [1, 2, 4])
def test_another_number_of_partitions_is_refused_and_changes_nothing(using: str, asked: int) -> None:
    log = DatabaseLog(3, using=using)
    log.append([record(1)], None)

    with pytest.raises(ImproperlyConfigured, match=r"has 3\. That number never changes: set partitions=3"):
        DatabaseLog(asked, using=using).history()

    assert (DatabaseLog(3, using=using).log_id, ids(log)) == (log.log_id, ["event-1"])


def test_processes_that_begin_at_once_begin_one_history(using: str) -> None:
    start = threading.Barrier(4)

    def begin(_: int) -> tuple[str, int]:
        start.wait()
        return DatabaseLog(3, using=using).history()

    with Threads(4) as pool:
        assert len(set(pool.map(begin, range(4)))) == 1


class Lingering(DatabaseLog):
    """One that has assigned its offsets, and commits when it is told to."""

    inserted, commit = threading.Event(), threading.Event()

    def _fresh(self, cursor: Any, records: list[Record]) -> list[Record]:
        new = super()._fresh(cursor, records)
        its = (database._row(record, self.partitions, time.time()) for record in new)
        execute_rows(cursor, database.INSERT, its)
        self.inserted.set()
        assert self.commit.wait(30)
        return []


def test_no_reader_skips_an_event_that_is_committed_late(request: pytest.FixtureRequest) -> None:
    using = postgresql(request)
    log, late = DatabaseLog(using=using), Lingering(using=using)
    late.inserted, late.commit = threading.Event(), threading.Event()
    log.append([record(0)], None)

    def waiting() -> bool:
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            return bool(cursor.fetchone()[0])

    with Threads(2) as pool:
        first = pool.submit(late.append, [record(1)], None)
        assert late.inserted.wait(30)
        second = pool.submit(log.append, [record(2)], None)
        wait_for(lambda: waiting() or second.done())
        seen = entries(log, 0)
        late.commit.set()
        first.result(30)
        second.result(30)

    seen += entries(log, 0, after=seen[-1].offset)
    assert [entry.record.id for entry in seen] == ["event-0", "event-1", "event-2"]


def test_an_append_by_another_process_ends_the_wait(using: str) -> None:
    log, other = DatabaseLog(using=using), DatabaseLog(using=using)
    log.wait(0)
    with Threads(1) as pool:
        waiting = pool.submit(log.wait, 30)
        other.append([record(1)], None)
        assert waiting.result(10)
    assert not log.wait(0)


def test_what_is_appended_is_on_disk_whatever_the_connection_does_elsewhere(using: str) -> None:
    said = []

    class Asking(DatabaseLog):
        def _fresh(self, cursor: Any, records: list[Record]) -> list[Record]:
            cursor.execute("PRAGMA synchronous" if sqlite_log else "SHOW synchronous_commit")
            said.append(cursor.fetchone()[0])
            return super()._fresh(cursor, records)

    sqlite_log = connections[using].vendor == "sqlite"
    with connections[using].cursor() as cursor:
        cursor.execute("PRAGMA synchronous = OFF" if sqlite_log else "SET synchronous_commit = off")
    Asking(using=using).append([record(1)], None)

    assert said == [2 if sqlite_log else "on"]


class TestForgetting:
    """By age alone: not for a late consumer, and never the whole history for one."""

    @pytest.fixture
    def log(self, using: str, monkeypatch: pytest.MonkeyPatch) -> DatabaseLog:
        """Of two days: ten events of four days ago, ten of a day ago, and one of now."""
        log, now = DatabaseLog(3, keep=2 * DAY, using=using), time.time()
        for first, days in ((0, 4), (10, 1), (20, 0)):
            monkeypatch.setattr(database.time, "time", lambda days=days: now - days * DAY)
            log.append([record(n, subject=f"s{n}") for n in range(first, min(first + 10, 21))], None)
        return log

    def drained(self, log: DatabaseLog) -> None:
        while log.trim():
            pass

    def test_what_is_older_goes_and_the_rest_stays(self, log: DatabaseLog) -> None:
        held = [entries(log, partition) for partition in range(3)]
        assert isinstance(log, Expiring)
        assert not isinstance(log, Bounded)

        self.drained(log)

        assert sorted(ids(log)) == sorted(f"event-{n}" for n in range(10, 21))
        for partition, before in enumerate(held):
            begin, end = log.bounds(partition)
            assert entries(log, partition, begin) == [entry for entry in before if entry.offset > begin]
            assert end == before[-1].offset
            assert (begin > START) == (len(before) > len(entries(log, partition, begin)))
        with pytest.raises(Evicted, match=f"The log begins after {log.bounds(home(log, 's0')).begin}"):
            log.read(home(log, "s0"), START, 10)

    def test_for_ever_is_for_ever(self, log: DatabaseLog, using: str) -> None:
        whole = DatabaseLog(using=using)
        assert whole.trim() == 0
        assert len(ids(whole)) == 21

    @pytest.mark.parametrize("seconds", [3600.0, 4_294_967.0])
    def test_a_clock_that_is_set_ahead_drops_nothing(
        self, using: str, monkeypatch: pytest.MonkeyPatch, seconds: float
    ) -> None:
        log, now = DatabaseLog(keep=3000, using=using), time.time()
        log.append([record(0)], None)
        monkeypatch.setattr(database.time, "time", lambda: now + seconds)

        self.drained(log)

        assert ids(log) == ["event-0"]

    def test_an_offset_is_never_given_twice_also_when_all_is_gone(self, log: DatabaseLog) -> None:
        ends, now = [log.bounds(partition).end for partition in range(3)], time.time()
        log._now = lambda: now + 9 * DAY
        self.drained(log)
        assert [tuple(log.bounds(partition)) for partition in range(3)] == [(end, end) for end in ends]
        assert log.read(0, ends[0], 10).entries == []

        log.append([record(n, subject=f"s{n}") for n in range(30, 50)], None)

        found: list[Entry] = [entry for partition in range(3) for entry in entries(log, partition, ends[partition])]
        assert len(found) == 20
        assert min(entry.offset for entry in found) > max(ends)

    def test_what_was_stamped_by_a_clock_in_the_future_goes_late_and_not_early(
        self, using: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        log, now = DatabaseLog(keep=2 * DAY, using=using), time.time()
        for n, days in enumerate((4, -3, 4)):
            monkeypatch.setattr(database.time, "time", lambda days=days: now - days * DAY)
            log.append([record(n)], None)
        monkeypatch.setattr(database.time, "time", lambda: now)

        self.drained(log)

        assert ids(log) == ["event-1", "event-2"]


class TestTrouble:
    """The database can't store it: nothing of the batch is, and the next one is stored as ever."""

    def refused(self, log: DatabaseLog, pattern: str) -> None:
        log.append([record(0)], None)
        with pytest.raises(OperationalError, match=pattern):
            log.append([record(n, body=b"x" * 60_000) for n in range(1, 60)], None)
        assert ids(log) == ["event-0"]

    def test_a_full_disk(self, request: pytest.FixtureRequest) -> None:
        log = DatabaseLog(using=(using := sqlite(request)))
        log.history()
        with connections[using].cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 40")
        self.refused(log, "full")
        with connections[using].cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1000000")

        assert log.append([record(n) for n in range(1, 60)], None).accepted == 59

    def test_a_locked_database(self, request: pytest.FixtureRequest) -> None:
        log = DatabaseLog(using=(using := sqlite(request)))
        log.append([record(0)], None)
        held, over = threading.Event(), threading.Event()

        def hold() -> None:
            with connections[using].cursor() as cursor:
                cursor.execute("BEGIN IMMEDIATE")
                held.set()
                assert over.wait(30)
                cursor.execute("ROLLBACK")

        with connections[using].cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 50")
        with Threads(1) as pool:
            holding = pool.submit(hold)
            assert held.wait(30)
            with pytest.raises(OperationalError, match="locked"):
                log.append([record(1)], None)
            assert ids(log) == ["event-0"]
            over.set()
            holding.result(30)

        assert log.append([record(1)], None).accepted == 1
        assert len(entries(log, home(log))) == 2

    def test_tables_that_somebody_emptied_meanwhile(self, using: str) -> None:
        log = DatabaseLog(using=using)
        log.append([record(0)], None)
        with connections[using].cursor() as cursor:
            cursor.execute(f"DELETE FROM {database.PARTITIONS}")

        with pytest.raises(OperationalError, match="is gone from the database: restart the event bus"):
            log.append([record(1)], None)


def test_a_moment_is_kept_to_the_microsecond(using: str) -> None:
    log = DatabaseLog(using=using)
    moments = [record(n)._replace(time=record(n).time + timedelta(microseconds=n)) for n in range(5)]
    log.append(moments, None)

    assert [entry.record.time for entry in entries(log, 0)] == [each.time for each in moments]
    assert [entry.record.id for entry in entries(log, 0, log.at(0, moments[3].time))] == ["event-3", "event-4"]


def test_a_restored_log_is_another_history_that_starts_with_what_the_copy_has(using: str) -> None:
    before = DatabaseLog(3, using=using)
    before.append([record(n, subject=f"s{n}") for n in range(20)], None)
    held = [entries(before, partition) for partition in range(3)]

    database.restored(using)
    after = DatabaseLog(using=using)

    assert after.log_id != before.log_id
    assert [entries(after, partition) for partition in range(3)] == held
    with pytest.raises(WrongLog):
        after.append([record(21)], before.log_id)
    assert after.append([record(n, subject=f"s{n}") for n in range(21)], after.log_id) == (after.log_id, 1, 20)


def test_where_the_log_is_not_in_the_database_a_restore_changes_nothing(using: str) -> None:
    database.restored(using)

    assert not database.StoredPartition.objects.using(using).exists()
