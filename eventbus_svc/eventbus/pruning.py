"""Which rows of the bus `prune_events` deletes, and since when the log keeps its events."""

import time
from collections.abc import Iterator
from datetime import datetime

from eventbus.delivery.parking import entry_of
from eventbus.log.port import Entry, Evicted, Log
from eventbus.models import Attempt, Parked
from svc_chassis.runtime.pruning import Pruning, by_age


def bus_tables(before: datetime) -> Iterator[Pruning]:
    """Records of deliveries. Nothing that is still to be delivered."""
    yield by_age("attempts", Attempt.objects.all(), "time", before.timestamp())


def kept_since(log: Log) -> float:
    """Unix seconds: every event stored before has left the log, and is not parked."""
    waiting = [found for partition in range(log.partitions) for found in _oldest(log, partition)]
    return min([time.time(), *waiting])


def _oldest(log: Log, partition: int) -> Iterator[float]:
    """When the oldest event in the log was stored, and the time of the oldest parked event."""
    # Parked events first, so that one which is parked and leaves the log meanwhile is not missed.
    parked = Parked.objects.filter(lane__partition=partition).order_by("offset").first()
    if parked:
        yield min(parked.since, entry_of(parked).record.time.timestamp())
    if first := _first(log, partition):
        happened = first.record.time.timestamp()
        yield happened if first.stored_at is None else first.stored_at


def _first(log: Log, partition: int) -> Entry | None:
    while True:
        try:
            entries = log.read(partition, log.bounds(partition).begin, 1).entries
        except Evicted:
            continue  # dropped between the two
        return entries[0] if entries else None
