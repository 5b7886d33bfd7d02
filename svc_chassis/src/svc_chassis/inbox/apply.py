"""Applies a batch: each event once, in order per subject, in one transaction with the inbox."""

import time
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from traceback import extract_tb
from typing import Any

import prometheus_client as prometheus
import structlog
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError, transaction
from pydantic import ValidationError

from svc_chassis.events.event import CloudEvent
from svc_chassis.inbox import statements, unhandled
from svc_chassis.inbox.handlers import Handler, handler_of
from svc_chassis.inbox.ledger import Ledger, Result
from svc_chassis.observe import tracing
from svc_chassis.observe.logs import log_of_chains
from svc_chassis.web.problems import contract_errors, database_failed

log = structlog.get_logger()

RECEIVED = prometheus.Counter(
    "blogbus_received_events_total", "Events received, by what became of them.", ["type", "status"]
)


def apply_batch(events: list[CloudEvent]) -> list[Result]:
    """The result of each event. Raises OperationalError if the database fails; then nothing was applied."""
    try:
        with transaction.atomic():
            statements.hold()
            ledger = Ledger.of(events)
            results = [
                result
                for handler, run in groupby(events, key=lambda event: handler_of(event.type))
                for result in _apply_run(handler, list(run), ledger)
            ]
            if ledger.rows:
                statements.keep(ledger.rows)
            unhandled.note(event.type for event in events if not handler_of(event.type) and not ledger.knows(event))
    except (IntegrityError, DataError):
        # Found at the commit, in what a handler wrote: the event is at fault, and the bus finds it by halving.
        raise
    except (DatabaseError, InterfaceError) as error:
        raise OperationalError(str(error)) from error
    for event, result in zip(events, results, strict=True):
        RECEIVED.labels(event.type if handler_of(event.type) else "other", result.status).inc()
    if ledger.rows:
        new = {(row.source, row.event_id) for row in ledger.rows}
        its = (event.correlationid for event in events if (event.source, event.id) in new)
        log_of_chains(log.info, "applied", its, events=dict(Counter(row.type for row in ledger.rows)))
    return results


def _apply_run(handler: Handler | None, run: list[CloudEvent], ledger: Ledger) -> Iterable[Result]:
    """Apply events in a row that share a handler: all at once, and only if that fails, one by one."""
    if handler is None:
        return [Result(event.id, "applied") for event in run]
    began = time.time()
    try:
        return _apply_together(handler, run, ledger)
    except Exception as error:
        if database_failed(error) or transaction.get_rollback():
            raise  # what can't be rolled back to its savepoint must not be committed either
        if len(run) == 1:
            tracing.record("apply", [_without_data(run[0])], began, time.time(), type(error).__name__)
            return [_failure(run[0], error, ledger)]
    return [result for event in run for result in _apply_run(handler, [event], ledger)]


def _apply_together(handler: Handler, run: list[CloudEvent], ledger: Ledger) -> list[Result]:
    draft, results, fresh, began = ledger.copy(), [], [], time.time()
    for event in run:
        verdict = draft.verdict(event)
        if verdict is None:
            fresh.append(handler.read(event))
            draft.note(event)
        results.append(verdict or Result(event.id, "applied"))
    if fresh:
        with transaction.atomic():
            handler.apply(fresh)
            if transaction.get_rollback():
                raise RuntimeError("The handler swallowed an error that undid its own work.")
        tracing.record("apply", (_without_data(event.envelope) for event in fresh), began, time.time())
    ledger.become(draft)
    return results


def _without_data(event: CloudEvent) -> dict[str, Any]:
    return event.model_dump(exclude={"data"})


def _failure(event: CloudEvent, error: Exception, ledger: Ledger) -> Result:
    ledger.failed.add(event.subject)
    broken = contract_errors(error, "data") if isinstance(error, ValidationError) else []
    why = "; ".join(f"{found['field']}: {found['detail']}" for found in broken) if broken else str(error)
    # The message may quote the payload: it goes to the operator, with the answer, and not into the log.
    at = " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)[-5:])
    its = {"type": event.type, "id": event.id, "subject": event.subject, "correlationid": event.correlationid}
    log.warning("failed", **its, error=type(error).__name__, at=at)
    # Of a payload that breaks its contract, the fields are the place.
    place = ", ".join(found["field"] for found in broken)[:500] or at
    return Result(event.id, "failed", f"{type(error).__name__}: {why}"[:500], place)
