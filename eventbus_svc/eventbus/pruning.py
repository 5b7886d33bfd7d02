"""What the bus may forget by age: how its deliveries went. What it has still to deliver is not in here."""

from collections.abc import Iterator
from datetime import datetime

from eventbus.models import Attempt
from svc_chassis.runtime.pruning import Pruning, by_age


def bus_tables(before: datetime) -> Iterator[Pruning]:
    yield by_age("attempts", Attempt.objects.all(), "time", before.timestamp())
