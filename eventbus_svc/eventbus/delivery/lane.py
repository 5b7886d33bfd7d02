"""A lane delivers one partition to one subscriber: in order per subject, one delivery in flight."""

from collections.abc import Mapping, Sequence
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
from eventbus.statements import LaneState, lane_state, update_lane
from svc_chassis.leases.lease import Tenancy
from svc_chassis.runtime.ports import Ports

logger = structlog.get_logger()

IDLE = 1.0
"""seconds between two steps when nothing wakes the lane"""
READ = 500
"""entries read in one step"""
ANSWERED: dict[str, Any] = {"attempts": 0, "last_error": "", "failing_since": None, "next_try": None}
"""columns of a lane's row after a response"""
HELD = "It is back. It gets what it missed unless it reads GET /events first."


class LaneSteps:
    """One step settles or parks one batch. Whatever must not be forgotten stands in the Lane row."""

    def __init__(self, lane_id: int, log: Log, sender: Sender, ports: Ports, tenancy: Tenancy) -> None:
        self.lane_id = lane_id
        self.wants: frozenset[str] | None = None
        """the types of its subscription; None before the first step"""
        self._log = log
        self._tenancy = tenancy
        self._clock, self._steady, self._random = ports.clock, ports.steady, ports.random()
        self._backoff = ports.backoff()
        self._attempts = Attempts(sender, ports.clock)
        self._deliveries = Deliveries(self._attempts, ports.clock, self._random)
        self._seen = (0, 0)
        """(epoch, offset): up to there, nothing after the cursor is for this subscription"""
        self._moved_at = -IDLE
        self._failing_at: float | None = None
        """since when deliveries fail, in monotonic time"""
        self._back_at: float | None = None
        """since when a subscriber that catches up by itself responds again, without having read the history"""

    def step(self) -> float:
        """Do what is due; the seconds until the next step, unless woken before."""
        wait = self._step()
        self._attempts.save_unsettled()
        return wait

    def _step(self) -> float:
        state = self._load() if self._tenancy.hold() else None
        if state is None:
            return IDLE
        lane = state.lane
        self.wants = frozenset(lane.subscription.types)
        if lane.subscription.paused or not self.wants:
            return IDLE
        if wait := self._backoff.left():
            return wait
        if wait := self._held(lane):
            return wait
        try:
            most = self._attempts.most(lane.subscription)
            due = parking.due(lane, self._clock(), most) if state.parked else []
            return self._retry(lane, due) if due else self._forward(state)
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
        """The seconds to wait for a subscriber that catches up by itself to read the history after an absence."""
        if lane.subscription.catch_up != Subscription.CatchUp.SELF or lane.failing_since is None:
            self._back_at = None
            return 0
        if not self._attempts.reachable(lane.subscription):
            self._back_at = None
            return self._absent(lane, "not reachable", None)
        now = self._steady()
        if self._back_at is None:
            self._back_at = now
            update_lane(lane, {"last_error": HELD})
        return IDLE if now - self._back_at < catch_up.GRACE else 0

    def stop(self) -> None:
        """Let another process of the bus deliver at once."""
        self._tenancy.release()

    def keep(self) -> None:
        """Renew the lease during a request to the subscriber, however slow. Called every second from another thread."""
        if self._attempts.in_flight:
            self._tenancy.hold()

    def retry_now(self) -> None:
        """The subscriber gave a sign of life: don't wait."""
        self._backoff.cut_short()

    def _load(self) -> LaneState | None:
        """The present state, taken over by this process, with a cursor of the present log.

        None if the subscription was removed, or if another process took the lane while this one was frozen.
        """
        state, log_id, tenure = lane_state(self.lane_id), self._log.log_id, self._tenancy.epoch or 0
        if state is None or (state.lane.log_id == log_id and state.lane.tenure == tenure):
            return state
        with transaction.atomic():
            ours = Lane.objects.filter(pk=self.lane_id, tenure__lte=tenure)
            if not ours.update(tenure=tenure, epoch=F("epoch") + 1):
                return None
            if state.lane.log_id != log_id:
                Parked.objects.filter(lane=state.lane).delete()
                ours.update(log_id=log_id, cursor=START, **suspicion.NONE)
        state = lane_state(self.lane_id)
        return state if state and state.lane.tenure == tenure else None

    def _forward(self, state: LaneState) -> float:
        """Deliver the next events from the log. The cursor moves past them, settled or parked."""
        lane = state.lane
        after = max(lane.cursor, self._seen[1]) if self._seen[0] == lane.epoch else lane.cursor
        found = read(self._log, lane.log_id, lane.partition, after, READ)
        batch = next_batch(state, found, suspicion.most(lane, self._attempts.most(lane.subscription)))
        through = batch.through
        # At the end of the log there is nothing to read until new events wake the lane.
        wait = IDLE if through >= self._log.bounds(lane.partition).end else 0
        # Caught up; in a history that is still empty, nothing was.
        if wait and lane.renewals and not batch.send and through > START:
            update_lane(lane, {"renewals": 0, "renewed_at": None})
        if not batch.send and not batch.queue:
            self._skip_to(lane, through)
            return wait
        if suspicion.alone(lane, batch.send):
            return self._set_aside(lane, batch, last=wait > 0)
        results = self._deliveries.forward(lane, batch.send) if batch.send else []
        if results is None:
            return 0
        self._backoff.succeeded()
        now = self._clock()
        aside = [parking.park(lane, entry, now) for entry in batch.queue]
        for entry, result in zip(batch.send, results, strict=True):
            if not result.settled:
                aside.append(parking.park(lane, entry, now))
                parking.note(lane, aside[-1], result, now, self._random)
        marks = suspicion.answered(lane, len(batch.send), through)
        return wait if self._commit(lane, through, {**ANSWERED, **marks}, aside) else 0

    def _set_aside(self, lane: Lane, batch: NextBatch, last: bool) -> float:
        """Park the one event under suspicion without sending it: it is retried from there, and the others continue."""
        self._deliveries.must_be_there(lane)
        now = self._clock()
        aside = [parking.park(lane, entry, now) for entry in [*batch.send, *batch.queue]]
        parking.suspect(aside[0])
        marks = suspicion.answered(lane, 1, batch.through)
        with transaction.atomic():
            if self._commit(lane, batch.through, {**ANSWERED, **marks}, aside) and not last:
                parking.put_off(lane, now, self._random)
        return 0

    def _evicted(self, lane: Lane) -> float:
        """Events that the lane has not read left the log. A log that outboxes can fill again begins a new history."""
        log = self._log
        if not isinstance(log, Bounded):
            begin = log.bounds(lane.partition).begin
            if lane.cursor > START:
                logger.error(
                    "events were lost: the log dropped them before they were delivered",
                    subscription=lane.subscription_id,
                    after=lane.cursor,
                    through=begin,
                )
            self._commit(lane, begin, {**ANSWERED, **suspicion.NONE})
            return 0
        now = self._clock()
        if not renewal.may_begin(lane, now):
            return self._absent(lane, renewal.NEEDS_HISTORY, None)
        # While the subscriber is absent, a new history would only fill up and be evicted again.
        if not self._deliveries.is_there(lane):
            return self._absent(lane, "not reachable, and events it needs are gone from the log", None)
        if renewal.note_begin(lane, now):
            logger.warning("needed events left the log: a new history begins", subscription=lane.subscription_id)
            log.renew(lane.log_id)
        return 0

    def _retry(self, lane: Lane, parked: list[Parked]) -> float:
        """Retry parked events, in their order."""
        head, now = parked[0], self._clock()
        if parking.is_dead(head):
            return self._give_up(lane, head)
        if head.unanswered and lane.failing_since is not None:
            self._deliveries.must_be_there(lane)
            parking.put_off(lane, now, self._random)
            self._commit(lane, lane.cursor, ANSWERED)
            return 0
        results = self._deliveries.retry(lane, parked)
        if results is None:
            return 0
        self._backoff.succeeded()
        now = self._clock()
        with transaction.atomic():
            if self._commit(lane, lane.cursor, ANSWERED):
                for row, result in zip(parked, results, strict=True):
                    if result.settled:
                        row.delete()
                    else:
                        parking.note(lane, row, result, now, self._random)
                        parking.save([row])  # it may have been erased meanwhile
        return 0

    def _give_up(self, lane: Lane, row: Parked) -> float:
        """Make the parked event a dead letter: its last delivery got no response."""
        row.dead = True
        with transaction.atomic():
            if self._commit(lane, lane.cursor, {}):
                parking.save([row])
                parking.tell_death(lane, row, why="it ends its subscriber")
        return 0

    def _commit(self, lane: Lane, cursor: int, values: Mapping[str, Any], aside: Sequence[Parked] = ()) -> bool:
        """Move the cursor, set `values` of the row, park `aside` and record the attempts, in one transaction.

        False if the lane was rewound or taken over meanwhile: then all events come again.
        """
        with transaction.atomic(savepoint=False):
            moved = update_lane(lane, {"cursor": cursor, **values})
            if moved:
                if aside:
                    Parked.objects.bulk_create(aside)
                self._attempts.save()
        return moved

    def _skip_to(self, lane: Lane, through: int) -> None:
        """Nothing here is for this subscription. The cursor follows once a second, not for each event."""
        now = self._steady()
        self._seen = (lane.epoch, through)
        if through > lane.cursor and now >= self._moved_at + IDLE:
            update_lane(lane, {"cursor": through})
            self._moved_at = now

    def _absent(self, lane: Lane, why: str, retry_after: float | None) -> float:
        wait, now = self._backoff.failed(at_least=retry_after), self._clock()
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
        """Seconds. After the first failure in this process they are counted in monotonic time, so that each attempt
        corrects a row that was written while the wall clock was wrong."""
        steady = self._steady()
        if lane.failing_since is None or self._failing_at is None:
            self._failing_at = steady - max(0.0, now - (lane.failing_since or now))
        return steady - self._failing_at
