"""What an operator may do: pause, resume and replay a subscription; retry and discard dead letters."""

from datetime import datetime

import structlog
from django.db import transaction

from eventbus.log import position
from eventbus.log.port import Log
from eventbus.log.position import Offsets
from eventbus.models import Discard, Parked, Subscription
from eventbus.subscriptions import rewind

log = structlog.get_logger()

BEGINNING = "beginning"


def pause(*, subscription: Subscription) -> None:
    """Nothing more is sent, and nothing is lost: the cursor waits."""
    Subscription.objects.filter(pk=subscription.pk).update(paused=True)
    log.info("paused", subscription=subscription.name)


def resume(*, subscription: Subscription) -> None:
    Subscription.objects.filter(pk=subscription.pk).update(paused=False)
    log.info("resumed", subscription=subscription.name)


def replay(*, subscription: Subscription, after: Offsets) -> None:
    """Deliver again what follows `after`, to this subscription only. Its inbox knows what it applied before."""
    rewind(subscription, after)
    log.info("replayed", subscription=subscription.name, after=position.render(after))


def starting_point(text: str, the: Log) -> Offsets:
    """`beginning`, a position, or an RFC 3339 time, as offsets. Raises ValueError."""
    if text == BEGINNING:
        return position.beginning(the)
    try:
        return position.parse(text, the)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"Must be '{BEGINNING}', a position, or an RFC 3339 time with its zone.")
    return tuple(the.offset_before(partition, moment) for partition in range(the.partitions))


def retry(*, letter: Parked) -> None:
    """Try a dead letter once more, now. If it fails again it is dead again; what waits behind it keeps its order."""
    Parked.objects.filter(pk=letter.pk).update(dead=False, next_try=0)
    log.info("retried", id=letter.event_id, subject=letter.subject)


@transaction.atomic
def discard(*, letter: Parked) -> None:
    """Give an event up for this subscription, for good: no replay brings it back. The next of its subject follows."""
    subscription = letter.lane.subscription_id
    Discard.objects.get_or_create(subscription_id=subscription, source=letter.source, event_id=letter.event_id)
    Parked.objects.filter(pk=letter.pk).delete()
    log.info("discarded", subscription=subscription, id=letter.event_id, subject=letter.subject)
