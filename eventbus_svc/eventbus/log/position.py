"""A position: an opaque string that covers every partition, such as `17` or `17.4.9`; what follows it is "after" it."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

from eventbus.log.port import Entry, Evicted, Log, WrongLog

CHUNK = 500

Offsets = tuple[int, ...]


def parse(text: str, log: Log) -> Offsets:
    """Raises ValueError where `text` is no position of this log."""
    if not re.fullmatch(r"[0-9]{1,18}(\.[0-9]{1,18})*", text) or text.count(".") + 1 != log.partitions:
        raise ValueError(f"{text!r} is no position of this log.")
    return tuple(int(part) for part in text.split("."))


def render(offsets: Offsets) -> str:
    return ".".join(map(str, offsets))


def beginning(log: Log) -> Offsets:
    return (0,) * log.partitions


def kept(log: Log, after: Offsets) -> bool:
    """Whether the log still has all that follows `after`."""
    return all(offset >= log.begin(partition) for partition, offset in enumerate(after))


def history(log: Log, after: Offsets | None) -> Iterator[tuple[str, Entry]]:
    """Every entry after `after` with its position, in the log's order. None: all that is kept, as it is reached.

    Raises WrongLog, and Evicted where something after `after` is gone, as it goes.
    """
    log_id, offsets = log.log_id, list(after or beginning(log))
    for partition in range(log.partitions):
        for entry in following(log, log_id, partition, offsets[partition], skips=after is None):
            offsets[partition] = entry.offset
            yield render(tuple(offsets)), entry


def following(log: Log, log_id: str, partition: int, after: int, *, skips: bool) -> Iterator[Entry]:
    """Every entry of one partition after `after`, or, where `skips`, what is kept of them."""
    while entries := _chunk(log, log_id, partition, after, skips=skips):
        yield from entries
        after = entries[-1].offset


def _chunk(log: Log, log_id: str, partition: int, after: int, *, skips: bool) -> list[Entry]:
    while True:
        try:
            return log.read(log_id, partition, max(after, log.begin(partition)) if skips else after, CHUNK)
        except Evicted:
            if not skips:
                raise


class Placed(NamedTuple):
    """An event, and where it is in the log."""

    position: Offsets
    partition: int
    entry: Entry

    def as_json(self) -> dict[str, Any]:
        """The event with its `position`."""
        body: dict[str, Any] = orjson.loads(self.entry.record.body)
        return body | {"position": render(self.position)}


def newest(log: Log, before: Offsets | None = None) -> Iterator[Placed]:
    """All events the log keeps, or those older than the one at `before`: newest first, in each partition by offset.

    Partitions are merged by the events' times. An event's position names, for each partition, the last offset that is
    no later than it in this order: what follows is later, and who goes on from there meets the event itself first.
    """
    streams = [_backwards(log, p, before[p] if before else None) for p in range(log.partitions)]
    heads = [next(stream, None) for stream in streams]
    while left := [(head.record.time, partition) for partition, head in enumerate(heads) if head]:
        _, partition = max(left)
        position = tuple(head.offset if head else log.begin(other) for other, head in enumerate(heads))
        head, heads[partition] = heads[partition], next(streams[partition], None)
        if head and (before is None or head.offset != before[partition]):
            yield Placed(position, partition, head)
        before = None


def _backwards(log: Log, partition: int, through: int | None) -> Iterator[Entry]:
    """The entries of one partition, from `through` or the end on, as far back as it goes."""
    log_id, end = log.log_id, log.end(partition)
    if through is not None:
        end = min(end, through)
    while end > (begin := log.begin(partition)):
        start = max(begin, end - CHUNK)
        try:
            entries = log.read(log_id, partition, start, end - start)
        except Evicted:
            continue  # the log began later when we came to it
        except WrongLog:
            return
        yield from reversed(entries)
        end = start
