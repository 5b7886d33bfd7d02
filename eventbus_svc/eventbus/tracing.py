"""One event's path, and the list of events, as an operator sees them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from eventbus.log.port import Entry, Evicted, Log, WrongLog
from eventbus.models import Attempt, Discard, Lane, Parked

CHUNK = 500
CHAIN = 200
"""events of one chain that are shown at most"""


def newest(the: Log) -> Iterator[tuple[int, Entry]]:
    """(partition, entry), newest first in each partition, as far back as the log goes."""
    log_id = the.log_id
    for partition in range(the.partitions):
        end = the.end(partition)
        while end > (begin := the.begin(partition)):
            start = max(begin, end - CHUNK)
            try:
                entries = the.read(log_id, partition, start, end - start)
            except Evicted:
                continue  # the log began later when we came to it
            except WrongLog:
                return
            yield from ((partition, entry) for entry in reversed(entries))
            end = start


def path_of(the: Log, event_id: str, source: str | None = None) -> dict[str, Any] | None:
    """`{event, deliveries, chain}` of one event; None where the log has none of that id."""
    found = (
        (partition, entry)
        for partition, entry in newest(the)
        if entry.record.id == event_id and source in (None, entry.record.source)
    )
    match = next(found, None)
    if match is None:
        return None
    partition, entry = match
    event = orjson.loads(entry.record.body)
    return {
        "event": event,
        "deliveries": [
            _delivery(lane, entry, the.log_id)
            for lane in Lane.objects.select_related("subscription").filter(partition=partition)
            if entry.record.type in lane.subscription.types
        ],
        "chain": chain(the, event.get("correlationid")),
    }


def chain(the: Log, correlationid: str | None) -> list[dict[str, Any]]:
    """All events of one chain, oldest first."""
    if not correlationid:
        return []
    mark = orjson.dumps(correlationid)
    events = [orjson.loads(entry.record.body) for _, entry in newest(the) if mark in entry.record.body]
    same = [event for event in events if event.get("correlationid") == correlationid]
    return sorted(same, key=lambda event: str(event["time"]))[:CHAIN]


def _delivery(lane: Lane, entry: Entry, log_id: str) -> dict[str, Any]:
    attempts = Attempt.objects.filter(
        lane=lane, log_id=log_id, first__lte=entry.offset, last__gte=entry.offset
    ).order_by("time")
    return {
        "subscription": lane.subscription_id,
        "state": _state(lane, entry) if lane.log_id == log_id else "waiting",
        "attempts": [
            {
                "time": datetime.fromtimestamp(attempt.time, UTC).isoformat().replace("+00:00", "Z"),
                "status": attempt.status,
                "latencyMs": attempt.latency_ms,
                "error": attempt.error or None,
            }
            for attempt in attempts
            if entry.offset in attempt.offsets
        ],
    }


def _state(lane: Lane, entry: Entry) -> str:
    row = Parked.objects.filter(lane=lane, offset=entry.offset).first()
    if row is not None:
        return "dead" if row.dead else "parked"
    record = entry.record
    if Discard.objects.filter(subscription_id=lane.subscription_id, source=record.source, event_id=record.id).exists():
        return "discarded"
    return "settled" if entry.offset <= lane.cursor else "waiting"
