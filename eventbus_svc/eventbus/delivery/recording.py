"""Each delivery leaves a record, for the recent past: what an operator sees of an event's path."""

from django.db import IntegrityError

from eventbus.delivery.sending import Undelivered
from eventbus.log.port import Entry
from eventbus.models import Attempt, Lane
from eventbus.watching import PICTURE

KEPT = 20_000
"""records, of all lanes together"""
SWEEP = 500
"""records between two sweeps"""


def record(lane: Lane, entries: list[Entry], started: float, seconds: float, refusal: Undelivered | None) -> None:
    """Note one delivery of `entries`; `started` in Unix seconds, `refusal` None where it was answered."""
    offsets = [entry.offset for entry in entries]
    status = refusal.status if refusal else 200
    latency_ms = round(seconds * 1000, 2)
    error = str(refusal)[:500] if refusal else ""
    PICTURE.delivered(lane.subscription_id, entries, status, latency_ms, error)
    try:
        attempt = Attempt.objects.create(
            lane=lane,
            log_id=lane.log_id,
            first=offsets[0],
            last=offsets[-1],
            offsets=offsets,
            time=started,
            status=status,
            latency_ms=latency_ms,
            error=error,
        )
    except IntegrityError:
        return  # the subscription was removed meanwhile, and with it all that is known of its deliveries
    if attempt.pk % SWEEP == 0:
        Attempt.objects.filter(pk__lte=attempt.pk - KEPT).delete()
