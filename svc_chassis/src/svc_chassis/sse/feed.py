"""Recent frames, in memory: any thread adds them, and each open stream reads them at its own pace."""

import threading
import time
from bisect import bisect_right
from typing import Any, NamedTuple

import orjson

from svc_chassis.sse.bell import bell
from svc_chassis.web.numbers import whole_number

MOST, MOST_BYTES = 10_000, 8 * 1024 * 1024
"""frames kept, and bytes of their data; beyond that, the older half is deleted"""
AT_ONCE = 500
"""frames returned at a time"""
LINGER = 30.0
"""seconds after the last client asked for frames in which a returning client gets what it missed"""


class Position(NamedTuple):
    """The position of a client: it has everything up to `key` of the history `name`."""

    name: str
    key: int

    def __str__(self) -> str:
        return f"{self.name}.{self.key}"

    @classmethod
    def parse(cls, text: str) -> "Position | None":
        """None if `text` is not a position."""
        name, _, key = text.rpartition(".")
        number = whole_number(key)
        return cls(name, number) if name and number is not None else None


class Frame(NamedTuple):
    """One event of a stream."""

    position: Position
    """of a client that has this frame"""
    kind: str
    data: bytes
    """JSON"""

    @classmethod
    def of(cls, position: Position, kind: str, data: Any) -> "Frame":
        return cls(position, kind, orjson.dumps(data))

    def __bytes__(self) -> bytes:
        return f"id: {self.position}\nevent: {self.kind}\ndata: ".encode() + self.data + b"\n\n"


class Feed:
    """Frames by rising keys. Bounded: a client that is too slow loses its position."""

    def __init__(self) -> None:
        self._frames: list[Frame] = []
        self._size = 0
        self._begin = self.end = Position("", 0)
        self._lock = threading.Lock()
        self._wanted_until = 0.0
        self.changes = 0
        """the number of changes, which clients wait on"""

    @property
    def wanted(self) -> bool:
        """Whether a client asked a moment ago; otherwise nothing needs to be added."""
        return time.monotonic() < self._wanted_until

    def want(self) -> None:
        """A client listens. To be said again and again."""
        self._wanted_until = time.monotonic() + LINGER

    def restart(self, begin: Position) -> None:
        """Delete all frames: from now on it has those after `begin`."""
        with self._lock:
            self._frames, self._size, self._begin, self.end = [], 0, begin, begin
            self.changes += 1
        bell.ring()

    def put(self, kind: str, data: Any) -> None:
        """Add one frame, under the next number."""
        encoded = orjson.dumps(data)
        with self._lock:
            self._add(Frame(Position(self.end.name, self.end.key + 1), kind, encoded))
        bell.ring()

    def add(self, frame: Frame) -> None:
        """Add one frame; its position must be after the last one."""
        with self._lock:
            self._add(frame)
        bell.ring()

    def since(self, known: Position) -> list[Frame] | None:
        """The frames after `known`, at most AT_ONCE; None if the position is not known (any more)."""
        with self._lock:
            if known.name != self.end.name or not self._begin.key <= known.key <= self.end.key:
                return None
            start = bisect_right(self._frames, known.key, key=lambda frame: frame.position.key)
            return self._frames[start : start + AT_ONCE]

    def _add(self, frame: Frame) -> None:
        self._frames.append(frame)
        self._size += len(frame.data)
        self.end = frame.position
        self.changes += 1
        if len(self._frames) > MOST or self._size > MOST_BYTES:
            self._forget((len(self._frames) + 1) // 2)

    def _forget(self, count: int) -> None:
        self._begin = self._frames[count - 1].position
        del self._frames[:count]
        self._size = sum(len(frame.data) for frame in self._frames)
