"""The relay sends outbox rows to the bus until the bus acknowledges them."""

import heapq
import time
from collections.abc import Iterable
from itertools import islice

import orjson
import structlog
from django.db.models import Exists, Min, OuterRef

from svc_chassis.events.event import BATCH_BYTES, BATCH_LIMIT, EVENT_LIMIT
from svc_chassis.leases.lease import Tenancy
from svc_chassis.observe import tracing
from svc_chassis.outbox import statements
from svc_chassis.outbox.bus_client import Bus, BusAbsent, BusRefused, is_another
from svc_chassis.outbox.models import OutboxEvent
from svc_chassis.outbox.statements import Unsent
from svc_chassis.runtime.backoff import Backoff
from svc_chassis.runtime.clock import Clock

log = structlog.get_logger()

RELAY = "relay"
"""the name of its loop, and of its lease"""
IDLE = 1.0
"""seconds between two looks at the whole outbox when nothing wakes the relay"""
OFTEN = 0.1
"""seconds between two looks for new rows, where other replicas may write some: they wake only their own relay"""
LOOK_EVERY = 2.0
"""seconds between two looks at the whole outbox, at most, while there is much to send"""
FEW = BATCH_BYTES // EVENT_LIMIT
"""events that fit into a batch however long they are"""


class Relay:
    """One step sends one batch. All its state is in the outbox, so it may be killed at any line."""

    def __init__(
        self, bus: Bus, tenancy: Tenancy, backoff: Backoff, clock: Clock = time.monotonic, *, shared: bool = False
    ) -> None:
        """`clock` gives seconds and never jumps. `shared`: other replicas may write to this outbox."""
        self._bus = bus
        self._tenancy = tenancy
        self._backoff = backoff
        self._clock = clock
        self._shared = shared
        self._limit = BATCH_LIMIT
        self._retried: str | None = None
        self._plain: tuple[str, int | None] | None = None
        """(log id, epoch of the lease) under which all rows not acknowledged were new, and none refused"""
        self._looked_at = -LOOK_EVERY

    def step(self) -> float:
        """Do what is due; the seconds until the next step, unless woken before."""
        log_id = self._bus.state.log_id
        if not self._tenancy.hold() or log_id is None:
            return IDLE
        if wait := self._backoff.left():
            return wait
        if self._retried != log_id:
            # What was refused gets another chance when the service or a history begins: it may have been cured.
            OutboxEvent.objects.exclude(refusal="").update(refusal="")
            self._retried = log_id
        if is_another(log_id):
            self._limit = 1
        rows = self._next(log_id)
        return self._send(rows, log_id) if rows else self._rest()

    def stop(self) -> None:
        """Let another replica relay at once."""
        self._tenancy.release()

    def _next(self, log_id: str) -> list[Unsent]:
        """The rows to send. While all of them are new, one statement finds them."""
        now, state = self._clock(), (log_id, self._tenancy.epoch)
        if self._plain == state and now < self._looked_at + LOOK_EVERY:
            rows = statements.new(self._limit)
            if rows or (self._shared and now < self._looked_at + IDLE):
                return _fitting(rows)
        self._looked_at = now
        self._plain = None if refused() or set(_log_ids()) - {"", log_id} else state
        return unsent(log_id, self._limit)

    def _send(self, rows: list[Unsent], log_id: str) -> float:
        began = time.time()
        try:
            stored = self._bus.publish([bytes(row.body) for row in rows], log_id)
        except BusAbsent as absent:
            return self._backoff.failed(at_least=absent.retry_after)
        except BusRefused as refused:
            self._refused(rows, str(refused))
            return 0
        self._backoff.succeeded()
        if stored:
            statements.acknowledge([row.seq for row in rows], log_id)
            # What another log had acknowledged did not wait until now.
            first = [row.body for row in rows if not row.log_id]
            tracing.record("outbox", map(orjson.loads, first), None, began)
            tracing.record("relay", map(orjson.loads, first), began, time.time())
            # These were all there was, and who commits more in this process will wake us.
            wait = self._rest() if len(rows) < min(self._limit, FEW) else 0
            self._limit = min(BATCH_LIMIT, self._limit * 2)
            return wait
        log.info("history lost at the bus, publishing again", was=log_id, log_id=self._bus.state.log_id)
        return 0

    def _rest(self) -> float:
        return OFTEN if self._shared and self._plain else IDLE

    def _refused(self, rows: list[Unsent], why: str) -> None:
        """Halve the batch until the refused event is alone; it parks its subject."""
        self._plain = None
        if len(rows) > 1:
            self._limit = len(rows) // 2
            return
        event = orjson.loads(rows[0].body)
        its = {"type": event["type"], "id": event["id"], "correlationid": event["correlationid"]}
        log.error("refused by the bus", **its, why=why)
        OutboxEvent.objects.filter(seq=rows[0].seq).update(refusal=why)
        self._limit = 2  # more of its kind may follow: the batch grows again with what is accepted


def unsent(log_id: str, limit: int) -> list[Unsent]:
    """The oldest rows not acknowledged by `log_id`, none of a parked subject; at most `limit` and BATCH_BYTES."""
    refused = OutboxEvent.objects.exclude(refusal="").filter(subject=OuterRef("subject"))
    queues = [
        OutboxEvent.objects.filter(~Exists(refused), log_id=other).order_by("seq").values_list(*Unsent._fields)[:limit]
        for other in _log_ids()
        if other != log_id
    ]
    return _fitting(map(Unsent._make, islice(heapq.merge(*queues, key=lambda row: row[0]), limit)))


def _fitting(rows: Iterable[Unsent]) -> list[Unsent]:
    """The first of `rows` that together have at most BATCH_BYTES."""
    found: list[Unsent] = []
    size = 0
    for row in rows:
        size += len(row.body) + 1
        if size > BATCH_BYTES:
            break
        found.append(row)
    return found


def backlog(log_id: str | None, most: int | None = None) -> int:
    """How many rows the log has not acknowledged; None: not any log. Of each earlier log, `most` are counted."""
    others = [""] if log_id is None else [other for other in _log_ids() if other != log_id]
    return sum(OutboxEvent.objects.filter(log_id=other)[:most].count() for other in others)


def refused() -> int:
    """How many rows the bus refused for good; each parks its subject."""
    return OutboxEvent.objects.exclude(refusal="").count()


def _log_ids() -> list[str]:
    """Every log id in the outbox, each by one seek in the index: there are few, and rows may be many."""
    found: list[str] = []
    rows = OutboxEvent.objects.all()
    while (lowest := rows.aggregate(lowest=Min("log_id"))["lowest"]) is not None:
        found.append(lowest)
        rows = OutboxEvent.objects.filter(log_id__gt=lowest)
    return found
