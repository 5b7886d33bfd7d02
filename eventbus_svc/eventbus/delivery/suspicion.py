"""A delivery that got no answer is remembered in rows: one of its events may have ended the subscriber.

Under suspicion events go in ever smaller portions. One that would go alone is parked first, so that the others go on
while it is tried: from there on `parking` counts. Every delivery under suspicion follows an answer to an empty batch,
so no event is blamed for an absence.
"""

from collections.abc import Mapping

from eventbus.log.port import Entry
from eventbus.models import Lane

ALONE = 3
"""deliveries of an event in a row without an answer, from which on each is a failed attempt"""
NO_ANSWER = "No answer: the subscriber was there before this delivery and not after it. The event may end its process."

Marks = Mapping[str, int | None]
"""values of a lane's columns `suspect_through` and `suspect_most`"""

NONE: Marks = {"suspect_through": None, "suspect_most": None}


def unanswered(sent: list[Entry]) -> Marks:
    """What a delivery of `sent` leaves if nothing answers it: half of it goes next."""
    return {"suspect_through": sent[-1].offset, "suspect_most": max(1, len(sent) // 2)}


def as_before(lane: Lane) -> Marks:
    """A delivery that proved nothing leaves what was there."""
    return {"suspect_through": lane.suspect_through, "suspect_most": lane.suspect_most}


def answered(lane: Lane, sent: int, through: int) -> Marks:
    """What is left after an answer, with the cursor at `through`: the event is in the rest, of which half goes next."""
    if lane.suspect_through is None or through >= lane.suspect_through:
        return NONE
    return {"suspect_through": lane.suspect_through, "suspect_most": max(1, sent // 2)}


def most(lane: Lane, most: int) -> int:
    """How many events may go at once, where `most` may without suspicion."""
    return min(most, lane.suspect_most or most)


def alone(lane: Lane, next_up: list[Entry]) -> bool:
    """Whether suspicion has come down to the one event that is to go next."""
    return lane.suspect_through is not None and len(next_up) == 1
