"""The live picture: what the bus stores, delivers and knows, for `GET /bus/stream`.

All of it is read from the log and from rows, so each process of the bus shows the same, whoever did it. While nobody
looks, nothing is read.
"""

import threading
import time
import uuid
from typing import Any

import orjson
from django.conf import settings

from eventbus.delivery.faults import faults
from eventbus.inspection import index
from eventbus.inspection.subscriptions import subscriptions
from eventbus.inspection.window import Window
from eventbus.log.open import the_log
from eventbus.log.port import Entry, Evicted, Log, WrongLog
from eventbus.log.position import Offsets, end, read, render
from eventbus.models import Attempt, IndexedEvent
from svc_chassis.sse.feed import Feed, Frame, Position

WATCH = "watch"
EVERY = 1.0
"""seconds between looks at the subscriptions and the faults"""
PAUSE = 0.05
"""seconds between looks at the log and the attempts"""
AT_ONCE = 1_000
"""events of one partition, or attempts, told in one look"""
FAR = 10_000
"""events or attempts behind which telling them all is given up"""
SHOWN = 20
"""events of one delivery that are named"""
BEGINNING = 100
"""characters of each text of a payload that are told"""
BEGINNINGS = 1_000
"""characters of all of them together, with their names"""
OVERLAP = 100
"""attempts that are looked at again: another process may commit one after a later one"""


class Picture:
    """What `GET /bus/stream` tells, and the loop that reads it.

    A picture begins when somebody looks, under a new name: a client that saw an earlier one gets a reset.
    """

    def __init__(self) -> None:
        self.feed = Feed()
        self.watched = False
        self._beginning = threading.Lock()
        self._log_id = ""
        self._offsets: list[int] = []
        self._attempts: set[int] = set()
        """the ids of the newest attempts that were told"""
        self._shown: dict[str, Any] = {}
        """by kind of frame, what was told last"""
        self._tell_at = self._look_at = 0.0

    def now(self) -> Position:
        with self._beginning:
            if not self.watched:
                self._begin(the_log())
            return self.feed.end

    def greeting(self) -> list[tuple[str, Any]]:
        found = _states()
        self._shown = self._shown or found
        return list(found.items())

    def since(self, known: Position) -> list[Frame] | None:
        return self.feed.since(known) if self.watched else None

    def step(self) -> float:
        with self._beginning:
            self.watched = self.watched and self.feed.wanted
            if not self.watched:
                return EVERY
        now = time.monotonic()
        if self._tell_at <= now:
            self._tell_at = now + PAUSE
            self._tell(the_log())
            self._look(now)
        return self._tell_at - now

    def stop(self) -> None:
        """Nothing is held."""

    def _begin(self, log: Log) -> None:
        self._log_id, self._offsets = log.log_id, list(end(log))
        self._attempts = set(Attempt.objects.order_by("-pk").values_list("pk", flat=True)[:OVERLAP])
        self._shown, self.watched = {}, True
        self.feed.restart(Position(uuid.uuid4().hex, 0))

    def _tell(self, log: Log) -> None:
        """Tell what is new in the log, then what became of it."""
        # Looked up before the log is read: what they delivered is told before them.
        attempts, more = self._new_attempts(), False
        try:
            for partition in range(log.partitions):
                more |= self._tell_published(log, partition)
        except (Evicted, WrongLog):
            with self._beginning:
                self._begin(log)
            return
        if attempts and not more:
            self._tell_attempts(log, attempts)

    def _tell_published(self, log: Log, partition: int) -> bool:
        """Whether there is more to tell."""
        batch = read(log, self._log_id, partition, self._offsets[partition], FAR + 1)
        if len(batch.entries) > FAR:
            raise Evicted("Too far behind.")
        for entry in batch.entries[:AT_ONCE]:
            self._offsets[partition] = entry.offset
            self.feed.put("published", _published(self._log_id, entry, tuple(self._offsets)))
        return len(batch.entries) > AT_ONCE

    def _new_attempts(self) -> list[Attempt]:
        last = max(self._attempts, default=0)
        rows = Attempt.objects.filter(pk__gt=last - OVERLAP, log_id=self._log_id).select_related("lane").order_by("pk")
        return [row for row in rows[: AT_ONCE + OVERLAP] if row.pk not in self._attempts]

    def _tell_attempts(self, log: Log, attempts: list[Attempt]) -> None:
        index.catch_up(log)
        named = _named(attempts)
        for attempt in attempts:
            place = attempt.lane.partition
            events = [named[place, offset] for offset in attempt.offsets[:SHOWN] if (place, offset) in named]
            told = {"subscription": attempt.lane.subscription_id, "count": len(attempt.offsets), "events": events}
            outcome = {"status": attempt.status, "latencyMs": attempt.latency_ms, "error": attempt.error or None}
            self.feed.put("delivered", told | outcome)
        self._attempts |= {attempt.pk for attempt in attempts}
        self._attempts = {pk for pk in self._attempts if pk > max(self._attempts) - OVERLAP}

    def _look(self, now: float) -> None:
        """Once in EVERY seconds, tell what changed of the subscriptions and the faults."""
        if self._look_at > now:
            return
        self._look_at = now + EVERY
        for kind, state in _states().items():
            if state != self._shown.get(kind):
                self._shown[kind] = state
                self.feed.put(kind, state)


PICTURE = Picture()


def _states() -> dict[str, Any]:
    """By kind of frame: what is told at first, and when it changes."""
    rows = [row.as_json() for row in subscriptions(Window.of(the_log()), time.time())]
    found: dict[str, Any] = {"subscriptions": {"subscriptions": rows}}
    return found | ({"faults": faults().as_json()} if settings.EVENTBUS_FAULTS_ENABLED else {})


def _named(attempts: list[Attempt]) -> dict[tuple[int, int], dict[str, str]]:
    """By partition and offset: the events of these attempts that are shown."""
    wanted: dict[int, set[int]] = {}
    for attempt in attempts:
        wanted.setdefault(attempt.lane.partition, set()).update(attempt.offsets[:SHOWN])
    return {
        (row.partition, row.offset): {"id": row.event_id, "type": row.type, "subject": row.subject}
        for partition, offsets in wanted.items()
        for row in IndexedEvent.objects.filter(partition=partition, offset__in=offsets)
    }


def _published(log_id: str, entry: Entry, offsets: Offsets) -> dict[str, Any]:
    event = orjson.loads(entry.record.body)
    names = ("id", "type", "source", "subject", "time", "correlationid")
    data = index.beginnings(event, BEGINNING, BEGINNINGS)
    return {name: event.get(name) for name in names} | {"data": data, "position": render(log_id, offsets)}
