"""What `/readyz` and `/metrics` say of the outbox and of the bus."""

from collections.abc import Iterable

from django.db import DatabaseError, InterfaceError
from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from svc_chassis.observe.health import warns
from svc_chassis.outbox.bus_client import BUS
from svc_chassis.outbox.models import OutboxEvent
from svc_chassis.outbox.relay import backlog, refused

SHOWN = 10
"""refused events that `/readyz` names"""


@warns
def outbox_warnings() -> list[str]:
    rows = OutboxEvent.objects.exclude(refusal="").order_by("seq").values_list("subject", "refusal")[:SHOWN]
    return [f"{subject}: {why}" for subject, why in rows] + ([BUS.trouble] if BUS.trouble else [])


class OutboxGauges(Collector):
    """Counted when asked; left out while the database can't be, as `/readyz` says."""

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterable[Metric]:
        try:
            waiting, parked = backlog(BUS.log_id), refused()
        except (DatabaseError, InterfaceError):
            return []
        return [
            GaugeMetricFamily("blogbus_outbox_unsent", "Events not acknowledged by the current log.", waiting),
            GaugeMetricFamily("blogbus_outbox_refused", "Events the bus refused for good.", parked),
        ]


REGISTRY.register(OutboxGauges())
