"""What an operator sees of the bus."""

from collections import defaultdict
from itertools import islice
from typing import Any

import orjson
from django.db.models import Count, Q

from eventbus.answers import SubscriptionState, moment
from eventbus.delivery.hearing import last_heard
from eventbus.log.port import Evicted, Log, WrongLog
from eventbus.log.position import Offsets, render
from eventbus.models import Lane, Parked, Subscription
from eventbus.tracing import newest

COUNTED = 10_000
"""events ahead of a cursor that are counted one by one"""
BEHIND = 100
"""events behind a dead letter that are listed"""


def subscriptions(the: Log, now: float) -> list[SubscriptionState]:
    """Every subscription with the state of its lanes taken together; `now` in Unix seconds."""
    lanes = defaultdict(list)
    for lane in Lane.objects.select_related("subscription").order_by("subscription", "partition"):
        lanes[lane.subscription].append(lane)
    aside = Parked.objects.values_list("lane__subscription").annotate(all=Count("id"), dead=Count("id", Q(dead=True)))
    parked = {name: (count, dead) for name, count, dead in aside}
    return [_described(one, its, parked.get(one.name, (0, 0)), the, now) for one, its in lanes.items()]


def _ahead(the: Log, lane: Lane, cursor: int) -> int:
    """How many events lie before this lane; beyond COUNTED, those that others ordered count too."""
    types = lane.subscription.types
    ahead = the.end(lane.partition) - cursor
    if not types or ahead > COUNTED:
        return ahead if types else 0
    try:
        entries = the.read(the.log_id, lane.partition, cursor, COUNTED)
    except (Evicted, WrongLog):
        return ahead
    return sum(entry.record.type in types for entry in entries)


def _described(
    subscription: Subscription, lanes: list[Lane], parked: tuple[int, int], the: Log, now: float
) -> SubscriptionState:
    worst = max(lanes, key=lambda lane: lane.attempts)
    cursors = tuple(lane.cursor if lane.log_id == the.log_id else 0 for lane in lanes)
    heard = last_heard(subscription.name)
    return SubscriptionState(
        name=subscription.name,
        **subscription.as_json(),
        state="paused" if subscription.paused else "retrying" if worst.attempts else "active",
        cursor=render(cursors),
        lag=parked[0] + sum(_ahead(the, lane, cursor) for lane, cursor in zip(lanes, cursors, strict=True)),
        parked=parked[0],
        dead_letters=parked[1],
        last_error=worst.last_error or None,
        attempts=worst.attempts,
        next_try=None if worst.next_try is None else round(max(0.0, worst.next_try - now), 3),
        last_heard=None if heard is None else moment(heard),
    )


def events(
    the: Log, limit: int, before: Offsets | None, *, types: set[str], subject: str | None, source: str | None
) -> list[dict[str, Any]]:
    """The newest events first, older than the position `before`; one more than `limit` if there are more."""
    found = (
        orjson.loads(entry.record.body) | {"position": render(_position(the, partition, entry.offset))}
        for partition, entry in newest(the)
        if (before is None or entry.offset < before[partition])
        and (not types or entry.record.type in types)
        and subject in (None, entry.record.subject)
        and source in (None, entry.record.source)
    )
    return list(islice(found, limit + 1))


def _position(the: Log, partition: int, offset: int) -> tuple[int, ...]:
    """The position just at this event: whatever the other partitions hold comes after it."""
    return tuple(offset if other == partition else 0 for other in range(the.partitions))


def dead_letters() -> list[dict[str, Any]]:
    """Oldest first; `since` in Unix seconds."""
    return [
        {
            "id": letter.pk,
            "subscription": letter.lane.subscription_id,
            "event": orjson.loads(bytes(letter.body)),
            "error": letter.error,
            "attempts": letter.attempts,
            "since": letter.since,
            "behind": [
                {"id": row.event_id, "type": row.type}
                for row in Parked.objects.filter(
                    lane=letter.lane, subject=letter.subject, offset__gt=letter.offset
                ).order_by("offset")[:BEHIND]
            ],
        }
        for letter in Parked.objects.filter(dead=True).select_related("lane").order_by("since", "pk")
    ]
