"""A receiver of traces for tests: OTLP over HTTP, decoded by OpenTelemetry's own definitions."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from svc_chassis.testing.http_server import Heard, Reply, serving


@dataclass(frozen=True)
class ReceivedSpan:
    service: str
    name: str
    trace: str
    id: str
    parent: str
    """empty if it has none"""
    began: int
    """nanoseconds since 1970"""
    ended: int
    failed: bool
    message: str
    """why, if it failed"""
    attributes: dict[str, Any]

    @property
    def traceparent(self) -> str:
        return f"00-{self.trace}-{self.id}-01"


class Traces:
    def __init__(self) -> None:
        self.spans: list[ReceivedSpan] = []
        self.url = ""

    def of(self, trace: str) -> list[ReceivedSpan]:
        return sorted((span for span in self.spans if span.trace == trace), key=lambda span: span.began)

    def receive(self, heard: Heard) -> Reply:
        assert heard.path == "/v1/traces"
        zipped = heard.headers.get("Content-Encoding") == "gzip"
        sent = ExportTraceServiceRequest.FromString(gzip.decompress(heard.body) if zipped else heard.body)
        for resource in sent.resource_spans:
            service = _values(resource.resource.attributes)["service.name"]
            for scope in resource.scope_spans:
                self.spans += [_span(service, span) for span in scope.spans]
        return Reply(200, b"", {"Content-Type": "application/x-protobuf"})


@contextmanager
def receiving() -> Iterator[Traces]:
    """Listens at `url` as a collector does."""
    traces = Traces()
    with serving(traces.receive) as traces.url:
        yield traces


def _span(service: str, span: Any) -> ReceivedSpan:
    return ReceivedSpan(
        service=service,
        name=span.name,
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        began=span.start_time_unix_nano,
        ended=span.end_time_unix_nano,
        failed=span.status.code == 2,
        message=span.status.message,
        attributes=_values(span.attributes),
    )


def _values(attributes: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in attributes}
