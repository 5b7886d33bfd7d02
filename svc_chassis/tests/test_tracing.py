"""The trace of an event travels with it; spans go to a collector where one is set, and only there."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.test import Client
from orders.events import GoodsArrived
from orders.views import place
from serving import HERE, SOON, Server
from standin import StandInBus

from svc_chassis.events.traceparent import valid
from svc_chassis.observe import tracing
from svc_chassis.observe.spans import Spans
from svc_chassis.outbox.models import OutboxEvent
from svc_chassis.outbox.relay import Relay
from svc_chassis.settings import service_settings
from svc_chassis.testing.free_port import free_port
from svc_chassis.testing.plugin import Deliver, Published, wire
from svc_chassis.testing.traces import Traces

Start = Callable[..., Server]

pytestmark = pytest.mark.django_db(transaction=True)

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
FORMAT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]")


@pytest.fixture
def spans(traces: Traces) -> Iterator[Spans]:
    exporter = Spans("orders", "one")
    tracing.use(exporter)
    yield exporter
    tracing.use(None)
    exporter.stop()


def order(client: Client, name: str = "o1", **headers: str) -> int:
    said = client.post("/orders", {"id": name, "item": "tea"}, content_type="application/json", headers=headers)
    return said.status_code


@pytest.mark.parametrize("sampled", ["00", "01"])
def test_an_event_continues_the_trace_of_its_request_as_a_span_of_its_own(
    client: Client, published: Published, sampled: str
) -> None:
    order(client, traceparent=f"00-{TRACE}-{SPAN}-{sampled}")

    [event] = published()
    assert re.fullmatch(f"00-{TRACE}-[0-9a-f]{{16}}-{sampled}", event["traceparent"])
    assert SPAN not in event["traceparent"]


@pytest.mark.parametrize(
    "header",
    [
        "",
        "garbage",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE}-{SPAN}-01\N{NO-BREAK SPACE}",
        "00-" * 10_000,
    ],
)
def test_a_trace_that_is_none_is_as_good_as_not_given(client: Client, published: Published, header: str) -> None:
    assert order(client, traceparent=header) == 201

    [event] = published()
    assert FORMAT.fullmatch(event["traceparent"])
    assert TRACE not in event["traceparent"]


def test_a_later_version_of_the_header_is_read_as_far_as_it_is_known() -> None:
    assert valid(f"cc-{TRACE}-{SPAN}-03-what-comes") == f"00-{TRACE}-{SPAN}-01"


def test_what_a_handler_publishes_continues_the_trace_of_its_event(deliver: Deliver, published: Published) -> None:
    traced = wire(GoodsArrived(id="g1", item="!order tea", version=1), traceparent=f"00-{TRACE}-{SPAN}-01")
    foreign = [
        wire(GoodsArrived(id=f"g{number}", item="!order tea", version=1), traceparent=odd)
        for number, odd in enumerate(("garbage", 7, True), 2)
    ]
    said = deliver(traced, *foreign)

    assert [each["status"] for each in said] == ["applied"] * 4
    first, *others = [event["traceparent"] for event in published()]
    assert first.startswith(f"00-{TRACE}-")
    assert all(FORMAT.fullmatch(each) and TRACE not in each for each in others)


def test_a_collector_sees_a_request_its_event_and_what_a_handler_did(
    client: Client, deliver: Deliver, published: Published, spans: Spans, traces: Traces
) -> None:
    order(client, traceparent=f"00-{TRACE}-{SPAN}-01")
    [event] = published()
    deliver(wire(GoodsArrived(id="g1", item="!order tea", version=1), traceparent=event["traceparent"]))
    spans.stop()

    request, publish, apply, caused = traces.of(TRACE)
    assert [span.service for span in traces.spans] == ["orders"] * 4
    assert (request.name, request.parent) == ("POST /orders", SPAN)
    assert request.attributes["http.response.status_code"] == 201
    assert (publish.name, publish.parent, publish.traceparent) == (
        "publish OrderPlaced",
        request.id,
        event["traceparent"],
    )
    assert publish.attributes["cloudevents.event_id"] == event["id"]
    assert (apply.name, apply.parent) == ("apply GoodsArrived", publish.id)
    assert (caused.name, caused.parent) == ("publish OrderPlaced", publish.id)
    assert caused.traceparent == published()[1]["traceparent"]
    assert not any(span.failed for span in traces.spans)


def test_a_collector_sees_which_handler_failed_and_not_what_its_error_quotes(
    deliver: Deliver, spans: Spans, traces: Traces
) -> None:
    event = wire(GoodsArrived(id="g1", item="!fail", version=1), traceparent=f"00-{TRACE}-{SPAN}-01")
    [said] = deliver(event)
    spans.stop()

    assert said["status"] == "failed"
    [span] = traces.spans
    assert (span.name, span.failed, span.message) == ("apply GoodsArrived", True, said["error"].partition(":")[0])


def test_what_is_sent_again_to_a_new_log_did_not_wait_until_now(
    client: Client, relay: Relay, drain: Callable[[Relay], None], spans: Spans, traces: Traces
) -> None:
    for name, log_id in [("o1", "an earlier log"), ("o2", "")]:
        order(client, name, traceparent=f"00-{TRACE}-{SPAN}-01")
        OutboxEvent.objects.filter(subject=name).update(log_id=log_id)
    drain(relay)
    spans.stop()

    waits = [span for span in traces.of(TRACE) if span.name == "outbox OrderPlaced"]
    assert [span.attributes["cloudevents.event_subject"] for span in waits] == ["o2"]


def test_what_was_rolled_back_not_sampled_or_routine_is_not_exported(
    client: Client, deliver: Deliver, spans: Spans, traces: Traces
) -> None:
    with transaction.atomic():
        place(id="o1", item="tea")
        transaction.set_rollback(True)
    order(client, "o2", traceparent=f"00-{TRACE}-{SPAN}-00")
    for path in ("/healthz", "/readyz", "/metrics", "/openapi.json"):
        client.get(path)
    deliver(wire(GoodsArrived(id="g1", item="tea", version=1)))
    spans.stop()

    assert traces.spans == []


def test_a_server_exports_to_the_collector_and_sends_what_waits_when_it_stops(traces: Traces, start: Start) -> None:
    server = start(OTEL_EXPORTER_OTLP_ENDPOINT=traces.url)
    server.order("o1", "tea")
    server.process.terminate()
    server.process.wait(SOON)

    # Whether the relay has sent the event by then is not known.
    assert {"POST /orders", "publish OrderPlaced"} <= {span.name for span in traces.spans}


@pytest.mark.parametrize("answers", [True, False])
def test_a_collector_that_is_absent_or_silent_holds_up_neither_requests_nor_the_end(
    start: Start, answers: bool
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1] if answers else free_port()
        server = start(OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{port}", OTEL_BSP_SCHEDULE_DELAY="10")
        for number in range(20):
            server.order(f"o{number}", "tea")
        server.process.terminate()
        assert server.process.wait(SOON) == 0


def test_an_endpoint_that_is_no_url_is_refused_with_an_example(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318")
    with pytest.raises(
        ImproperlyConfigured, match=r"is 'collector:4318': set it to something like http://127\.0\.0\.1:4318"
    ):
        service_settings("orders", HERE)


def test_without_opentelemetry_a_service_with_an_endpoint_says_what_to_install(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TRACES_ENDPOINT = "http://127.0.0.1:4318"
    monkeypatch.delitem(sys.modules, "svc_chassis.observe.spans")
    monkeypatch.setitem(sys.modules, "opentelemetry.context", None)
    with pytest.raises(
        ImproperlyConfigured, match=r"is set, and opentelemetry\.context is not installed: pip install -r"
    ):
        tracing.export()


def test_without_an_endpoint_nothing_of_opentelemetry_is_imported(bus: StandInBus, tmp_path: Path) -> None:
    # To stderr, because the loops log to stdout meanwhile.
    names = "[name for name in sys.modules if name.startswith('opentelemetry')]"
    code = f"import svc_chassis.wsgi, sys; print({names}, file=sys.stderr)"
    environ = os.environ | {"BLOGBUS_RUN_DIR": str(tmp_path), "DATABASE_URL": "", "EVENTBUS_URL": bus.url}
    environ |= {
        "DJANGO_SETTINGS_MODULE": "orders.settings",
        "PYTHONPATH": os.pathsep.join([str(HERE), *filter(None, sys.path)]),
    }
    said = subprocess.run([sys.executable, "-c", code], env=environ, check=True, capture_output=True, text=True)
    assert "[]" in said.stderr.splitlines()
