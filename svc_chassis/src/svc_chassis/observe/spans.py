"""Exports spans by OpenTelemetry (OTLP over HTTP). Only tracing imports this, and only where spans are exported."""

import atexit
from collections.abc import Mapping
from threading import Event, Thread
from typing import Any

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from svc_chassis.events.traceparent import child_of, valid

KINDS = {
    "request": SpanKind.SERVER,
    "publish": SpanKind.PRODUCER,
    "outbox": SpanKind.INTERNAL,
    "relay": SpanKind.CLIENT,
    "store": SpanKind.SERVER,
    "deliver": SpanKind.CLIENT,
    "apply": SpanKind.CONSUMER,
}
LAST = 1.0
"""seconds, at most, that the end of a process waits for the last spans to be sent"""

NAMED = {"id": "cloudevents.event_id", "source": "cloudevents.event_source", "type": "cloudevents.event_type"}
NAMED |= {"subject": "cloudevents.event_subject", "correlationid": "blogbus.correlationid"}


class Started:
    def __init__(self, span: Span, parent: str | None) -> None:
        self._span = span
        context = span.get_span_context()
        written = f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags & 1:02x}"
        # With OTEL_SDK_DISABLED, spans have no ids.
        self.traceparent = valid(written) or child_of(parent)

    def end(self, name: str = "", **attributes: Any) -> None:
        if name:
            self._span.update_name(name)
        if attributes.get("http.response.status_code", 0) >= 500:
            self._span.set_status(Status(StatusCode.ERROR))
        self._span.set_attributes(attributes)
        self._span.end()


class Spans:
    """Spans go to a bounded queue, and a thread sends them: while nobody receives them, the oldest are dropped."""

    def __init__(self, service: str, replica: str) -> None:
        names = {"service.namespace": "blogbus", "service.name": service, "service.instance.id": replica}
        self._provider = TracerProvider(resource=Resource.create(names), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("svc_chassis")
        self._stopping = Event()
        # Made now, because an interpreter that ends starts no threads.
        self._last = Thread(target=self._send_last, name="last-spans", daemon=True)
        self._last.start()
        atexit.register(self.stop)

    def start(self, kind: str, name: str, parent: str | None) -> Started:
        return Started(self._tracer.start_span(name, _context(parent), KINDS[kind]), parent)

    def record(
        self, step: str, event: Mapping[str, Any], began: float, ended: float, error: str, attributes: dict[str, Any]
    ) -> None:
        parent = valid(event.get("traceparent"))
        if parent is None:
            return  # it would be a trace of its own
        about = {label: event[name] for name, label in NAMED.items() if event.get(name)}
        # Another machine's clock may have said when the event happened.
        start, end = _nanoseconds(min(began, ended)), _nanoseconds(ended)
        name = f"{step} {event['type']}"
        span = self._tracer.start_span(name, _context(parent), KINDS[step], about | attributes, start_time=start)
        if error:
            span.set_status(Status(StatusCode.ERROR, error))
        span.end(end)

    def stop(self) -> None:
        """Send what waits, within LAST seconds: whoever receives it may be gone."""
        atexit.unregister(self.stop)
        self._stopping.set()
        self._last.join(LAST)

    def _send_last(self) -> None:
        self._stopping.wait()
        self._provider.shutdown()


def _context(parent: str | None) -> Context:
    return TraceContextTextMapPropagator().extract({"traceparent": parent} if parent else {}, Context())


def _nanoseconds(seconds: float) -> int:
    return round(seconds * 1e9)
