"""The open streams of this process: what each of their clients is told, piece by piece."""

from typing import Any, Protocol

from django.conf import settings
from prometheus_client import Gauge

from svc_chassis.sse.feed import AT_ONCE, Feed, Frame, Position

OPEN = Gauge("blogbus_streams_open", "Streams of server-sent events that are open.")

HEARTBEAT = 5.0
"""seconds without data, at most"""


class Source(Protocol):
    """The source of a kind of stream."""

    feed: Feed

    def now(self) -> Position:
        """The position of a client that has everything. It may ask the database."""

    def greeting(self) -> list[tuple[str, Any]]:
        """Kind and data of the first frames of each stream. It may ask the database."""

    def since(self, known: Position) -> list[Frame] | None:
        """The frames after `known`, oldest first; None if they are not known (any more). It may ask the database."""


class Stream:
    """What one client is told. It holds nothing but its position."""

    def __init__(self, source: Source, last: str | None) -> None:
        """For a client that last heard the frame `last`."""
        source.feed.want()
        self._source = source
        seen = source.feed.changes
        known = source.now() if last is None else Position.parse(last)
        missed = [] if last is None else self._after(known)
        self._known = known or Position("", 0)
        told = self._piece(missed, seen)
        greeting = [Frame.of(self._known, kind, data) for kind, data in source.greeting()]
        self.first = f"retry: 2000\nid: {self._known}\n: open\n\n".encode() + told + _joined(greeting)
        """the first piece"""

    @property
    def behind(self) -> bool:
        """Whether there may be something to tell."""
        return self._source.feed.changes != self._seen

    def recent(self) -> bytes | None:
        """The next piece, from memory alone; None if it takes the source to know it."""
        feed = self._source.feed
        feed.want()
        seen = feed.changes
        frames = feed.since(self._known)
        return None if frames is None else self._piece(frames, seen)

    def next(self) -> bytes:
        """The next piece; empty: nothing is new."""
        seen = self._source.feed.changes
        return self._piece(self._after(self._known), seen)

    def _after(self, known: Position | None) -> list[Frame]:
        frames = self._source.since(known) if known else None
        return [Frame(self._source.now(), "reset", b"{}")] if frames is None else frames

    def _piece(self, frames: list[Frame], seen: int) -> bytes:
        if frames:
            self._known = frames[-1].position
        self._seen = seen if len(frames) < AT_ONCE else -1  # there may be more: don't wait for it
        return _joined(frames)


_open: set[Stream] = set()


def full() -> bool:
    """Whether this process has reached its limit of streams."""
    return len(_open) >= int(settings.STREAMS)


def opened(stream: Stream) -> None:
    _open.add(stream)
    OPEN.inc()


def closed(stream: Stream) -> None:
    _open.remove(stream)
    OPEN.dec()


def _joined(frames: list[Frame]) -> bytes:
    return b"".join(map(bytes, frames))
