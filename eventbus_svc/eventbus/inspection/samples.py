"""The last hour of each subscription, in a row per minute: what it settled, its lag, and its latency.

A loop in each process of the bus writes them, from rows that are there anyway: a delivery costs nothing more.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from itertools import groupby
from math import ceil

from django.db.models import Q

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


class SampledMinute(Schema):
    time: Time
    """Its beginning."""
    settled: int
    """Events."""
    lag: int
    """At its end."""
    p50_ms: float | None
    """Half of the deliveries that settled events took at most so long; null if there were none."""
    p95_ms: float | None


class SampledSubscription(Schema):
    """What a subscription did in the last hour. Absent are minutes in which the bus did not run, or began to run, and
    those with more deliveries than the bus keeps."""

    subscription: str
    minutes: list[SampledMinute]


class Samples:
    """The loop that writes a minute when it is over. Several processes may: one row is written, and the first stays."""

    def __init__(self, log: Log, clock: Callable[[], float] = time.time) -> None:
        self._log = log
        self._clock = clock
        self._began = clock()

    def step(self) -> float:
        now = self._clock()
        present = int(now // MINUTE)
        self._began = min(self._began, now)  # the clock may be set back
        its_begin = (present - 1) * MINUTE
        if self._began <= its_begin and not Sample.objects.filter(minute=present - 1).exists():
            if not _dropped(since=its_begin):
                self._write(present - 1, now)
            # A clock that was set back leaves rows of the future.
            Sample.objects.filter(Q(minute__lt=present - KEPT) | Q(minute__gt=present)).delete()
        return max(1.0, (present + 1) * MINUTE - self._clock())

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
            )
            for each in subscriptions(Window.of(self._log), now)
            if each.types
        ]
        Sample.objects.bulk_create(rows, ignore_conflicts=True)


def _dropped(since: float) -> bool:
    """Whether records of deliveries since then may be gone, because there were more than are kept."""
    rows = Attempt.objects.order_by("pk")
    oldest, newest = rows.first(), rows.last()
    if oldest is None or newest is None:
        return False
    return oldest.time > since and newest.pk - oldest.pk >= attempts.KEPT - attempts.SWEEP


def _deliveries(begin: float) -> tuple[dict[str, int], dict[str, list[float]]]:
    """By subscription, in the minute that begins there: how many events were settled, and the milliseconds it took."""
    settled, took = defaultdict[str, int](int), defaultdict[str, list[float]](list)
    its = Attempt.objects.filter(time__gte=begin, time__lt=begin + MINUTE, status__gte=200, status__lt=300, error="")
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
                )
                for row in its
            ],
        )
        for name, its in groupby(rows, key=lambda row: row.subscription_id)
    ]
