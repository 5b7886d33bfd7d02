"""The live picture: what the bus takes, delivers and knows, told to those who look. While nobody does, it is free."""

import threading
import time
import uuid
from collections import deque
from typing import Any

import orjson
from django.conf import settings

from eventbus.delivery.faults import faults
from eventbus.inspection.subscriptions import subscriptions
from eventbus.inspection.window import Window
from eventbus.log.open import the_log
from eventbus.log.port import Entry, Evicted, Log, WrongLog
from eventbus.log.position import Offsets, end, read, render
from svc_chassis.runtime import loop as loops
from svc_chassis.sse.feed import Feed, Frame, Position

WATCH = "watch"
EVERY = 1.0
"""seconds between looks at the subscriptions"""
PAUSE = 0.05
"""seconds between looks at the log"""
AT_ONCE = 1_000
"""events of one partition told in one look"""
FAR = 10_000
"""events or attempts behind which telling them all is given up"""
SHOWN = 20
"""events of one delivery that are named"""


class Picture:
    """What `GET /bus/stream` tells, and the loop that reads the log for it.

    Published events are read from the log, not noted by those who publish: that costs them nothing, and brings the
    positions. A picture begins when somebody looks, under a new name, so whoever saw an earlier one is told to reset.
    """

    def __init__(self) -> None:
        self.feed = Feed()
        self.watched = False
        self._beginning = threading.Lock()
        self._log_id = ""
        self._offsets: list[int] = []
        self._attempts: deque[dict[str, Any]] = deque()
        self._subscriptions: Any = None
        self._tell_at = self._look_at = 0.0

    def now(self) -> Position:
        with self._beginning:
            if not self.watched:
                self._begin(the_log())
            return self.feed.end

    def greeting(self) -> list[tuple[str, Any]]:
        found = _subscriptions()
        self._subscriptions = self._subscriptions or found
        told: list[tuple[str, Any]] = [("subscriptions", found)]
        return told + ([("faults", faults().as_json())] if settings.EVENTBUS_FAULTS_ENABLED else [])

    def since(self, known: Position) -> list[Frame] | None:
        return self.feed.since(known) if self.watched else None

    def new_events(self) -> None:
        """The log has grown."""
        if self.watched:
            loops.wake(WATCH)

    def delivered(
        self, subscription: str, entries: list[Entry], status: int | None, latency_ms: float, error: str
    ) -> None:
        """A delivery was attempted, and these of its events fared alike."""
        if self.watched and len(self._attempts) <= FAR:
            events = [entry.record for entry in entries[:SHOWN]]
            told: dict[str, Any] = {"subscription": subscription, "count": len(entries)}
            told["events"] = [{"id": event.id, "type": event.type, "subject": event.subject} for event in events]
            self._attempts.append(told | {"status": status, "latencyMs": latency_ms, "error": error or None})
            loops.wake(WATCH)

    def faults_changed(self) -> None:
        if self.watched:
            self.feed.put("faults", faults().as_json())

    def step(self) -> float:
        with self._beginning:
            self.watched = self.watched and self.feed.wanted
            if not self.watched:
                return EVERY
        now = time.monotonic()
        if self._tell_at <= now:
            self._tell_at = now + PAUSE
            more, until_look = self._tell(the_log()), self._look(now)
            return PAUSE if more else until_look
        return self._tell_at - now

    def stop(self) -> None:
        """Nothing is held."""

    def _begin(self, log: Log) -> None:
        self._log_id, self._offsets = log.log_id, list(end(log))
        self._attempts.clear()
        self._subscriptions, self.watched = None, True
        self.feed.restart(Position(uuid.uuid4().hex, 0))

    def _tell(self, log: Log) -> bool:
        """Tell what the log has got, then what was made of it; whether there is more."""
        # Counted before the log is read: what they delivered is told before them.
        attempts, more = len(self._attempts), False
        try:
            if attempts > FAR:
                raise Evicted("Too many attempts.")
            for partition in range(log.partitions):
                more |= self._tell_published(log, partition)
        except (Evicted, WrongLog):
            with self._beginning:
                self._begin(log)
            return False
        for _ in range(0 if more else attempts):
            self.feed.put("delivered", self._attempts.popleft())
        return more

    def _tell_published(self, log: Log, partition: int) -> bool:
        batch = read(log, self._log_id, partition, self._offsets[partition], FAR + 1)
        if len(batch.entries) > FAR:
            raise Evicted("Too far behind.")
        for entry in batch.entries[:AT_ONCE]:
            self._offsets[partition] = entry.offset
            self.feed.put("published", _published(self._log_id, entry, tuple(self._offsets)))
        return len(batch.entries) > AT_ONCE

    def _look(self, now: float) -> float:
        """Tell how the subscriptions are if that is due and news; the seconds until it is due again."""
        if self._look_at <= now:
            self._look_at = now + EVERY
            found = _subscriptions()
            if found != self._subscriptions:
                self._subscriptions = found
                self.feed.put("subscriptions", found)
        return self._look_at - now


PICTURE = Picture()


def _subscriptions() -> dict[str, Any]:
    return {"subscriptions": [row.as_json() for row in subscriptions(Window.of(the_log()), time.time())]}


def _published(log_id: str, entry: Entry, offsets: Offsets) -> dict[str, Any]:
    event = orjson.loads(entry.record.body)
    names = ("id", "type", "source", "subject", "time", "correlationid")
    return {name: event.get(name) for name in names} | {"position": render(log_id, offsets)}
