"""`GET /metrics`, in Prometheus' text format."""

from collections.abc import Iterable

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from svc_chassis.bootstrap import bus
from svc_chassis.outbox.relay import backlog, refused
from svc_chassis.web.problems import safe

REQUESTS = Histogram("blogbus_requests_seconds", "Requests answered.", ["method", "route", "status"])
RECEIVED = Counter("blogbus_received_events_total", "Events received, by what became of them.", ["type", "status"])


class Outbox(Collector):
    """What is in the outbox, counted when asked; left out while the database can't be, as /readyz says."""

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterable[Metric]:
        if settings.SERVICE_NAME == "eventbus":
            return []
        try:
            waiting, parked = backlog(bus.log_id), refused()
        except (DatabaseError, InterfaceError):
            return []
        return [
            GaugeMetricFamily("blogbus_outbox_unsent", "Events not acknowledged by the current log.", waiting),
            GaugeMetricFamily("blogbus_outbox_refused", "Events the bus refused for good.", parked),
        ]


REGISTRY.register(Outbox())


@safe
def metrics(request: HttpRequest) -> HttpResponse:
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)
