"""Distributed tracing: each event has a W3C `traceparent`, and OTEL_EXPORTER_OTLP_ENDPOINT has spans exported.

The span that publishes an event is the parent of all others of that event, and of the events that it causes: in every
process the parent is known from the event alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from svc_chassis.events.attributes import instant
from svc_chassis.events.traceparent import child_of, valid

Step = Literal["outbox", "relay", "store", "deliver", "apply"]
"""What happens to an event: it waits in the outbox, is sent to the bus, stored, delivered to a subscriber, applied."""
Event = Mapping[str, Any]
"""An event's JSON object; its payload may be absent."""


class Span(Protocol):
    @property
    def traceparent(self) -> str | None: ...

    def end(self, name: str = "", **attributes: Any) -> None:
        """A span that is not ended is not exported. `name` replaces the first one."""


class Exporter(Protocol):
    """Takes spans and never waits for whoever receives them."""

    def start(self, kind: Literal["request", "publish"], name: str, parent: str | None) -> Span: ...

    def record(
        self, step: Step, event: Event, began: float, ended: float, error: str, attributes: dict[str, Any]
    ) -> None: ...


@dataclass(frozen=True)
class Unexported:
    traceparent: str | None

    def end(self, name: str = "", **attributes: Any) -> None:
        pass


_exporter: Exporter | None = None


def use(exporter: Exporter | None) -> None:
    """Export spans to this one, or none."""
    global _exporter
    _exporter = exporter


def is_exported() -> bool:
    """Whether spans go anywhere; what only prepares them can be left out otherwise."""
    return _exporter is not None


def export() -> None:
    """Export the spans of this process, if that is set. Raises ImproperlyConfigured where OpenTelemetry is missing."""
    if not settings.TRACES_ENDPOINT:
        return
    try:
        from svc_chassis.observe.spans import Spans
    except ModuleNotFoundError as missing:
        raise ImproperlyConfigured(
            f"OTEL_EXPORTER_OTLP_ENDPOINT is set, and {missing.name} is not installed: "
            "pip install -r requirements-tracing.lock."
        ) from missing
    use(Spans(settings.SERVICE_NAME, settings.REPLICA))


def request(header: str | None) -> Span:
    """The span of a request that had this `traceparent`."""
    parent = valid(header)
    return _exporter.start("request", "request", parent) if _exporter else Unexported(parent)


def publishing(event_type: str, parent: str | None) -> Span:
    """The span whose id an event of this type carries."""
    if _exporter:
        return _exporter.start("publish", f"publish {event_type}", valid(parent))
    return Unexported(child_of(parent))


def record(
    step: Step, events: Iterable[Event], began: float | None, ended: float, error: str = "", **attributes: Any
) -> None:
    """A span for each of `events`, which are not asked for where spans are not exported.

    `began`, `ended`: Unix seconds; None: when the event happened.
    """
    if _exporter:
        for event in events:
            start = instant(event["time"]).timestamp() if began is None else began
            _exporter.record(step, event, start, ended, error, attributes)
