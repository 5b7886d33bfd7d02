"""The log: an ordered list of events in one or more partitions. Append, read after an offset, bounds, time, trim."""

import hashlib
from datetime import datetime
from typing import NamedTuple, Protocol


class Record(NamedTuple):
    """An event on its way into the log."""

    source: str
    id: str
    type: str
    subject: str
    time: datetime
    body: bytes
    """the event's final bytes"""


class Entry(NamedTuple):
    """An event in the log; the first of a partition has offset 1."""

    offset: int
    record: Record
    stored_at: float | None = None
    """when it was appended, Unix seconds; None where the log does not note that"""


class Appended(NamedTuple):
    log_id: str
    accepted: int
    duplicates: int


class WrongLog(Exception):
    """The log holds another history than the one expected; nothing was stored."""


class Conflict(Exception):
    """The same (source, id) came before with another body; nothing was stored."""


class Full(Exception):
    """There is no room for the `needed` bytes; nothing was stored."""

    def __init__(self, needed: int) -> None:
        super().__init__("The log is full until its subscribers have caught up.")
        self.needed = needed


class Evicted(Exception):
    """What was asked for is no longer in the log."""


class Log(Protocol):
    partitions: int
    durability: str

    @property
    def log_id(self) -> str:
        """Names the history held; another one means that the last was lost."""

    def append(self, records: list[Record], expected: str | None) -> Appended:
        """Store all of `records` or none, with the declared durability.

        Raises WrongLog where `expected` names another log id, Conflict, Full.
        """

    def read(self, log_id: str, partition: int, after: int, limit: int) -> list[Entry]:
        """At most `limit` entries whose offset is greater than `after`. Raises Evicted, and WrongLog."""

    def begin(self, partition: int) -> int:
        """The offset after which the oldest entry kept stands."""

    def end(self, partition: int) -> int:
        """The offset of the newest entry, 0 where there is none yet."""

    def offset_before(self, partition: int, moment: datetime) -> int:
        """The offset after which the first event of `moment` or later stands."""

    def trim(self, partition: int, through: int, wanted: int) -> int:
        """Drop the oldest entries, none after `through`, until `wanted` bytes are free; the bytes freed."""

    def renew(self, log_id: str) -> None:
        """Forget the history named `log_id` and begin a new one; another one is left alone."""


def partition_of(subject: str, partitions: int) -> int:
    """Where the events of `subject` go, for ever: the same in every process and version."""
    digest = hashlib.blake2b(subject.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % partitions
