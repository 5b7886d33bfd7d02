"""The dead letters, as an operator sees them."""

from collections import defaultdict

import orjson
from django.db.models import Window as Over
from django.db.models.functions import RowNumber

from eventbus.models import Parked
from eventbus.schemas import Schema, moment
from svc_chassis.events.attributes import Time
from svc_chassis.events.event import CloudEvent

BEHIND = 100
"""events behind a dead letter that are listed"""


class Waiting(Schema):
    id: str
    type: str


class DeadLetter(Schema):
    """An event that a subscription could not apply. Only an operator retries it."""

    id: int
    subscription: str
    event: CloudEvent
    error: str
    attempts: int
    since: Time
    """When it first failed, or was parked behind a failed event."""
    behind: list[Waiting]
    """The next events of its subject, which wait for it; at most 100."""


def dead_letters(limit: int, after: int) -> list[DeadLetter]:
    """The oldest first, after the id `after`, which may be gone. One more than `limit` if there are more."""
    found = Parked.objects.filter(dead=True, pk__gt=after).select_related("lane").order_by("pk")
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
