"""Records to append, and a way to read them all."""

from datetime import UTC, datetime, timedelta

from eventbus.log.port import Entry, Log, Record, partition_of

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def record(n: int, *, subject: str = "s", source: str = "/test", body: bytes = b"", minutes: float = 0) -> Record:
    content = body or b'{"n":%d}' % n
    return Record(source, f"event-{n}", "Tested", subject, NOON + timedelta(minutes=minutes), content)


def entries(log: Log, partition: int, after: int = 0, limit: int = 1000) -> list[Entry]:
    """All entries after `after`, read `limit` at a time."""
    found: list[Entry] = []
    while more := log.read(log.log_id, partition, found[-1].offset if found else after, limit):
        found += more
    return found


def ids(log: Log) -> list[str]:
    """The ids of all entries, partition by partition."""
    return [entry.record.id for partition in range(log.partitions) for entry in entries(log, partition)]


def home(log: Log, subject: str = "s") -> int:
    return partition_of(subject, log.partitions)
