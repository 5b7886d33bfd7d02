"""The spans that the bus adds to an event's trace: one for storing it, one for each attempt that settled or failed."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from samples import comment
from subscriber import Subscriber

from eventbus.delivery.lane import LaneSteps
from svc_chassis.observe import tracing
from svc_chassis.observe.spans import Spans
from svc_chassis.testing.http_server import Reply
from svc_chassis.testing.traces import Traces

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACED = f"00-{TRACE}-{SPAN}-01"


@pytest.fixture
def log(log: Any) -> Any:
    """One kind of log is enough."""
    return log


@pytest.fixture
def told(traces: Traces) -> Iterator[Callable[[], list[tuple[Any, ...]]]]:
    exporter = Spans("eventbus", "one")
    tracing.use(exporter)

    def _told() -> list[tuple[Any, ...]]:
        exporter.stop()
        return [(span.name, span.attributes["cloudevents.event_subject"], span.message) for span in traces.of(TRACE)]

    yield _told
    tracing.use(None)
    exporter.stop()


def test_an_event_that_fails_has_a_span_for_each_attempt_with_the_class_of_its_error(
    lane: LaneSteps, put: Callable[..., list[str]], sub: Subscriber, told: Callable[[], list[tuple[Any, ...]]]
) -> None:
    sub.fails = lambda event: event["subject"] == "bad"
    put(comment("bad", traceparent=TRACED), comment("good", traceparent=TRACED), comment("untraced"))
    lane.step()

    assert sorted(told()) == [
        ("deliver CommentCreated", "bad", "failed"),
        ("deliver CommentCreated", "good", ""),
        ("store CommentCreated", "bad", ""),
        ("store CommentCreated", "good", ""),
    ]


def test_while_a_subscriber_is_absent_its_events_wait_and_there_is_no_span(
    lane: LaneSteps, put: Callable[..., list[str]], sub: Subscriber, told: Callable[[], list[tuple[Any, ...]]]
) -> None:
    sub.instead = lambda heard: Reply(503)
    put(comment("c1", traceparent=TRACED))
    lane.step()

    assert told() == [("store CommentCreated", "c1", "")]
