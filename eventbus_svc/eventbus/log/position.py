"""A position: an opaque string that covers every partition, such as `17` or `17.4.9`; what follows it is "after" it."""

import re
from collections.abc import Iterator

from eventbus.log.port import Entry, Evicted, Log

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
        while entries := _chunk(log, log_id, partition, offsets[partition], skips=after is None):
            for entry in entries:
                offsets[partition] = entry.offset
                yield render(tuple(offsets)), entry


def _chunk(log: Log, log_id: str, partition: int, after: int, *, skips: bool) -> list[Entry]:
    while True:
        try:
            return log.read(log_id, partition, max(after, log.begin(partition)) if skips else after, CHUNK)
        except Evicted:
            if not skips:
                raise
