"""What all logs in a server have in common: several processes share one, and its history is looked up once."""

import threading
from abc import ABC, abstractmethod
from datetime import datetime
from typing import NamedTuple

from eventbus.log.port import Appended, Batch, Bounds, Features, Record, check_history
from eventbus.log.position import first_at
from eventbus.log.waiting import Waiting
from svc_chassis.web.problems import Unavailable

QUEUE = 1.0
"""seconds that a thread waits for another one's look at the server"""


class History(NamedTuple):
    log_id: str
    partitions: int


class LogInServer(ABC):
    """`Log`, but for what its engine does."""

    durability: str
    features: Features

    def __init__(self, wanted: int, every: float) -> None:
        """`wanted`: partitions, 0: as many as there are, one in a new log. `every`: seconds, see Waiting."""
        self._wanted = wanted
        self._held: History | None = None
        self._opening = threading.Lock()
        self._waiting = Waiting(self.newest, every)

    @property
    def log_id(self) -> str:
        return self.history().log_id

    @property
    def partitions(self) -> int:
        return self.history().partitions

    def history(self) -> History:
        """The first look begins the log. Raises ImproperlyConfigured where the server cannot keep it as asked."""
        if self._held:
            return self._held
        # Each waits for the one that asks, and none for all that ask before it.
        if not self._opening.acquire(timeout=QUEUE):
            raise Unavailable("The server of the log does not answer.")
        try:
            self._held = self._held or self.begin()
        finally:
            self._opening.release()
        return self._held

    def append(self, records: list[Record], expected: str | None) -> Appended:
        history = self.history()
        check_history(expected, history.log_id)
        if records:
            self.store(records, history)
            self._waiting.tell()
        return Appended(history.log_id, len(records), 0)

    def at(self, partition: int, moment: datetime) -> int:
        return first_at(self, partition, moment)

    def wait(self, timeout: float) -> bool:
        return self._waiting.wait(timeout)

    @abstractmethod
    def begin(self) -> History:
        """The history in the server, a new one if there is none."""

    @abstractmethod
    def store(self, records: list[Record], history: History) -> None:
        """Returns when all are stored as durably as declared."""

    @abstractmethod
    def newest(self) -> int:
        """What rises with each append by any process. Raises Unavailable if the history is gone."""

    @abstractmethod
    def read(self, partition: int, after: int, limit: int) -> Batch: ...

    @abstractmethod
    def bounds(self, partition: int) -> Bounds: ...

    @abstractmethod
    def close(self) -> None: ...
