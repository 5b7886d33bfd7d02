"""Deliveries that remember in rows when they got no response: one of their events may have ended the subscriber.

The row is written before the delivery in two cases, so that the death of the bus does not lose it: under suspicion, and
at a lane's first delivery after it was taken over, as the one before may have ended the bus.
"""

from collections.abc import Callable
from random import Random

from django.db import transaction

from eventbus.delivery import parking, suspicion
from eventbus.delivery.attempts import Attempts
from eventbus.delivery.sender import Absent, Result, Unanswered, Undelivered
from eventbus.log.port import Entry
from eventbus.models import Lane, Parked
from eventbus.statements import update_lane

Write = Callable[[], bool]
"""writes, and returns True; False if the lane was rewound or taken over meanwhile"""


class Deliveries:
    """The deliveries of one lane.

    Each returns the results of its events, or None if they must be delivered again, perhaps fewer at a time. Raises
    Absent, Unanswered or Gone.
    """

    def __init__(self, attempts: Attempts, clock: Callable[[], float], random: Random) -> None:
        self._attempts = attempts
        self._clock = clock
        self._random = random
        self._answered_under = -1
        """the tenure under which a delivery got a response"""

    def forward(self, lane: Lane, entries: list[Entry]) -> list[Result] | None:
        """Deliver events from the log."""

        def mark(marks: suspicion.Marks) -> bool:
            return update_lane(lane, marks)

        unanswered, before = suspicion.unanswered(entries), suspicion.as_before(lane)
        suspect = lane.suspect_through is not None
        return self._deliver(lane, entries, suspect, lambda: mark(unanswered), lambda: mark(before))

    def retry(self, lane: Lane, parked: list[Parked]) -> list[Result] | None:
        """Deliver parked events."""

        def save(rows: list[Parked]) -> bool:
            with transaction.atomic():
                ours = update_lane(lane, {"epoch": lane.epoch})  # locks it
                if ours:
                    parking.save(rows)
            return ours

        unanswered = parking.unanswered(parked, self._clock(), self._random)
        entries, suspect = [parking.entry_of(row) for row in parked], parked[0].unanswered > 0
        return self._deliver(lane, entries, suspect, lambda: save(unanswered), lambda: save(parked))

    def must_be_there(self, lane: Lane) -> None:
        """Check the subscriber: a missing response counts against an event only right after this. Raises Absent."""
        if not self.is_there(lane):
            raise Absent("not reachable")

    def is_there(self, lane: Lane) -> bool:
        """Whether the subscriber responds. Then it is not absent, even if an event ends it again and again: the log
        keeps what it needs."""
        if not self._attempts.reachable(lane.subscription):
            return False
        if lane.failing_since is not None:
            lane.failing_since = None
            update_lane(lane, {"failing_since": None})
        return True

    def _deliver(
        self, lane: Lane, entries: list[Entry], suspect: bool, unanswered: Write, as_before: Write
    ) -> list[Result] | None:
        noted = suspect or self._answered_under != lane.tenure
        if suspect:
            self.must_be_there(lane)
        if noted and not unanswered():
            return None
        try:
            results = self._attempts.deliver(lane, entries)
        except Unanswered:
            unanswered()
            raise
        except Undelivered:
            if noted:
                as_before()
            raise
        if results is not None:
            self._answered_under = lane.tenure
        elif noted:
            as_before()
        return results
