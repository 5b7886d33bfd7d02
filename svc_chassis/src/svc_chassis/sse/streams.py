"""The open streams of this process: their number, and how each of them ends."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Protocol

import structlog
from django.conf import settings
from django.db import connections
from prometheus_client import Gauge

from svc_chassis.runtime import scheduler
from svc_chassis.sse.feed import AT_ONCE, NEWS, Feed, Frame, Position

log = structlog.get_logger()

OPEN = Gauge("blogbus_streams_open", "Streams of server-sent events that are open.")

HEARTBEAT = 5.0
"""seconds without data, at most"""
PAUSE = 0.05
"""seconds between two pieces, so that many events are sent in few pieces"""
VANISHED = 30_000
"""milliseconds in which nothing sent was acknowledged: the client's machine is gone"""
STALLED = 10.0
"""seconds in which a client took no whole piece"""
GRACE = 0.5
"""seconds that a piece on its way has when the server ends"""
WATCH = "streams"

_open: set["Stream"] = set()
_counting = threading.Lock()
_ending = threading.Event()


class Source(Protocol):
    """The source of a kind of stream."""

    feed: Feed

    def now(self) -> Position:
        """The position of a client that has everything."""

    def greeting(self) -> list[tuple[str, Any]]:
        """Kind and data of the first frames of each stream."""

    def since(self, known: Position) -> list[Frame] | None:
        """The frames after `known`, oldest first; None if they are not known (any more)."""


class Stream:
    """An open stream: its bytes, piece by piece, as they become due. While it waits it holds a thread, nothing else."""

    def __init__(self, source: Source, connection: socket.socket | None) -> None:
        self._source = source
        self._socket = connection
        self._known = Position("", 0)
        self._first: list[Frame] = []
        self._seen = 0
        self._sending_since: float | None = None
        if connection and hasattr(socket, "TCP_USER_TIMEOUT"):
            with suppress(OSError):  # it is closed already
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, VANISHED)
        source.feed.listen()
        OPEN.inc()

    def begin(self, last: str | None) -> None:
        """Find the place of a client that last heard the frame `last`."""
        self._seen = self._source.feed.changes
        if last is None:
            self._known = self._source.now()
        else:
            self._first = self._next(Position.parse(last))
        self._first += [Frame.of(self._known, kind, data) for kind, data in self._source.greeting()]

    def __iter__(self) -> Iterator[bytes]:
        yield from self._send(f"retry: 2000\nid: {self._known}\n: open\n\n".encode() + _joined(self._first))
        while not _ending.wait(PAUSE):
            self._wait()
            if _ending.is_set() or self._gone():
                break
            self._seen = self._source.feed.changes
            yield from self._send(_joined(self._next(self._known)) or b": still here\n\n")
        if _ending.is_set():
            # The client may leave the connection open for another request, and the server would wait for that.
            self._shut(socket.SHUT_RD)

    def close(self) -> None:
        """Called by the server when the stream ends, for any reason."""
        with _counting:
            if self not in _open:
                return
            _open.remove(self)
        self._source.feed.leave()
        OPEN.dec()

    def cut(self, now: float) -> None:
        """End it from another thread if its client does not read."""
        since, patience = self._sending_since, GRACE if _ending.is_set() else STALLED
        if since is not None and now - since > patience:
            log.info("stream cut: its client does not read")
            self._shut(socket.SHUT_RDWR)

    def _next(self, known: Position | None) -> list[Frame]:
        frames = self._source.since(known) if known else None
        if known is None or frames is None:
            self._known = self._source.now()
            return [Frame(self._known, "reset", b"{}")]
        self._known = frames[-1].position if frames else known
        if len(frames) >= AT_ONCE:
            self._seen = -1  # there may be more: don't wait for it
        return frames

    def _send(self, piece: bytes) -> Iterator[bytes]:
        connections.close_all()  # both the client and the next event may let us wait
        self._sending_since = time.monotonic()
        yield piece
        self._sending_since = None

    def _wait(self) -> None:
        with NEWS:
            NEWS.wait_for(lambda: self._source.feed.changes != self._seen or _ending.is_set(), HEARTBEAT)

    def _gone(self) -> bool:
        """Whether the client closed the connection."""
        try:
            flags = socket.MSG_PEEK | socket.MSG_DONTWAIT
            return self._socket is not None and self._socket.recv(1, flags) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def _shut(self, how: int) -> None:
        with suppress(OSError):  # it is closed already
            if self._socket:
                self._socket.shutdown(how)


def admit(source: Source, connection: Any) -> Stream | None:
    """A stream that counts as open until it is closed; None if the limit is reached."""
    plain = type(connection) is socket.socket and connection.family in (socket.AF_INET, socket.AF_INET6)
    with _counting:
        if len(_open) >= settings.STREAMS or _ending.is_set():
            return None
        stream = Stream(source, connection if plain else None)
        _open.add(stream)
    return stream


def end() -> None:
    """End all streams, and accept no new ones."""
    _ending.set()
    with NEWS:
        NEWS.notify_all()
    scheduler.wake(WATCH)


class Watch:
    """The loop that ends streams whose clients do not read: their own threads are blocked in sending."""

    def step(self) -> float:
        now = time.monotonic()
        for stream in list(_open):
            stream.cut(now)
        return GRACE / 2 if _ending.is_set() else 1.0

    def stop(self) -> None:
        """Nothing is held."""


def _joined(frames: list[Frame]) -> bytes:
    return b"".join(map(bytes, frames))
