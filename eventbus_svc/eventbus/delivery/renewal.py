"""New histories for lanes that need evicted events: one for each need, because every outbox is published again."""

from django.db.models import F

from eventbus.models import Lane
from svc_chassis.observe.health import warns
from svc_chassis.runtime.backoff import doubled

FIRST, MOST = 600.0, 86_400.0
"""seconds between the first two histories that begin for one lane until it has caught up, and at most"""
NEEDS_HISTORY = "needs a log that keeps its history: set EVENTBUS_LOG"


def may_begin(lane: Lane, now: float) -> bool:
    """Whether another history may begin for this lane. The wait doubles after each one that did not help."""
    if not lane.renewals or lane.renewed_at is None:
        return True
    waited, wait = now - lane.renewed_at, doubled(lane.renewals - 1, FIRST, MOST)
    return not 0 <= waited < wait  # a time in the future: the clock was set back since


def note_begin(lane: Lane, now: float) -> bool:
    """Record a new history before it begins; False if the lane was rewound or taken over meanwhile."""
    rows = Lane.objects.filter(pk=lane.pk, epoch=lane.epoch)
    return bool(rows.update(renewals=F("renewals") + 1, renewed_at=now))


@warns
def needs() -> list[str]:
    """Warnings: the subscribers that this log cannot serve."""
    stuck = Lane.objects.filter(last_error=NEEDS_HISTORY).order_by("subscription")
    return [f"{name} {NEEDS_HISTORY}" for name in stuck.values_list("subscription", flat=True).distinct()]
