"""The dead letters, as an operator sees them."""

from collections import defaultdict

import orjson
from django.db.models import Count, Max, Min, QuerySet
from django.db.models import Window as Over
from django.db.models.functions import RowNumber

from eventbus.delivery.causes import CAUSE
from eventbus.models import Parked
from eventbus.schemas import Schema, moment, unchecked
from svc_chassis.events.attributes import Time
from svc_chassis.events.event import CloudEvent

BEHIND = 100
"""events behind a dead letter that are listed"""
GROUPS = 100
"""groups that are listed at once"""


class Waiting(Schema):
    id: str
    type: str


class DeadLetter(Schema):
    """An event that a subscription could not apply. Only an operator retries it."""

    id: int
    subscription: str
    event: CloudEvent
    error: str
    at: str | None
    """Where in the subscriber's code, if it said so."""
    attempts: int
    since: Time
    """When it first failed, or was parked behind a failed event."""
    behind: list[Waiting]
    """The next events of its subject, which wait for it; at most 100."""


class DeadLetterGroup(Schema):
    """The dead letters of one subscription that have the same cause."""

    subscription: str
    error: str
    """The cause that they share: the class of the error and the place in the code. An error without a class is a cause
    as a whole."""
    sample: str
    """The whole error of one of them."""
    count: int
    type: str | None
    """Of their events; null if they have several."""
    since: Time
    """When the first of them failed first."""
    latest: Time
    """When the last of them failed first."""


def selected(subscription: str | None, cause: str | None) -> QuerySet[Parked]:
    """The dead letters of a subscription, with a cause; None: of all."""
    letters = Parked.objects.filter(dead=True)
    if subscription is not None:
        letters = letters.filter(lane__subscription=subscription)
    return letters if cause is None else letters.alias(cause=CAUSE).filter(cause=cause)


def groups(skip: int) -> list[DeadLetterGroup]:
    """By subscription and cause; the largest first, without the first `skip`. GROUPS, and one more if there are."""
    rows = Parked.objects.filter(dead=True).annotate(cause=CAUSE).values_list("lane__subscription", "cause")
    counted = rows.annotate(
        sample=Min("error"),
        count=Count("id"),
        first=Min("type"),
        last=Max("type"),
        oldest=Min("since"),
        newest=Max("since"),
    )
    return [
        DeadLetterGroup(
            subscription=subscription,
            error=cause,
            sample=sample,
            count=count,
            type=first if first == last else None,
            since=moment(since),
            latest=moment(latest),
        )
        for subscription, cause, sample, count, first, last, since, latest in counted.order_by(
            "-count", "lane__subscription", "cause"
        )[skip : skip + GROUPS + 1]
    ]


def dead_letters(limit: int, after: int, subscription: str | None = None, cause: str | None = None) -> list[DeadLetter]:
    """The oldest first, after the id `after`, which may be gone. One more than `limit` if there are more."""
    found = selected(subscription, cause).filter(pk__gt=after).select_related("lane").order_by("pk")
    letters = list(found[: limit + 1])
    behind = defaultdict(list)
    # By lane too, because the database index starts with it. Bounded, because a subject may have many events.
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
            event=unchecked(CloudEvent, orjson.loads(bytes(letter.body))),
            error=letter.error,
            at=letter.at or None,
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
