"""A position: an opaque string that covers every partition, such as `17` or `17.4.9`; what follows it is "after" it."""

import re
from collections.abc import Iterator

from eventbus.log.port import Entry, Log

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


def history(log: Log, after: Offsets) -> Iterator[tuple[str, Entry]]:
    """Every entry after `after` with its position, in the log's order. Raises Evicted, WrongLog as it goes."""
    log_id, offsets = log.log_id, list(after)
    for partition in range(log.partitions):
        while entries := log.read(log_id, partition, offsets[partition], CHUNK):
            for entry in entries:
                offsets[partition] = entry.offset
                yield render(tuple(offsets)), entry
