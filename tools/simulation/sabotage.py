"""Each mechanism of the guarantees, switched off: what follows must be found by the checker."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from comments import handlers as verdicts
from comments import services
from comments.models import Comment
from eventbus.delivery import sender as delivery
from eventbus.delivery import suspicion
from eventbus.delivery.lane import LaneSteps
from eventbus.delivery.sender import Absent, Sender, Undelivered
from eventbus.erasure import Erasure
from eventbus.models import Lane
from moderation import handlers
from svc_chassis import restoring
from svc_chassis.inbox import statements, unhandled
from svc_chassis.inbox.ledger import Ledger, Result
from svc_chassis.inbox.models import InboxEvent
from svc_chassis.outbox import relay
from svc_chassis.outbox.bus_client import Bus, BusAbsent

_deliver, _publish = Sender.deliver, Bus.publish
_keep = statements.keep


def _blind_verdict(ledger: Any, event: Any) -> Result | None:
    return Result(event.id, "blocked") if event.subject in ledger.failed else None


def _no_version_verdict(ledger: Any, event: Any) -> Result | None:
    seen = Result(event.id, "duplicate") if (event.source, event.id) in ledger.ids else None
    return _blind_verdict(ledger, event) or seen


def _keep_once(rows: list[statements.Row]) -> None:
    """As the table would without its constraint: it stays readable for the checker."""
    known = set(InboxEvent.objects.values_list("source", "event_id"))
    _keep(list({row[:2]: row for row in rows if row[:2] not in known}.values()))


def _deliver_once(sender: Sender, to: Any, records: list[Any]) -> list[delivery.Result]:
    try:
        return _deliver(sender, to, records)
    except Undelivered:
        return [delivery.Result(settled=True) for _ in records]


def _deliver_all_or_wait(sender: Sender, to: Any, records: list[Any]) -> list[delivery.Result]:
    results = _deliver(sender, to, records)
    if all(each.settled for each in results):
        return results
    raise Absent("an event failed, and there is no place aside")


def _publish_and_forget(bus: Bus, events: list[bytes], log_id: str) -> bool:
    try:
        return _publish(bus, events, log_id)
    except BusAbsent:
        return True


def _commit_always(steps: Any, lane: Lane, cursor: int) -> bool:
    return bool(Lane.objects.filter(pk=lane.pk).update(cursor=cursor, attempts=0, last_error=""))


def _set_status_of_any_text(*, comment_id: str, content: str, **verdict: Any) -> None:
    present = Comment.objects.filter(id=comment_id).values_list("content", flat=True).first()
    services.set_status(comment_id=comment_id, content=present or content, **verdict)


MECHANISMS: dict[str, list[tuple[Any, str, Any]]] = {
    "inbox": [
        (Ledger, "verdict", _blind_verdict),
        (statements, "keep", _keep_once),
    ],
    "version": [(Ledger, "verdict", _no_version_verdict)],
    "retry": [(Sender, "deliver", _deliver_once)],
    "parking": [(Sender, "deliver", _deliver_all_or_wait)],
    "outbox": [(Bus, "publish", _publish_and_forget)],
    "republish": [(relay, "_log_ids", lambda: [""])],
    "epoch": [(LaneSteps, "_commit", _commit_always)],
    "suspicion": [(suspicion, "unanswered", lambda sent: suspicion.NONE)],
    "unhandled": [(unhandled, "note", lambda types: None)],
    "floor": [(restoring, "raise_floor", lambda now: None)],
    "void": [(verdicts, "set_status", _set_status_of_any_text)],
    "erasure": [(Erasure, "_erase", lambda *_: None)],
    "recall": [(handlers, "recall", lambda **verdict: None)],
}


@contextmanager
def without(mechanism: str | None) -> Iterator[None]:
    with ExitStack() as stack:
        for target, name, replacement in MECHANISMS.get(mechanism or "", []):
            stack.enter_context(patch.object(target, name, replacement))
        yield
