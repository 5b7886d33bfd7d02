"""Subscribers that catch up by themselves: what they read with `GET /events` is not delivered to them again.

Such a subscriber reads the history when it starts, as the query service of the course does, and its lanes continue
after what it read. It may name its subscription (`GET /events?subscription=query`). If it does not, an unsigned read of
the whole history counts as its own, if the subscriber is absent at that time. Reading and moving the lanes is one
transaction.
"""

from django.db import transaction
from django.db.models import F, QuerySet

from eventbus.delivery import parking, suspicion
from eventbus.log.port import START, Log
from eventbus.log.position import Offsets, end
from eventbus.models import HistoryRead, Lane, Parked, Subscription

ANYONE = ""
"""the reader of an unsigned request that names no subscription"""
GRACE = 5.0
"""seconds that a subscriber has to read the history after an absence; then it gets what it missed"""


def note_read(reader: str, log: Log, log_id: str, offsets: Offsets) -> list[str]:
    """Record that `reader` read the history `log_id` to its end, at `offsets`; the subscriptions whose lanes moved."""
    # There may be nothing at a position that was asked for: what comes there has not been read.
    offsets = tuple(map(min, offsets, end(log)))
    gone = [parking.gone_through(log, partition) for partition in range(len(offsets))]
    return _note(reader, log_id, offsets, gone)


@transaction.atomic
def _note(reader: str, log_id: str, offsets: Offsets, gone: list[int]) -> list[str]:
    for partition, through in enumerate(offsets):
        read = {"log_id": log_id, "through": through}
        HistoryRead.objects.update_or_create(reader=reader, partition=partition, defaults=read)
    lanes = list(_lanes_of(reader).select_for_update())
    for lane in lanes:
        _move_to(lane, log_id, offsets[lane.partition], gone[lane.partition])
    return sorted({lane.subscription_id for lane in lanes})


def begin(subscription: Subscription, log_id: str) -> None:
    """Start the lanes of a new subscription after what its subscriber, or else anyone, read last."""
    for lane in subscription.lanes.all():
        reads = HistoryRead.objects.filter(partition=lane.partition, log_id=log_id)
        read = reads.filter(reader__in=(subscription.pk, ANYONE)).order_by("-reader").first()
        if read:
            _move_to(lane, log_id, read.through)


def forget(subscription: Subscription) -> None:
    """Delete what a removed subscription read."""
    HistoryRead.objects.filter(reader=subscription.pk).delete()


def _lanes_of(reader: str) -> QuerySet[Lane]:
    by_itself = Lane.objects.filter(subscription__catch_up=Subscription.CatchUp.SELF)
    if reader != ANYONE:
        return by_itself.filter(subscription=reader)
    named = HistoryRead.objects.exclude(reader=ANYONE).values("reader")
    return by_itself.exclude(subscription__in=named).filter(failing_since__isnull=False)


def _move_to(lane: Lane, log_id: str, through: int, gone: int = START) -> None:
    """Move the lane to `through`, and drop what is parked up to there, but for what had left the log and so was not
    read, through `gone`. The subscriber is not absent any more.
    """
    parked = Parked.objects.filter(lane=lane)
    if lane.log_id == log_id:
        parked, through = parked.filter(offset__gt=gone, offset__lte=through), max(through, lane.cursor)
    parked.delete()
    # A raised epoch keeps a delivery that is in flight from moving the cursor back.
    Lane.objects.filter(pk=lane.pk).update(
        log_id=log_id,
        cursor=through,
        epoch=F("epoch") + 1,
        attempts=0,
        last_error="",
        failing_since=None,
        next_try=None,
        **suspicion.NONE,
    )
