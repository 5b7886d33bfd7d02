"""A lane delivers one partition to one subscriber: in order per subject, one delivery in flight."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F

from eventbus.delivery import catch_up, parking, renewal, suspicion
from eventbus.delivery.attempts import Attempts
from eventbus.delivery.batch import NextBatch, next_batch
from eventbus.delivery.deliveries import Deliveries
from eventbus.delivery.sender import Absent, Gone, Sender
from eventbus.log.port import START, Bounded, Evicted, Log, WrongLog
from eventbus.log.position import read
from eventbus.metrics import DELIVERIES
from eventbus.models import Lane, Parked, Subscription
from svc_chassis.leases.lease import Tenancy
from svc_chassis.runtime.backoff import Backoff

logger = structlog.get_logger()

IDLE = 1.0
"""seconds between looks at the log when nobody calls"""
READ = 500
"""entries looked at in one step"""
ANSWERED: dict[str, Any] = {"attempts": 0, "last_error": "", "failing_since": None, "next_try": None}
"""what an answer makes of a lane's row"""
HELD = "It is back. It gets what it missed unless it reads GET /events first."


@dataclass(frozen=True)
class Ports:
    """Where a lane meets the world."""

    log: Log
    sender: Sender
    clock: Callable[[], float]
    """Unix time, seconds: for what is stored"""
    random: Random
    steady: Callable[[], float]
    """seconds, never set: for what is waited for"""


