"""The subscriptions, as an operator sees them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal, NamedTuple

from django.db.models import Count, Exists, Min, OuterRef, Q, Value

from eventbus.delivery.causes import CAUSE
from eventbus.delivery.parking import ATTEMPTS
from eventbus.inspection.states import TRIED, until
from eventbus.inspection.window import Window
from eventbus.log.port import START
from eventbus.log.position import Offsets, render
from eventbus.models import Decision, Discard, GroupDecision, Lane, Parked, Subscription
from eventbus.schemas import Schema, moment
from svc_chassis.events.attributes import Time

TOGETHER = 100
"""lanes counted in one statement"""
STALE = 15.0
"""seconds after which a heartbeat says nothing of the outbox any more: it would be a few behind"""


class SubscriptionState(Schema):
    """A subscription and the state of its deliveries."""

    name: str
    url: str
    types: list[str]
    batch_size: int
    format: Literal["batch", "single"]
    catch_up: Literal["bus", "self"]
    """How it gets what it missed: the bus delivers it, or the subscriber reads the history when it starts."""
    inbox_id: str | None
    state: Literal["active", "retrying", "paused"]
    cursor: str
    """The position up to which everything is settled or parked."""
    lag: int
    """Events that are not settled yet."""
    parked: int
    """Of these, how many are parked, including dead letters."""
    dead_letters: int
    deciding: int
    """Of these, how many a decision about many of them still has to retry or discard."""
    retrying: int
    """Former dead letters whose retry has no outcome yet."""
    next_retry: float | None
    """Seconds until the next attempt of a parked event that is not a dead letter."""
    last_error: str | None
    attempts: int
    """Failed attempts in a row."""
    next_try: float | None
    """Seconds until the next attempt."""
    last_heard: Time | None
    """Its last heartbeat or answered delivery."""
    unsent: int | None
    """Events in the service's outbox at its last heartbeat, of which it counts 10,000; null if it does not say, or sent
    none for 15 seconds."""


class Aside(NamedTuple):
    """What is parked at a subscription."""

    parked: int = 0
    dead: int = 0
    deciding: int = 0
    retrying: int = 0
    next_try: float | None = None
    """Unix seconds"""


def subscriptions(window: Window, now: float) -> list[SubscriptionState]:
    """Every subscription with the combined state of its lanes; `now` in Unix seconds."""
    lanes = defaultdict(list)
    for lane in Lane.objects.select_related("subscription").order_by("subscription", "partition"):
        lanes[lane.subscription].append(lane)
    undecided = Decision.objects.filter(
        Q(subscription="") | Q(subscription=OuterRef("lane__subscription")),
        after__lt=OuterRef("pk"),
        through__gte=OuterRef("pk"),
    )
    of_a_group = GroupDecision.objects.filter(
        # A former release may have written the whole error.
        Q(error=OuterRef("cause")) | Q(error=OuterRef("error")),
        subscription=OuterRef("lane__subscription"),
        after__lt=OuterRef("pk"),
        through__gte=OuterRef("pk"),
    )
    dead = Q(dead=True)
    aside = (
        Parked.objects.alias(cause=CAUSE)
        .values_list("lane__subscription")
        .annotate(
            parked=Count("id"),
            letters=Count("id", dead),
            deciding=Count("id", dead & (Q(Exists(undecided)) | Q(Exists(of_a_group)))),
            retrying=Count("id", ~dead & Q(attempts__gte=ATTEMPTS)),
            next_try=Min("next_try", filter=~dead & TRIED),
        )
    )
    parked = {name: Aside(*counts) for name, *counts in aside}
    ahead = _ahead(window, [lane for its in lanes.values() for lane in its if lane.partition < len(window.through)])
    return [_described(one, its, parked.get(one.name, Aside()), window, ahead, now) for one, its in lanes.items()]


def _ahead(window: Window, lanes: Iterable[Lane]) -> dict[int, int]:
    """By lane (its pk): how many events of its types the index has after its cursor. One statement for many lanes."""
    counts = [
        window.after(lane.partition, _cursor(window, lane), lane.subscription.types)
        .order_by()
        .annotate(lane=Value(lane.pk))
        .values("lane")
        .annotate(ahead=Count("id"))
        for lane in lanes
        if lane.subscription.types and _cursor(window, lane) < window.through[lane.partition]
    ]
    found: dict[int, int] = {}
    for first in range(0, len(counts), TOGETHER):
        some = counts[first : first + TOGETHER]
        rows = some[0].union(*some[1:], all=True) if some[1:] else some[0]
        found |= {row["lane"]: row["ahead"] for row in rows}
    return found


def _cursor(window: Window, lane: Lane) -> int:
    return lane.cursor if lane.log_id == window.log_id else START


def _described(
    subscription: Subscription, lanes: list[Lane], aside: Aside, window: Window, ahead: dict[int, int], now: float
) -> SubscriptionState:
    worst = max(lanes, key=lambda lane: lane.attempts)
    cursors = tuple(_cursor(window, lane) for lane in lanes)
    return SubscriptionState(
        name=subscription.name,
        **subscription.as_json(),
        state="paused" if subscription.paused else "retrying" if worst.attempts else "active",
        cursor=render(window.log_id, cursors),
        lag=aside.parked + sum(ahead.get(lane.pk, 0) for lane in lanes),
        parked=aside.parked,
        dead_letters=aside.dead,
        deciding=aside.deciding,
        retrying=aside.retrying,
        next_retry=until(aside.next_try, now),
        last_error=worst.last_error or None,
        attempts=worst.attempts,
        next_try=until(worst.next_try, now),
        last_heard=None if subscription.heard_at is None else moment(subscription.heard_at),
        unsent=_unsent(subscription, now),
    )


def _unsent(subscription: Subscription, now: float) -> int | None:
    said = subscription.unsent_at
    return subscription.unsent if said is not None and 0 <= now - said <= STALE else None


def replayed(window: Window, subscription: Subscription, after: Offsets) -> int:
    """How many events in the index a replay after `after` would deliver."""
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
    """Never after the cursor: see `rewind`."""
    return min(after[lane.partition], lane.cursor) if lane.log_id == log_id else START
