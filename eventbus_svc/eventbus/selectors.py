"""What an operator sees of the bus."""

from collections import defaultdict
from collections.abc import Iterable
from inspect import getdoc

import orjson
from django.db.models import Count, Exists, OuterRef, Q, Value
from django.db.models import Window as Over
from django.db.models.functions import RowNumber

from contracts import ALL
from eventbus.answers import Contract, DeadLetter, SubscriptionState, Waiting, moment
from eventbus.delivery.hearing import last_heard
from eventbus.inspection.window import Window
from eventbus.log.port import START
from eventbus.log.position import render
from eventbus.models import Decision, Lane, Parked, Subscription
from svc_chassis.events.event import CloudEvent, example

BEHIND = 100
"""events behind a dead letter that are listed"""
TOGETHER = 100
"""lanes counted in one statement"""


def subscriptions(window: Window, now: float) -> list[SubscriptionState]:
    """Every subscription with the state of its lanes taken together; `now` in Unix seconds."""
    lanes = defaultdict(list)
    for lane in Lane.objects.select_related("subscription").order_by("subscription", "partition"):
        lanes[lane.subscription].append(lane)
    undecided = Decision.objects.filter(
        Q(subscription="") | Q(subscription=OuterRef("lane__subscription")),
        after__lt=OuterRef("pk"),
        through__gte=OuterRef("pk"),
    )
    dead = Q(dead=True)
    aside = Parked.objects.values_list("lane__subscription").annotate(
        parked=Count("id"), letters=Count("id", dead), deciding=Count("id", dead & Q(Exists(undecided)))
    )
    parked = {name: counts for name, *counts in aside}
    ahead = _ahead(window, [lane for its in lanes.values() for lane in its if lane.partition < len(window.through)])
    return [_described(one, its, parked.get(one.name, [0, 0, 0]), window, ahead, now) for one, its in lanes.items()]


def _ahead(window: Window, lanes: Iterable[Lane]) -> dict[int, int]:
    """How many events lie before each lane (its pk), of those that it ordered and the index has: one statement."""
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
    subscription: Subscription, lanes: list[Lane], parked: list[int], window: Window, ahead: dict[int, int], now: float
) -> SubscriptionState:
    worst = max(lanes, key=lambda lane: lane.attempts)
    cursors = tuple(_cursor(window, lane) for lane in lanes)
    heard = last_heard(subscription.name)
    return SubscriptionState(
        name=subscription.name,
        **subscription.as_json(),
        state="paused" if subscription.paused else "retrying" if worst.attempts else "active",
        cursor=render(window.log_id, cursors),
        lag=parked[0] + sum(ahead.get(lane.pk, 0) for lane in lanes),
        parked=parked[0],
        dead_letters=parked[1],
        deciding=parked[2],
        last_error=worst.last_error or None,
        attempts=worst.attempts,
        next_try=None if worst.next_try is None else round(max(0.0, worst.next_try - now), 3),
        last_heard=None if heard is None else moment(heard),
    )


def contracts() -> list[Contract]:
    """Every declared event, with who orders it now."""
    orders = list(Subscription.objects.order_by("name").values_list("name", "types"))
    return [
        Contract(
            type=contract.event_type(),
            publisher=contract.publisher,
            consumers=[name for name, types in orders if contract.event_type() in types],
            version=contract.schema_version,
            description=getdoc(contract) or "",
            schema=contract.model_json_schema(by_alias=True),
            example=CloudEvent.model_construct(**example(contract)),
        )
        for contract in ALL
    ]


def dead_letters(limit: int, after: int) -> list[DeadLetter]:
    """The oldest first, of those after the one with that id: it may be gone. One more than `limit` if there are."""
    found = Parked.objects.filter(dead=True, pk__gt=after).select_related("lane").order_by("pk")
    letters = list(found[: limit + 1])
    behind = defaultdict(list)
    # Of their lanes too, though it selects more: it is what the index begins with. Bounded: a subject may be long.
    place = Over(RowNumber(), partition_by=["lane", "subject"], order_by="offset")
    queued = Parked.objects.filter(
        lane__in={letter.lane for letter in letters}, subject__in={letter.subject for letter in letters}
    )
    next_ones = queued.annotate(place=place).filter(place__lte=BEHIND + 1).order_by("offset")
    for row in next_ones.only("lane", "subject", "offset", "event_id", "type"):
        behind[row.lane_id, row.subject].append(row)
    return [
        DeadLetter(
            id=letter.pk,
            subscription=letter.lane.subscription_id,
            event=CloudEvent.model_construct(**orjson.loads(bytes(letter.body))),
            error=letter.error,
            attempts=letter.attempts,
            since=moment(letter.since),
            behind=[
                Waiting(id=row.event_id, type=row.type)
                for row in behind[letter.lane_id, letter.subject]
                if row.offset > letter.offset
            ][:BEHIND],
        )
        for letter in letters
    ]
