"""What an operator may do with a subscription: pause, resume and replay it."""

from contextlib import suppress

import structlog
from django.db.models import Exists, OuterRef

from eventbus.inspection.window import Window
from eventbus.log import position
from eventbus.log.open import the_log
from eventbus.log.port import START, Log
from eventbus.log.position import Offsets
from eventbus.models import Discard, Lane, Subscription
from eventbus.subscriptions import rewind
from svc_chassis.events.attributes import instant

logger = structlog.get_logger()

BEGINNING = "beginning"


def pause(*, subscription: Subscription) -> None:
    """Nothing more is sent, and nothing is lost: the cursor waits."""
    Subscription.objects.filter(pk=subscription.pk).update(paused=True)
    logger.info("paused", subscription=subscription.name)


def resume(*, subscription: Subscription) -> None:
    Subscription.objects.filter(pk=subscription.pk).update(paused=False)
    logger.info("resumed", subscription=subscription.name)


def replay(*, subscription: Subscription, after: Offsets) -> None:
    """Deliver again what follows `after`, to this subscription only. Its inbox knows what it applied before."""
    rewind(subscription, after)
    logger.info("replayed", subscription=subscription.name, after=position.render(the_log().log_id, after))


def starting_point(text: str, log: Log) -> Offsets:
    """`beginning`, a position, or an RFC 3339 time, as offsets. Raises ValueError, and OtherHistory."""
    if text == BEGINNING:
        return position.beginning(log)
    with suppress(ValueError):
        moment = instant(text)
        return tuple(log.at(partition, moment) for partition in range(log.partitions))
    try:
        return position.parse(text, log)
    except ValueError as error:
        raise ValueError(f"Must be '{BEGINNING}', a position, or an RFC 3339 time with its zone.") from error


def preview(*, subscription: Subscription, after: Offsets, window: Window) -> int:
    """How many events a replay of what follows `after` would send, of those in the index."""
    discards = Discard.objects.filter(
        subscription=subscription, source=OuterRef("source"), event_id=OuterRef("event_id")
    )
    return sum(
        window.after(lane.partition, _start(lane, after, window.log_id), subscription.types)
        .exclude(Exists(discards))
        .count()
        for lane in subscription.lanes.all()
    )


def _start(lane: Lane, after: Offsets, log_id: str) -> int:
    """Never forward of the cursor: see rewind."""
    return min(after[lane.partition], lane.cursor) if lane.log_id == log_id else START
