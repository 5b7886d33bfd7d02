"""Subscriptions: who gets which events, and from which position on."""

import time
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F

from eventbus.delivery import catch_up, parking, suspicion
from eventbus.delivery.supervisor import ensure_lanes
from eventbus.log.open import the_log
from eventbus.log.port import START, Log
from eventbus.log.position import Offsets, beginning, end, render
from eventbus.models import Lane, Parked, Subscription

logger = structlog.get_logger()

ABSENT_AFTER = 60.0
"""seconds of failed deliveries after which a lane no longer keeps events in the memory log"""


@transaction.atomic
def subscribe(*, name: str, options: dict[str, Any], replace_types: bool = False) -> Subscription:
    """Register or renew. A heartbeat only adds types; an operator's request replaces them.

    A new type, or a new inbox id (the database was lost, or the read model is rebuilt), rewinds the subscription to the
    beginning, unless its subscriber catches up by itself.
    """
    new = {key: options[key] for key in ("url", "batch_size", "format", "catch_up")}
    subscription, created = Subscription.objects.select_for_update(no_key=True).get_or_create(name=name, defaults=new)
    before = None if created else subscription.as_json()
    old_types, types = set(subscription.types), set(options["types"])
    inbox_id = str(options.get("inbox_id") or "")
    rewinds = bool(types - old_types) or bool(inbox_id and inbox_id != subscription.inbox_id)
    for key, value in new.items():
        setattr(subscription, key, value)
    subscription.types = sorted(types if replace_types else types | old_types)
    subscription.inbox_id = inbox_id or subscription.inbox_id
    if subscription.as_json() != before:
        subscription.save()
        logger.info("subscribed", subscription=name, types=subscription.types, rewinds=rewinds)
    log, by_itself = the_log(), subscription.catch_up == Subscription.CatchUp.SELF
    if created:
        ensure_lanes(log)
        if by_itself:
            catch_up.begin(subscription, log.log_id)
    elif rewinds and not by_itself:
        rewind(subscription, beginning(log))
    return subscription


@transaction.atomic
def unsubscribe(*, subscription: Subscription) -> None:
    """Delete it with all its parked events. Its lanes are locked first, so that a delivery cannot park more of them."""
    list(subscription.lanes.select_for_update())
    catch_up.forget(subscription)
    subscription.delete()


def pause(*, subscription: Subscription) -> None:
    """Stop deliveries. Nothing is lost: the cursor stays."""
    Subscription.objects.filter(pk=subscription.pk).update(paused=True)
    logger.info("paused", subscription=subscription.name)


def resume(*, subscription: Subscription) -> None:
    Subscription.objects.filter(pk=subscription.pk).update(paused=False)
    logger.info("resumed", subscription=subscription.name)


def replay(*, subscription: Subscription, after: Offsets) -> None:
    """Deliver all events after `after` again, to this subscription only."""
    rewind(subscription, after)
    logger.info("replayed", subscription=subscription.name, after=render(the_log().log_id, after))


@transaction.atomic
def rewind(subscription: Subscription, after: Offsets) -> None:
    """Move the cursor back to `after`. Parked events after it that the log can deliver again are dropped."""
    log, anew = the_log(), {"renewals": 0, "renewed_at": None, **suspicion.NONE}
    gone = [parking.gone_through(log, partition) for partition in range(len(after))]
    for lane in subscription.lanes.select_for_update():
        # Never forward, which would skip events.
        offset = min(after[lane.partition], lane.cursor)
        Parked.objects.filter(lane=lane, offset__gt=max(offset, gone[lane.partition])).delete()
        # The raised epoch keeps a delivery in flight from moving the cursor.
        Lane.objects.filter(pk=lane.pk).update(cursor=offset, epoch=F("epoch") + 1, **anew)


def settled_by_active_lanes(log: Log) -> Offsets:
    """The offsets through which every active lane has settled its events. Paused and absent lanes do not count."""
    settled = list(end(log))
    for lane in Lane.objects.filter(subscription__paused=False).exclude(subscription__types=[]):
        if lane.failing_since is None or 0 <= time.time() - lane.failing_since < ABSENT_AFTER:
            cursor = lane.cursor if lane.log_id == log.log_id else START
            settled[lane.partition] = min(settled[lane.partition], cursor)
    return tuple(settled)
