"""The log: an ordered list of events in one or more partitions. What every engine can do, and no more."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, runtime_checkable

START = 0
"""The offset before all others: every entry's is greater. Offsets only rise and compare; they have gaps."""


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
    """An event in the log."""

    offset: int
    record: Record
    stored_at: float | None = None
    """when it was appended, Unix seconds; None where the log does not note that"""


class Batch(NamedTuple):
    """What one read found, and how far it looked."""

    entries: list[Entry]
    through: int
    """Every entry up to here, and after the offset asked for, is in `entries`. Read on from here."""


class Bounds(NamedTuple):
    """What one partition holds."""

    begin: int
    """the offset after which the oldest entry kept stands"""
    end: int
    """the newest entry's offset; `begin` where there is none"""


class Appended(NamedTuple):
    log_id: str
    accepted: int
    duplicates: int
    """as far as the log knows, see Features.dedup"""


class Features(NamedTuple):
    """What not every engine does. The conformance suite tests what is declared."""

    dedup: bool
    """the same (source, id) again is not stored again, and with another body it is a Conflict"""
    atomic_batch: bool
    """a batch is stored whole or not at all"""
    trims: bool
    """the oldest entries may go"""
    single_process: bool
    """it belongs to one process: who appends is in the process that waits"""


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
    durability: str
    """memory, fsync or quorum: what an answered append has survived"""
    features: Features

    @property
    def partitions(self) -> int:
        """How many there are, at least one. Never changes."""

    @property
    def log_id(self) -> str:
        """Names the history held; another one means that the last was lost."""

    def append(self, records: list[Record], expected: str | None) -> Appended:
        """Store `records` with the declared durability, those of one partition in their order.

        Raises WrongLog where `expected` names another log id, Conflict, Full.
        """

    def read(self, partition: int, after: int, limit: int) -> Batch:
        """At most `limit` entries whose offset is greater than `after`, in order.

        Raises Evicted where some of them are gone. Whoever needs one history compares the log id afterwards.
        """

    def bounds(self, partition: int) -> Bounds: ...

    def at(self, partition: int, moment: datetime) -> int:
        """An offset after which the first event of `moment` or later stands, and none before that."""

    def wait(self, timeout: float) -> bool:
        """Until somebody, in whatever process, appended since the last call, at most `timeout` seconds; whether."""

    def close(self) -> None:
        """Give back files, connections and locks. Nothing else may be called afterwards."""


@runtime_checkable
class Bounded(Protocol):
    """A log of limited size whose history can be had again from the outboxes. No other log is ever renewed."""

    def make_room(self, through: Sequence[int], wanted: int) -> int:
        """Drop the oldest entries, in no partition beyond `through`, until `wanted` bytes are free; the bytes freed."""

    def renew(self, log_id: str) -> None:
        """Forget the history named `log_id` and begin a new one; another one is left alone."""


@runtime_checkable
class Expiring(Protocol):
    """A log that keeps its events for a time, whoever has read them and whoever has not."""

    def trim(self) -> int:
        """Drop some of the events whose time is over, the oldest first; how many. 0: there are no more of them."""


def partition_of(subject: str, partitions: int) -> int:
    """Where the events of `subject` go, for ever: the same in every process and version."""
    digest = hashlib.blake2b(subject.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % partitions
