"""The next events of a lane."""

from dataclasses import dataclass

from eventbus.delivery import parking
from eventbus.log.port import Batch, Entry
from eventbus.log.position import just_before
from eventbus.models import Discard, Lane
from eventbus.statements import LaneState
from svc_chassis.events.event import BATCH_BYTES


@dataclass(frozen=True)
class NextBatch:
    """What one step settles: all events through the offset `through`. Others need no delivery."""

    through: int
    send: list[Entry]
    """events to deliver"""
    queue: list[Entry]
    """events to park, behind others of their subject"""


def next_batch(state: LaneState, batch: Batch, most: int) -> NextBatch:
    """At most `most` events to deliver of those in `batch`, and at most BATCH_BYTES.

    Discarded events and types that the subscription does not have are skipped.
    """
    lane = state.lane
    wanted = [entry for entry in batch.entries if entry.record.type in lane.subscription.types]
    discarded = _discarded(lane, wanted) if wanted and state.discards else set()
    subjects = {entry.record.subject for entry in wanted}
    parked = parking.parked_subjects(lane, subjects) if wanted and state.parked else set()
    send: list[Entry] = []
    queue: list[Entry] = []
    size = 0
    for entry in wanted:
        event = entry.record
        if (event.source, event.id) in discarded:
            continue
        if event.subject in parked:
            queue.append(entry)
            continue
        size += len(event.body) + 1
        if len(send) == most or size > BATCH_BYTES:
            return NextBatch(just_before(entry.offset), send, queue)
        send.append(entry)
    return NextBatch(batch.through, send, queue)


def _discarded(lane: Lane, entries: list[Entry]) -> set[tuple[str, str]]:
    ids = [entry.record.id for entry in entries]
    rows = Discard.objects.filter(subscription=lane.subscription_id, event_id__in=ids)
    return set(rows.values_list("source", "event_id"))