class LaneSteps:
    """One step settles or parks one batch. Whatever must not be forgotten stands in the Lane row."""

    def __init__(self, lane_id: int, ports: Ports, tenancy: Tenancy, backoff: Backoff) -> None:
        self.lane_id = lane_id
        self._ports = ports
        self._tenancy = tenancy
        self._backoff = backoff
        self._attempts = Attempts(ports.sender, ports.clock)
        self._deliveries = Deliveries(self._attempts, ports.clock, ports.random)
        self._seen = (0, 0)
        """(epoch, offset) up to which nothing beyond the cursor was wanted"""
        self._moved_at = -IDLE
        self._failing_at: float | None = None
        """since when deliveries fail, by the steady clock"""
        self._back_at: float | None = None
        """since when a subscriber that catches up by itself answers again, but has not read the history"""

    def step(self) -> float:
        """Do what is due; the seconds until it should be called again, unless woken before."""
        lane = self._load() if self._tenancy.hold() else None
        if lane is None or lane.subscription.paused or not lane.subscription.types:
            return IDLE
        if wait := self._backoff.left():
            return wait
        if wait := self._held(lane):
            return wait
        try:
            parked = parking.due(lane, self._ports.clock(), self._attempts.most(lane.subscription))
            return self._retry(lane, parked) if parked else self._forward(lane)
        except Absent as absent:
            return self._absent(lane, str(absent), absent.retry_after)
        except Gone as gone:
            Subscription.objects.filter(pk=lane.subscription_id).update(paused=True)
            return self._absent(lane, f"{gone}; paused", None)
        except WrongLog:
            return 0
        except Evicted:
            return self._evicted(lane)

    def _held(self, lane: Lane) -> float:
        """After an absence, one that catches up by itself gets time to read the history; the seconds to wait."""
        if lane.subscription.catch_up != Subscription.CatchUp.SELF or lane.failing_since is None:
            self._back_at = None
            return 0
        if not self._attempts.reachable(lane.subscription):
            self._back_at = None
            return self._absent(lane, "not reachable", None)
        now = self._ports.steady()
        if self._back_at is None:
            self._back_at = now
            Lane.objects.filter(pk=lane.pk, epoch=lane.epoch).update(last_error=HELD)
        return IDLE if now - self._back_at < catch_up.GRACE else 0

    def stop(self) -> None:
        """Let another replica deliver at once."""
        self._tenancy.release()

    def keep(self) -> None:
        """Called from another thread, every second: a subscriber that answers slowly must not cost us the lane."""
        if self._attempts.in_flight:
            self._tenancy.hold()

    def retry_now(self) -> None:
        """The subscriber gave a sign of life: don't wait."""
        self._backoff.cut_short()

    def _load(self) -> Lane | None:
        """The row as it is now, ours and with its cursor in the log that there is now.

        None: the subscription was removed, or a successor took the lane while we froze. Its epoch must not become ours.
        """
        rows = Lane.objects.select_related("subscription").filter(pk=self.lane_id)
        lane, log_id, tenure = rows.first(), self._ports.log.log_id, self._tenancy.epoch or 0
        if lane is None or (lane.log_id == log_id and lane.tenure == tenure):
            return lane
        with transaction.atomic():
            ours = Lane.objects.filter(pk=self.lane_id, tenure__lte=tenure)
            if not ours.update(tenure=tenure, epoch=F("epoch") + 1):
                return None
            if lane.log_id != log_id:
                Parked.objects.filter(lane=lane).delete()
                ours.update(log_id=log_id, cursor=START, **suspicion.NONE)
        return rows.filter(tenure=tenure).first()

    def _forward(self, lane: Lane) -> float:
        """The next events from the log: settled or parked; in both cases the cursor passes them."""
        after = max(lane.cursor, self._seen[1]) if self._seen[0] == lane.epoch else lane.cursor
        found = read(self._ports.log, lane.log_id, lane.partition, after, READ)
        batch = next_batch(lane, found, suspicion.most(lane, self._attempts.most(lane.subscription)))
        through = batch.through
        # At the end of the log there is nothing to look for until new events wake us.
        wait = IDLE if through >= self._ports.log.bounds(lane.partition).end else 0
        if wait and lane.renewals and not batch.send:
            Lane.objects.filter(pk=lane.pk, epoch=lane.epoch).update(renewals=0, renewed_at=None)
        if not batch.send and not batch.queue:
            self._pass_by(lane, through)
            return wait
        if suspicion.alone(lane, batch.send):
            return self._set_aside(lane, batch, last=wait > 0)
        results = self._deliveries.forward(lane, batch.send) if batch.send else []
        if results is None:
            return 0
        self._backoff.succeeded()
        now = self._ports.clock()
        aside = [parking.park(lane, entry, now) for entry in batch.queue]
        for entry, result in zip(batch.send, results, strict=True):
            if not result.settled:
                aside.append(parking.park(lane, entry, now))
                parking.note(aside[-1], result, now, self._ports.random)
        with transaction.atomic():
            marks = suspicion.answered(lane, len(batch.send), through)
            if not self._commit(lane, through, **ANSWERED, **marks):
                return 0
            Parked.objects.bulk_create(aside)
        return wait

    def _set_aside(self, lane: Lane, batch: NextBatch, last: bool) -> float:
        """The event that suspicion has come down to is parked unsent: it is tried from there, and the others go on."""
        self._deliveries.must_be_there(lane)
        now = self._ports.clock()
        aside = [parking.park(lane, entry, now) for entry in [*batch.send, *batch.queue]]
        parking.suspect(aside[0])
        marks = suspicion.answered(lane, 1, batch.through)
        with transaction.atomic():
            if self._commit(lane, batch.through, **ANSWERED, **marks):
                Parked.objects.bulk_create(aside)
                if not last:
                    parking.put_off(lane, now, self._ports.random)
        return 0

    def _evicted(self, lane: Lane) -> float:
        """Events it has not read are gone. Only a log that the outboxes can fill again begins anew for it."""
        log = self._ports.log
        if not isinstance(log, Bounded):
            begin = log.bounds(lane.partition).begin
            if lane.cursor > START:
                logger.error(
                    "events were lost: the log dropped them before they were delivered",
                    subscription=lane.subscription_id,
                    after=lane.cursor,
                    through=begin,
                )
            self._commit(lane, begin, **ANSWERED, **suspicion.NONE)
            return 0
        now = self._ports.clock()
        if not renewal.may_begin(lane, now):
            return self._absent(lane, renewal.NEEDS_HISTORY, None)
        # For one that is still away a new history would only fill up and go again.
        if not self._attempts.reachable(lane.subscription):
            return self._absent(lane, "not reachable, and events it needs are gone from the log", None)
        if renewal.note_begin(lane, now):
            logger.warning("events needed that are gone: a new history begins", subscription=lane.subscription_id)
            log.renew(lane.log_id)
        return 0

    def _retry(self, lane: Lane, parked: list[Parked]) -> float:
        """Parked events once more, in their order."""
        head, now = parked[0], self._ports.clock()
        if parking.is_dead(head):
            return self._give_up(lane, head)
        if head.unanswered and lane.failing_since is not None:
            self._deliveries.must_be_there(lane)
            parking.put_off(lane, now, self._ports.random)
            self._commit(lane, lane.cursor, **ANSWERED)
            return 0
        results = self._deliveries.retry(lane, parked)
        if results is None:
            return 0
        self._backoff.succeeded()
        now = self._ports.clock()
        with transaction.atomic():
            if self._commit(lane, lane.cursor, **ANSWERED):
                for row, result in zip(parked, results, strict=True):
                    if result.settled:
                        row.delete()
                    else:
                        parking.note(row, result, now, self._ports.random)
                        row.save(update_fields=parking.NOTED)
        return 0

    def _give_up(self, lane: Lane, row: Parked) -> float:
        """The parked event is a dead letter: its last delivery got no answer."""
        row.dead = True
        with transaction.atomic():
            if self._commit(lane, lane.cursor):
                parking.save([row])
        its = {"subscription": lane.subscription_id, "type": row.type, "id": row.event_id}
        logger.error("an event ends its subscriber", **its)
        return 0

    def _commit(self, lane: Lane, cursor: int, **values: Any) -> bool:
        """Move the cursor, unless the lane was rewound or taken over meanwhile: then all of it comes again."""
        rows = Lane.objects.filter(pk=lane.pk, epoch=lane.epoch)
        return bool(rows.update(cursor=cursor, **values))

    def _pass_by(self, lane: Lane, through: int) -> None:
        """Nothing here is for this subscription. The cursor follows once a second, not for each event."""
        now = self._ports.steady()
        self._seen = (lane.epoch, through)
        if through > lane.cursor and now >= self._moved_at + IDLE:
            Lane.objects.filter(pk=lane.pk, epoch=lane.epoch).update(cursor=through)
            self._moved_at = now

    def _absent(self, lane: Lane, why: str, retry_after: float | None) -> float:
        wait, now = self._backoff.failed(at_least=retry_after), self._ports.clock()
        if lane.attempts == 0:
            logger.warning("subscriber absent", subscription=lane.subscription_id, why=why)
        DELIVERIES.labels(lane.subscription_id, "absent").inc()
        Lane.objects.filter(pk=lane.pk, epoch=lane.epoch).update(
            attempts=F("attempts") + 1,
            last_error=why[:500],
            failing_since=now - self._failing_for(lane, now),
            next_try=now + wait,
        )
        return wait

    def _failing_for(self, lane: Lane, now: float) -> float:
        """Seconds. Once we have seen it fail they are our own count, so that each attempt heals what a clock that was
        set made of the row."""
        steady = self._ports.steady()
        if lane.failing_since is None or self._failing_at is None:
            self._failing_at = steady - max(0.0, now - (lane.failing_since or now))
        return steady - self._failing_at
