"""One trace tells the whole life of a comment, to whatever receives OpenTelemetry's protocol."""

from collections.abc import Iterator

import pytest

from svc_chassis.testing.traces import ReceivedSpan, Traces, receiving
from system_tests.conftest import running
from system_tests.harness.http import call
from system_tests.harness.system import System

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.fixture
def traces() -> Iterator[Traces]:
    with receiving() as found:
        yield found


@pytest.fixture
def system(traces: Traces) -> Iterator[System]:
    settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": traces.url, "OTEL_BSP_SCHEDULE_DELAY": "100"}
    with running(settings, ("frontend",)) as started:
        yield started


def test_a_trace_has_what_each_service_did_about_a_comment_and_where_it_waited(system: System, traces: Traces) -> None:
    post = system.post("hi")
    url = system.url("comments", f"/posts/{post['id']}/comments")
    comment = call("POST", url, json={"content": "hello"}, headers={"traceparent": f"00-{TRACE}-{SPAN}-01"}).json()
    system.eventually(lambda: system.statuses(post), {comment["id"]: "approved"})

    life = [
        # (span, service, its parent)
        ("POST /posts/<id:post_id>/comments", "comments", ""),
        ("publish CommentCreated", "comments", "POST /posts/<id:post_id>/comments"),
        *steps("CommentCreated", "comments", "moderation", "query"),
        ("publish CommentModerated", "moderation", "publish CommentCreated"),
        *steps("CommentModerated", "moderation", "comments"),
        ("publish CommentUpdated", "comments", "publish CommentModerated"),
        *steps("CommentUpdated", "comments", "moderation", "query"),
    ]

    def told() -> list[tuple[str, str, str]]:
        names = {span.id: span.name for span in traces.of(TRACE)}
        return sorted((span.name, span.service, names.get(span.parent, "")) for span in traces.of(TRACE))

    system.eventually(told, sorted(life))
    assert not any(span.failed for span in traces.of(TRACE))

    def one(name: str, service: str) -> ReceivedSpan:
        return next(span for span in traces.of(TRACE) if (span.name, span.service) == (name, service))

    outbox, relay = one("outbox CommentCreated", "comments"), one("relay CommentCreated", "comments")
    stored, applied = one("store CommentCreated", "eventbus"), one("apply CommentCreated", "moderation")
    assert outbox.ended == relay.began <= stored.began <= stored.ended <= relay.ended
    assert stored.ended <= applied.began
    assert stored.attributes["cloudevents.event_subject"] == comment["id"]

    # Each event tells its place in the trace, and the next one's begins there.
    path = system.as_operator("GET", f"/bus/events?subject={comment['id']}&types=CommentCreated").json()
    event = system.as_operator("GET", f"/bus/events/{path[0]['id']}").json()["event"]
    assert event["traceparent"] == one("publish CommentCreated", "comments").traceparent


def steps(event_type: str, publisher: str, *subscribers: str) -> list[tuple[str, str, str]]:
    """What happens to an event after it is published."""
    done = [("outbox", publisher), ("relay", publisher), ("store", "eventbus")]
    done += [("deliver", "eventbus") for _ in subscribers] + [("apply", name) for name in subscribers]
    return [(f"{step} {event_type}", service, f"publish {event_type}") for step, service in done]
