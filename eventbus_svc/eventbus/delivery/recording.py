"""Each delivery leaves a record, for the recent past: what an operator sees of an event's path."""

import time
from collections import defaultdict

from django.db import IntegrityError

from eventbus.delivery.sending import Fate, Undelivered
from eventbus.log.port import Entry
from eventbus.models import Attempt, Lane, Subscription

KEPT = 20_000
"""records, of all lanes together"""
SWEEP = 500
"""records between two sweeps"""


def record(lane: Lane, entries: list[Entry], started: float, seconds: float, outcome: list[Fate] | Undelivered) -> None:
    """Note one delivery of `entries`, which began at `started` (Unix seconds).

    An answer may settle some and not others, so it leaves one attempt for those that it settled, and one for each error
    with those that failed so. What it only blocked leaves none: it was not tried, which costs it no try either.
    """
    status = outcome.status if isinstance(outcome, Undelivered) else 200
    latency_ms = round(seconds * 1000, 2)
    attempts = []
    for error, its in _by_error(entries, outcome).items():
        offsets = [entry.offset for entry in its]
        attempt = Attempt(lane=lane, log_id=lane.log_id, first=offsets[0], last=offsets[-1], offsets=offsets)
        attempt.time, attempt.status, attempt.latency_ms, attempt.error = started, status, latency_ms, error
        attempts.append(attempt)
    try:
        Attempt.objects.bulk_create(attempts)
    except IntegrityError:
        return  # the subscription was removed meanwhile, and with it all that is known of its deliveries
    for attempt in attempts:
        if attempt.pk % SWEEP == 0:
            Attempt.objects.filter(pk__lte=attempt.pk - KEPT).delete()


def heard(subscription: str) -> None:
    """Note that the subscriber sent a heartbeat or answered a delivery."""
    Subscription.objects.filter(pk=subscription).update(heard_at=time.time())


def _by_error(entries: list[Entry], outcome: list[Fate] | Undelivered) -> dict[str, list[Entry]]:
    """The events that were tried, by what went wrong with them; settled ones by an empty text."""
    if isinstance(outcome, Undelivered):
        return {str(outcome)[:500]: entries}
    found = defaultdict(list)
    for entry, fate in zip(entries, outcome, strict=True):
        if fate.settled or fate.error:
            found["" if fate.settled else fate.error].append(entry)
    return found
