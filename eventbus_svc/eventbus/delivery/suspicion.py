"""Suspicion: deliveries without a response are recorded in rows, because an event may have ended the subscriber.

Events under suspicion are delivered in smaller and smaller batches. An event that would be delivered alone is parked
first, so that the others continue; from then on `parking` counts its attempts. Every delivery under suspicion follows a
response to an empty batch, so that no event is blamed for an absent subscriber.
"""

from collections.abc import Mapping

from eventbus.log.port import Entry
from eventbus.models import Lane

ALONE = 3
"""deliveries of an event in a row without a response; from this one on, each is a failed attempt"""
NO_ANSWER = "No answer: the subscriber was there before this delivery and not after it. The event may end its process."

Marks = Mapping[str, int | None]
"""values of a lane's columns `suspect_through` and `suspect_most`"""

NONE: Marks = {"suspect_through": None, "suspect_most": None}


def unanswered(sent: list[Entry]) -> Marks:
    """The marks after a delivery of `sent` without a response: the next batch has half of them."""
    return {"suspect_through": sent[-1].offset, "suspect_most": max(1, len(sent) // 2)}


def as_before(lane: Lane) -> Marks:
    """The marks after a delivery that proved nothing: unchanged."""
    return {"suspect_through": lane.suspect_through, "suspect_most": lane.suspect_most}


def answered(lane: Lane, sent: int, through: int) -> Marks:
    """The marks after a response, with the cursor at `through`: the event is in the rest; half of it is next."""
    if lane.suspect_through is None or through >= lane.suspect_through:
        return NONE
    return {"suspect_through": lane.suspect_through, "suspect_most": max(1, sent // 2)}


def most(lane: Lane, most: int) -> int:
    """How many events one delivery may have; `most` without suspicion."""
    return min(most, lane.suspect_most or most)


def alone(lane: Lane, next_up: list[Entry]) -> bool:
    """Whether only the next event is left under suspicion."""
    return lane.suspect_through is not None and len(next_up) == 1
