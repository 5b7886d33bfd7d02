"""A delivery and what it leaves in rows if nothing answers it: the events it may have ended the subscriber with.

That is written before the delivery where the bus would not know otherwise: under suspicion, and at a lane's first
delivery after it was taken over, as the one before may have ended the bus, too.
"""

from collections.abc import Callable
from random import Random

from django.db import transaction

from eventbus.delivery import parking, suspicion
from eventbus.delivery.courier import Courier
from eventbus.delivery.sending import Absent, Fate, Lost, Undelivered
from eventbus.log.port import Entry
from eventbus.models import Lane, Parked

Write = Callable[[], bool]
"""writes unless the lane was rewound or taken over meanwhile: then False"""


class Attempts:
    """The deliveries of one lane. Each gives the fate of each event; None: they come again, perhaps fewer.

    Raises Absent, Lost or Gone.
    """

    def __init__(self, courier: Courier, clock: Callable[[], float], random: Random) -> None:
        self._courier = courier
        self._clock = clock
        self._random = random
        self._answered_under = -1
        """the tenure under which a delivery was answered"""

    def forward(self, lane: Lane, entries: list[Entry]) -> list[Fate] | None:
        """Events from the log."""

        def mark(marks: suspicion.Marks) -> bool:
            return bool(Lane.objects.filter(pk=lane.pk, epoch=lane.epoch).update(**marks))

        unanswered, before = suspicion.unanswered(entries), suspicion.as_before(lane)
        suspect = lane.suspect_through is not None
        return self._attempt(lane, entries, suspect, lambda: mark(unanswered), lambda: mark(before))

    def retry(self, lane: Lane, parked: list[Parked]) -> list[Fate] | None:
        """Parked events."""

        def save(rows: list[Parked]) -> bool:
            with transaction.atomic():
                ours = Lane.objects.filter(pk=lane.pk, epoch=lane.epoch).update(epoch=lane.epoch)  # locks it
                if ours:
                    parking.save(rows)
            return bool(ours)

        unanswered = parking.unanswered(parked, self._clock(), self._random)
        entries, suspect = [parking.entry_of(row) for row in parked], parked[0].unanswered > 0
        return self._attempt(lane, entries, suspect, lambda: save(unanswered), lambda: save(parked))

    def must_be_there(self, lane: Lane) -> None:
        """No answer counts against an event only if an empty batch was answered just before. Raises Absent."""
        if not self._courier.reachable(lane.subscription):
            raise Absent("not reachable")

    def _attempt(
        self, lane: Lane, entries: list[Entry], suspect: bool, unanswered: Write, as_before: Write
    ) -> list[Fate] | None:
        noted = suspect or self._answered_under != lane.tenure
        if suspect:
            self.must_be_there(lane)
        if noted and not unanswered():
            return None
        try:
            fates = self._courier.deliver(lane, entries)
        except Lost:
            unanswered()
            raise
        except Undelivered:
            if noted:
                as_before()
            raise
        if fates is not None:
            self._answered_under = lane.tenure
        elif noted:
            as_before()
        return fates
