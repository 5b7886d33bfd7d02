"""Attempts to deliver a lane's events, in batches as large as the subscriber accepts, and their records."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import orjson
import structlog
from django.db import IntegrityError, transaction

from eventbus.delivery.causes import class_of
from eventbus.delivery.sender import Absent, Result, Sender, Unanswered, Unclear, Undelivered
from eventbus.log.port import Entry
from eventbus.metrics import DELIVERIES
from eventbus.models import Attempt, Lane, Subscription
from eventbus.statements import AttemptRow, record
from svc_chassis.events.event import BATCH_LIMIT
from svc_chassis.observe import tracing
from svc_chassis.observe.logs import log_of_chains

logger = structlog.get_logger()

HEARD_EVERY = 1.0
"""seconds between two answers that are noted as a sign of life"""
KEPT = 20_000
"""records, of all lanes together"""
SWEEP = 500
"""records between two sweeps"""


class Attempts:
    """The attempts of one lane. A batch that settles nothing is halved; each success doubles the limit."""

    def __init__(self, sender: Sender, clock: Callable[[], float]) -> None:
        self._sender = sender
        self._clock = clock
        self._limit = BATCH_LIMIT
        self._heard = -HEARD_EVERY
        self._unsaved: list[AttemptRow] = []
        self.in_flight = False
        """whether a request to the subscriber is under way"""

    def most(self, subscription: Subscription) -> int:
        """How many events the next attempt may have."""
        single = subscription.format == Subscription.Format.SINGLE
        return 1 if single else min(self._limit, subscription.batch_size)

    def deliver(self, lane: Lane, entries: list[Entry]) -> list[Result] | None:
        """The results; None if the next attempt must have fewer events. Raises Absent, Unanswered or Gone."""
        try:
            results = self._attempt(lane, entries)
        except Unclear as unclear:
            alone = len(entries) == 1
            # Without a response each half would cost another time-out, so check at once.
            if (alone or unclear.status is None) and not self.reachable(lane.subscription):
                raise (Unanswered if unclear.status is None else Absent)(str(unclear), unclear.status) from unclear
            if not alone:
                self._limit = len(entries) // 2
                return None
            results = [Result(settled=False, error=str(unclear))]
        self._limit = min(BATCH_LIMIT, self._limit * 2)
        for result in results:
            DELIVERIES.labels(lane.subscription_id, "settled" if result.settled else "parked").inc()
        return results

    def reachable(self, subscription: Subscription) -> bool:
        """Whether the subscriber responds as it should to a request without events."""
        with self._under_way():
            return self._sender.reachable(subscription)

    @contextmanager
    def _under_way(self) -> Iterator[None]:
        self.in_flight = True
        try:
            yield
        finally:
            self.in_flight = False

    def _attempt(self, lane: Lane, entries: list[Entry]) -> list[Result]:
        """One request, which is recorded. Raises Undelivered."""
        started, begun = self._clock(), time.perf_counter()
        outcome: list[Result] | Undelivered
        try:
            with self._under_way():
                outcome = self._sender.deliver(lane.subscription, [entry.record for entry in entries])
        except Undelivered as refusal:
            outcome = refusal
        seconds = time.perf_counter() - begun
        self._unsaved += attempts(lane, entries, started, seconds, outcome)
        _trace(lane, entries, started, seconds, outcome)
        if isinstance(outcome, Undelivered):
            raise outcome
        parked = sum(not result.settled for result in outcome)
        level, its = logger.warning if parked else logger.info, (entry.record.chain() for entry in entries)
        counts = {"settled": len(outcome) - parked, "parked": parked}
        log_of_chains(level, "delivered", its, subscription=lane.subscription_id, **counts)
        if time.monotonic() >= self._heard + HEARD_EVERY:
            # Not in the transaction that settles: it holds the lane, and a heartbeat locks the subscription first.
            self._heard = time.monotonic()
            heard(lane.subscription_id)
        return outcome

    def save(self) -> None:
        """Record the deliveries since the last call, in the transaction that settles them."""
        unsaved, self._unsaved = self._unsaved, []
        for pk in record(unsaved) if unsaved else ():
            if pk % SWEEP == 0:
                Attempt.objects.filter(pk__lte=pk - KEPT).delete()

    def save_unsettled(self) -> None:
        """Record deliveries that settled nothing. The subscription may have been removed meanwhile."""
        if self._unsaved:
            with suppress(IntegrityError), transaction.atomic():
                self.save()


def attempts(
    lane: Lane, entries: list[Entry], started: float, seconds: float, outcome: list[Result] | Undelivered
) -> list[AttemptRow]:
    """The records of one delivery of `entries`, which began at `started` (Unix seconds).

    A response may settle some events and not others: there is one row for those that it settled, and one for each error
    with the events that have it. Events that were only blocked have no row: they were not tried.
    """
    status = outcome.status if isinstance(outcome, Undelivered) else 200
    latency_ms = round(seconds * 1000, 2)
    found = []
    for error, its in _by_error(entries, outcome).items():
        offsets = [entry.offset for entry in its]
        row = AttemptRow(lane.pk, lane.log_id, offsets[0], offsets[-1], offsets, started, status, latency_ms, error)
        found.append(row)
    return found


def _trace(
    lane: Lane, entries: list[Entry], started: float, seconds: float, outcome: list[Result] | Undelivered
) -> None:
    """A span per event that was tried. While the subscriber is absent there is none: events wait."""
    if not tracing.is_exported() or isinstance(outcome, Absent):
        return
    for error, its in _by_error(entries, outcome).items():
        events = (orjson.loads(entry.record.body) for entry in its)
        to = {"messaging.destination.subscription.name": lane.subscription_id}
        # The whole error may quote the payload.
        why = error and (class_of(error) or "failed")
        tracing.record("deliver", events, started, started + seconds, why, **to)


def heard(subscription: str, **said: float | None) -> None:
    """Note that the subscriber sent a heartbeat, and what it `said` in it, or answered a delivery."""
    Subscription.objects.filter(pk=subscription).update(heard_at=time.time(), **said)


def _by_error(entries: list[Entry], outcome: list[Result] | Undelivered) -> dict[str, list[Entry]]:
    """The events that were tried, by their error; settled ones by an empty string."""
    if isinstance(outcome, Undelivered):
        return {str(outcome)[:500]: entries}
    found = defaultdict(list)
    for entry, result in zip(entries, outcome, strict=True):
        if result.settled or result.error:
            found["" if result.settled else result.error].append(entry)
    return found
