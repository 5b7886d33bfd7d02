"""`GET /metrics`, in Prometheus' text format."""

from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Histogram, generate_latest

from svc_chassis.web.problems import safe

REQUESTS = Histogram("blogbus_requests_seconds", "Requests answered.", ["method", "route", "status"])


@safe
def metrics(request: HttpRequest) -> HttpResponse:
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)
