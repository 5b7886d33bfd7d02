"""The log: an ordered list of events in one or more partitions. The port has only what every engine can do."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, runtime_checkable

import orjson

START = 0
"""The offset before all entries. Offsets rise and can be compared; they have gaps."""


class Record(NamedTuple):
    """An event to append."""

    source: str
    id: str
    type: str
    subject: str
    time: datetime
    body: bytes
    """the event's final bytes"""

    def chain(self) -> str | None:
        """The correlationid. Parses the body."""
        found: str | None = orjson.loads(self.body).get("correlationid")
        return found


class Entry(NamedTuple):
    """An event in the log."""

    offset: int
    record: Record
    stored_at: float | None = None
    """when it was appended, Unix seconds; None if the log does not record that"""


class Batch(NamedTuple):
    """The result of a read."""

    entries: list[Entry]
    through: int
    """`entries` has every entry from the given offset up to this one. The next read starts here."""


class Bounds(NamedTuple):
    """The range that one partition holds."""

    begin: int
    """the offset before the oldest entry that is kept"""
    end: int
    """the offset of the newest entry; `begin` if there is none"""


class Appended(NamedTuple):
    log_id: str
    accepted: int
    duplicates: int
    """as far as the log detects them, see Features.dedup"""


class Features(NamedTuple):
    """What some engines do and others do not. The conformance suite tests what is declared."""

    dedup: bool
    """the same (source, id) is not stored again; with another body it is a Conflict"""
    atomic_batch: bool
    """a batch is stored whole or not at all"""
    trims: bool
    """the oldest entries may be deleted"""
    single_process: bool
    """one process has it: appends happen in the process that waits"""


class WrongLog(Exception):
    """The log has another history than the expected one; nothing was stored."""


class Conflict(Exception):
    """The same (source, id) is stored with another body; nothing was stored."""


class Full(Exception):
    """The log has no room for `needed` bytes; nothing was stored."""

    def __init__(self, needed: int) -> None:
        super().__init__("The log is full until its subscribers have caught up.")
        self.needed = needed


class Evicted(Exception):
    """The requested entries are no longer in the log."""


class CannotErase(Exception):
    """The server does not let single entries be deleted; why, and what helps."""


class Log(Protocol):
    durability: str
    """`memory`, `fsync` or `quorum`: what an append survives once it returned"""
    features: Features

    @property
    def partitions(self) -> int:
        """Their number, at least 1. It never changes."""

    @property
    def log_id(self) -> str:
        """The name of the present history. A new one means that the last history was lost."""

    def append(self, records: list[Record], expected: str | None) -> Appended:
        """Store `records` with the declared durability, in order within each partition.

        Raises WrongLog if `expected` is another log id, Conflict, and Full.
        """

    def read(self, partition: int, after: int, limit: int) -> Batch:
        """At most `limit` entries with offsets greater than `after`, in order.

        Raises Evicted if some of them are gone. To read one history, compare the log id afterwards.
        """

    def bounds(self, partition: int) -> Bounds: ...

    def at(self, partition: int, moment: datetime) -> int:
        """An offset after which the first event of `moment` or later follows, and before which all are older."""

    def wait(self, timeout: float) -> bool:
        """Wait until a process appended since the last call, at most `timeout` seconds; whether one did."""

    def close(self) -> None:
        """Release files, connections and locks. No other method may be called afterwards."""


@runtime_checkable
class Bounded(Protocol):
    """A log of limited size, whose history the outboxes can publish again. Only such a log is ever renewed."""

    def make_room(self, through: Sequence[int], wanted: int) -> int:
        """Delete the oldest entries, of each partition at most through `through`, until `wanted` bytes
        are free; the bytes freed.
        """

    def renew(self, log_id: str) -> None:
        """Delete the history `log_id` and begin a new one. Another history is left alone."""


@runtime_checkable
class Expiring(Protocol):
    """A log that keeps its events for a time, read or not."""

    def trim(self) -> int:
        """Delete some of the expired events, oldest first; how many. 0 if there are none."""


@runtime_checkable
class Erasing(Protocol):
    """A log that can delete single entries. Only those of subjects that their publisher removed are deleted."""

    def erase(self, log_id: str, partition: int, offsets: Sequence[int]) -> None:
        """Delete these entries for good; those that are gone already, or never were, are no error.

        Reads go past them. The newest entry of the partition must not be among them. Raises WrongLog if `log_id` is not
        the present history, and CannotErase.
        """


def check_history(expected: str | None, present: str) -> None:
    """Raises WrongLog if `expected` is another log id than the present one; None expects any."""
    if expected not in (None, present):
        raise WrongLog(f"This is log {present}, not {expected}.")


def partition_of(subject: str, partitions: int) -> int:
    """The partition of the events of `subject`: the same in every process and version."""
    digest = hashlib.blake2b(subject.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % partitions
