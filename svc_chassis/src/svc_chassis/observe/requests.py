"""One log line and one span per request, and the chain that its events will belong to."""

import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from svc_chassis.events.chain import Chain, continued
from svc_chassis.events.traceparent import HEADER
from svc_chassis.observe import tracing
from svc_chassis.observe.metrics import REQUESTS

log = structlog.get_logger()

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ROUTINE = ("/healthz", "/readyz", "/metrics", "/subscriptions/")
"""asked every few seconds by machines; logged only when they fail, and not traced"""


class RequestLog:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        traced = HEADER in request.META or not _routine(request)
        span = tracing.request(request.META.get(HEADER)) if traced else None
        with continued(Chain(str(uuid.uuid4()), traceparent=span.traceparent if span else None)):
            response = self._get_response(request)
            seconds = time.perf_counter() - started
            method = request.method if request.method in METHODS else "other"
            route = request.resolver_match.route if request.resolver_match else "unknown"
            REQUESTS.labels(method, route, str(response.status_code)).observe(seconds)
            self._write(request, response.status_code, seconds)
        if span:
            its = {
                "http.request.method": method,
                "http.route": route,
                "http.response.status_code": response.status_code,
            }
            span.end(f"{method} /{route}", **its)
        return response

    def _write(self, request: HttpRequest, status: int, seconds: float) -> None:
        level = "error" if status >= 500 else "debug" if _routine(request) and status < 400 else "info"
        getattr(log, level)(f"{request.method} {request.path} {status}", ms=round(seconds * 1000, 1))


def _routine(request: HttpRequest) -> bool:
    return request.method == "GET" or request.path.startswith(ROUTINE) or request.path == "/events"
