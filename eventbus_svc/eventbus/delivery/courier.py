"""The courier carries a lane's events to its subscriber, in batches as large as the subscriber takes."""

import time
from collections.abc import Callable

from eventbus.delivery.recording import heard, record
from eventbus.delivery.sending import Absent, Fate, Lost, Sender, Unclear, Undelivered
from eventbus.log.port import Entry
from eventbus.metrics import DELIVERIES
from eventbus.models import Lane, Subscription
from svc_chassis.events.event import BATCH_LIMIT

HEARD_EVERY = 1.0
"""seconds between two answers that are noted as a sign of life"""


class Courier:
    def __init__(self, sender: Sender, clock: Callable[[], float]) -> None:
        self._sender = sender
        self._clock = clock
        self._limit = BATCH_LIMIT
        self._heard = -HEARD_EVERY
        self.in_flight = False
        """whether a delivery is under way"""

    def most(self, subscription: Subscription) -> int:
        """How many events may go in one delivery now."""
        single = subscription.format == Subscription.Format.SINGLE
        return 1 if single else min(self._limit, subscription.batch_size)

    def deliver(self, lane: Lane, entries: list[Entry]) -> list[Fate] | None:
        """The fate of each; None: the batch was halved, take fewer next time. Raises Absent, Lost or Gone."""
        try:
            fates = self._attempt(lane, entries)
        except Unclear as unclear:
            alone = len(entries) == 1
            # Without any answer each half would cost a time-out more, so silence is looked into at once.
            if (alone or unclear.status is None) and not self.reachable(lane.subscription):
                raise (Lost if unclear.status is None else Absent)(str(unclear), unclear.status) from unclear
            if not alone:
                self._limit = len(entries) // 2
                return None
            fates = [Fate(settled=False, error=str(unclear))]
        self._limit = min(BATCH_LIMIT, self._limit * 2)
        for fate in fates:
            DELIVERIES.labels(lane.subscription_id, "settled" if fate.settled else "parked").inc()
        return fates

    def reachable(self, subscription: Subscription) -> bool:
        """Whether the subscriber answers as it should when no event can be at fault."""
        return self._sender.reachable(subscription)

    def _attempt(self, lane: Lane, entries: list[Entry]) -> list[Fate]:
        """One delivery, which leaves its record. Raises Undelivered."""
        started, begun = self._clock(), time.perf_counter()
        outcome: list[Fate] | Undelivered
        self.in_flight = True
        try:
            outcome = self._sender.deliver(lane.subscription, [entry.record for entry in entries])
        except Undelivered as refusal:
            outcome = refusal
        finally:
            self.in_flight = False
        record(lane, entries, started, time.perf_counter() - begun, outcome)
        if isinstance(outcome, Undelivered):
            raise outcome
        if time.monotonic() >= self._heard + HEARD_EVERY:
            self._heard = time.monotonic()
            heard(lane.subscription_id)
        return outcome
