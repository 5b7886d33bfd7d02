"""A position: an opaque string with an offset for every partition of one history."""

import re
from collections.abc import Iterator
from datetime import datetime

from eventbus.log.port import START, Batch, Entry, Evicted, Log, check_history

CHUNK = 500

Offsets = tuple[int, ...]


class OtherHistory(Exception):
    """A position of a history that the log does not hold."""

    def __init__(self, log_id: str) -> None:
        super().__init__(f"This position belongs to another history; the log's is {log_id}. Begin anew, without it.")
        self.log_id = log_id


def parse(text: str, log: Log) -> Offsets:
    """Raises ValueError if `text` is not a position, and OtherHistory."""
    found = re.fullmatch(r"([0-9A-Za-z_-]{1,64})((?:\.[0-9]{1,18})+)", text)
    if not found:
        raise ValueError(f"{text!r} is no position.")
    log_id, offsets = found[1], tuple(int(part) for part in found[2][1:].split("."))
    if log_id != (held := log.log_id):
        raise OtherHistory(held)
    if len(offsets) != log.partitions:
        raise ValueError(f"{text!r} is no position of this log: it has {log.partitions} partitions.")
    return offsets


def render(log_id: str, offsets: Offsets) -> str:
    return ".".join([log_id, *map(str, offsets)])


def beginning(log: Log) -> Offsets:
    return (START,) * log.partitions


def end(log: Log) -> Offsets:
    return tuple(log.bounds(partition).end for partition in range(log.partitions))


def just_before(offset: int) -> int:
    """The offset to read after, to get the entry with `offset` first."""
    return offset - 1


def kept(log: Log, after: Offsets) -> bool:
    """Whether the log still has all entries after `after`."""
    return all(offset >= log.bounds(partition).begin for partition, offset in enumerate(after))


def read(log: Log, log_id: str, partition: int, after: int, limit: int) -> Batch:
    """As Log.read, of the history `log_id`. Raises WrongLog, and Evicted."""
    try:
        batch = log.read(partition, after, limit)
    except Evicted:
        check_history(log_id, log.log_id)
        raise
    # Checked afterwards: a log that is renewed during the read returns entries of its new history.
    check_history(log_id, log.log_id)
    return batch


def history(log: Log, log_id: str, after: Offsets | None) -> Iterator[tuple[str, Entry]]:
    """Every entry of `log_id` after `after` with its position, in the log's order.

    `after` None: all that is kept, as it is reached. Raises WrongLog, and Evicted where something is gone, as it goes.
    """
    offsets = list(after or beginning(log))
    for partition in range(log.partitions):
        for entry in following(log, log_id, partition, offsets[partition], skips=after is None):
            offsets[partition] = entry.offset
            yield render(log_id, tuple(offsets)), entry


def following(log: Log, log_id: str, partition: int, after: int, *, skips: bool) -> Iterator[Entry]:
    """Every entry of one partition after `after`; with `skips`, those that the log still has."""
    while True:
        batch = _chunk(log, log_id, partition, after, skips=skips)
        yield from batch.entries
        if batch.through <= after:
            return
        after = batch.through


def first_at(log: Log, partition: int, moment: datetime) -> int:
    """As Log.at, by a look at all that is kept."""
    entries = following(log, log.log_id, partition, log.bounds(partition).begin, skips=True)
    found = next((entry.offset for entry in entries if entry.record.time >= moment), None)
    return log.bounds(partition).end if found is None else just_before(found)


def _chunk(log: Log, log_id: str, partition: int, after: int, *, skips: bool) -> Batch:
    while True:
        try:
            return read(log, log_id, partition, max(after, log.bounds(partition).begin) if skips else after, CHUNK)
        except Evicted:
            if not skips:
                raise
