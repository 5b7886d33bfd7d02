"""The last hour of each subscription, in a row per minute: what it settled, its lag, its latency, its outbox.

A loop in each process of the bus writes them, from rows that are there anyway: a delivery costs nothing more.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from itertools import groupby
from math import ceil

from django.db.models import F, Q

from eventbus.delivery import attempts
from eventbus.inspection.subscriptions import subscriptions
from eventbus.inspection.window import Window
from eventbus.log.port import Log
from eventbus.models import Attempt, Sample
from eventbus.schemas import Schema, moment
from svc_chassis.events.attributes import Time

MINUTE = 60.0
KEPT = 60
"""minutes"""
LATE = 2.0
"""seconds after a minute's end when it is written: a delivery is recorded a moment after its end"""
FROZEN = MINUTE + 10.0
"""seconds between two steps that mean that the process was frozen, or the clock was set"""
END = F("time") + F("latency_ms") / 1000
"""of a delivery, in Unix seconds"""


class SampledMinute(Schema):
    time: Time
    """Its beginning."""
    settled: int
    """Events of deliveries that ended in it."""
    lag: int
    """Events that it had not settled, a moment after its end."""
    p50_ms: float | None
    """Half of the deliveries that settled events took at most so long; null if there were none."""
    p95_ms: float | None
    unsent: int | None
    """Events in the service's outbox, a moment after its end; null if it does not say."""


class SampledSubscription(Schema):
    """What a subscription did in the last hour. Minutes in which the bus did not run all the time are absent, and
    those with more deliveries than it keeps."""

    subscription: str
    minutes: list[SampledMinute]


class Samples:
    """The loop that writes a minute when it is over. Several processes may: one row is written, and the first stays."""

    def __init__(self, log: Log, clock: Callable[[], float] = time.time) -> None:
        self._log = log
        self._clock = clock
        self._began = self._last = clock()

    def step(self) -> float:
        now = self._clock()
        present = int((now - LATE) // MINUTE)
        if not self._last <= now <= self._last + FROZEN:
            self._began = now
            _delete(present)
        self._last = now
        its_begin = (present - 1) * MINUTE
        if self._began <= its_begin and not Sample.objects.filter(minute=present - 1).exists():
            if not _dropped(since=its_begin):
                self._write(present - 1, now)
            _delete(present)
        return max(1.0, (present + 1) * MINUTE + LATE - self._clock())

    def stop(self) -> None:
        """Nothing is held."""

    def _write(self, minute: int, now: float) -> None:
        settled, took = _deliveries(minute * MINUTE)
        rows = [
            Sample(
                subscription_id=each.name,
                minute=minute,
                settled=settled[each.name],
                lag=each.lag,
                p50_ms=_percentile(took[each.name], 0.5),
                p95_ms=_percentile(took[each.name], 0.95),
                unsent=each.unsent,
            )
            for each in subscriptions(Window.of(self._log), now)
            if each.types or each.unsent is not None
        ]
        Sample.objects.bulk_create(rows, ignore_conflicts=True)


def _delete(present: int) -> None:
    """Delete old rows, and those of the future, which a clock that was set back leaves."""
    Sample.objects.filter(Q(minute__lt=present - KEPT) | Q(minute__gt=present)).delete()


def _dropped(since: float) -> bool:
    """Whether records of deliveries that ended since then may be gone, because there were more than are kept."""
    rows = Attempt.objects.annotate(end=END).order_by("pk")
    oldest, newest = rows.first(), rows.last()
    if oldest is None or newest is None:
        return False
    # Those of several lanes are not recorded in the order of their ends.
    return oldest.end >= since - LATE and newest.pk - oldest.pk >= attempts.KEPT - attempts.SWEEP


def _deliveries(begin: float) -> tuple[dict[str, int], dict[str, list[float]]]:
    """By subscription, in the minute that begins there: how many events were settled, and the milliseconds it took."""
    settled, took = defaultdict[str, int](int), defaultdict[str, list[float]](list)
    ended = Attempt.objects.annotate(end=END).filter(end__gte=begin, end__lt=begin + MINUTE)
    its = ended.filter(status__gte=200, status__lt=300, error="")
    for name, offsets, latency_ms in its.values_list("lane__subscription", "offsets", "latency_ms"):
        settled[name] += len(offsets)
        took[name].append(latency_ms)
    return settled, took


def _percentile(values: list[float], share: float) -> float | None:
    return sorted(values)[ceil(share * len(values)) - 1] if values else None


def samples(now: float) -> list[SampledSubscription]:
    """Of each subscription, the last hour, oldest first. `now` in Unix seconds."""
    rows = Sample.objects.filter(minute__gte=int(now // MINUTE) - KEPT).order_by("subscription", "minute")
    return [
        SampledSubscription(
            subscription=name,
            minutes=[
                SampledMinute(
                    time=moment(row.minute * MINUTE),
                    settled=row.settled,
                    lag=row.lag,
                    p50_ms=row.p50_ms,
                    p95_ms=row.p95_ms,
                    unsent=row.unsent,
                )
                for row in its
            ],
        )
        for name, its in groupby(rows, key=lambda row: row.subscription_id)
    ]
