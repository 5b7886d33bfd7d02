"""GET /bus/stream: the live picture."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import orjson
import pytest
from django.conf import settings as configured
from django.test import Client
from samples import Clock, comment, position
from subscriber import Subscriber

from eventbus.delivery.lane import LaneSteps
from eventbus.inspection import live
from eventbus.inspection.live import PICTURE
from eventbus.models import Attempt
from svc_chassis.sse import feed
from svc_chassis.testing.http_server import Heard, Json, Reply
from svc_chassis.testing.plugin import pieces, told

Listen = Callable[..., Iterator[bytes]]


@pytest.fixture
def listen(client: Client, log: Any, monkeypatch: Any) -> Listen:
    """A stream, from its beginning."""
    monkeypatch.setattr(live, "PAUSE", 0.0)
    monkeypatch.setattr(live, "EVERY", 0.0)
    PICTURE.watched = False
    return partial(pieces, client, "/bus/stream", Authorization=f"Bearer {configured.OPERATOR_TOKEN}")


def heard(stream: Iterator[bytes], kind: str) -> list[Any]:
    """The data of the next frames of that kind."""
    while True:
        PICTURE.step()
        if found := [data for event, data in told(stream) if event == kind]:
            return found


@pytest.mark.parametrize("faulty", [True, False])
def test_a_stream_begins_with_the_subscriptions_and_the_faults_as_they_are(
    listen: Listen, lane: LaneSteps, operator: Any, settings: Any, faulty: bool
) -> None:
    settings.EVENTBUS_FAULTS_ENABLED = faulty
    subscriptions = operator("get", "/bus/subscriptions").json()
    faults = [("faults", {"drop": 0, "repeat": 0, "reorder": 0, "delay": 0})]

    assert told(listen()) == [("subscriptions", {"subscriptions": subscriptions})] + (faults if faulty else [])
    assert [row["name"] for row in subscriptions] == ["query"]


def test_faults_are_told_when_they_change(listen: Listen, operator: Any) -> None:
    stream = listen()
    told(stream)
    for share in (0.5, 0):
        faults = {"drop": share, "repeat": 0, "reorder": 0, "delay": 0}
        operator("put", "/bus/faults", faults)
        assert heard(stream, "faults") == [faults]


def test_each_accepted_event_is_told_once_with_its_position(listen: Listen, log: Any, publish: Any) -> None:
    stream = listen()
    one, two, three = comment("a"), comment("b", correlationid="chain two"), comment("c")
    two["data"]["content"] = "long " * 100
    publish([one, two])
    publish([two, three])

    shown = ("id", "type", "source", "subject", "time", "correlationid")
    assert heard(stream, "published") == [
        {name: event[name] for name in shown} | {"data": beginnings(event), "position": position(log, number)}
        for number, event in enumerate((one, two, three), 1)
    ]


def beginnings(event: Any) -> dict[str, str]:
    """What the stream tells of a payload: the first 100 characters of each text."""
    return {name: text[:100] for name, text in event["data"].items() if isinstance(text, str)}


def test_each_attempt_to_deliver_is_told(
    listen: Listen, lane: LaneSteps, put: Any, sub: Subscriber, drain: Any, clock: Clock
) -> None:
    stream = listen()
    ids = put(*[comment(str(number)) for number in range(30)])
    replies = [Reply(503, orjson.dumps({"detail": "not now"}))]
    sub.instead = lambda _: replies.pop() if replies else None
    drain(lane)

    failed, delivered = heard(stream, "delivered")

    named = [{"id": event_id, "type": "CommentCreated", "subject": str(n)} for n, event_id in enumerate(ids)][:20]
    same = {"subscription": "query", "count": 30, "events": named}
    assert failed == same | {"status": 503, "latencyMs": failed["latencyMs"], "error": "answered 503: not now"}
    assert delivered == same | {"status": 200, "latencyMs": delivered["latencyMs"], "error": None}
    assert 0 < delivered["latencyMs"] < 10_000


def test_a_delivery_whose_events_fared_differently_is_told_once_for_each_outcome(
    listen: Listen, lane: LaneSteps, put: Any, sub: Subscriber
) -> None:
    def answer(heard: Heard) -> Reply:
        said = [("applied", "odd, but applied"), ("failed", "no such post"), ("blocked", ""), ("failed", "too long")]
        said += [("duplicate", ""), ("failed", "no such post")]
        results = [
            {"id": event_id, "status": status, "error": error}
            for event_id, (status, error) in zip(heard.ids, said, strict=True)
        ]
        return Reply(200, orjson.dumps({"results": results}))

    stream = listen()
    subjects = ("a", "b", "b", "c", "d", "e")
    ids = put(*[comment(subject) for subject in subjects])
    sub.instead = answer
    lane.step()

    told = heard(stream, "delivered")

    def outcome(error: str | None, *which: int) -> Json:
        events = [{"id": ids[n], "type": "CommentCreated", "subject": subjects[n]} for n in which]
        same = {"subscription": "query", "status": 200, "latencyMs": told[0]["latencyMs"]}
        return same | {"count": len(events), "events": events, "error": error}

    assert told == [outcome(None, 0, 4), outcome("no such post", 1, 5), outcome("too long", 3)]


def test_what_was_delivered_was_told_to_be_published_before(
    listen: Listen, lane: LaneSteps, put: Any, drain: Any
) -> None:
    stream = listen()
    put(comment())
    drain(lane)
    PICTURE.step()
    told(stream)

    assert [event for event, _ in told(stream)] == ["published", "delivered", "subscriptions"]


def test_an_attempt_that_another_process_commits_behind_a_later_one_is_told_too(
    listen: Listen, lane: LaneSteps, put: Any, drain: Any
) -> None:
    stream = listen()
    [first] = put(comment())
    drain(lane)
    late = Attempt.objects.get()
    Attempt.objects.all().delete()
    put(comment())
    drain(lane)
    assert first not in [event["id"] for data in heard(stream, "delivered") for event in data["events"]]
    late.save()

    assert [[event["id"] for event in data["events"]] for data in heard(stream, "delivered")] == [[first]]


def test_subscriptions_are_told_when_they_changed_and_only_then(listen: Listen, lane: LaneSteps, operator: Any) -> None:
    stream = listen()
    heard(stream, "subscriptions")
    for _ in range(5):
        PICTURE.step()
    operator("post", "/bus/subscriptions/query/pause")

    [found] = heard(stream, "subscriptions")
    assert [row["state"] for row in found["subscriptions"]] == ["paused"]


def test_who_comes_back_is_told_what_it_missed(listen: Listen, publish: Any) -> None:
    first = listen()
    known = next(first).decode().splitlines()[1].removeprefix("id: ")
    publish(event := comment())
    PICTURE.step()

    assert [data["id"] for data in heard(listen(**{"Last-Event-ID": known}), "published")] == [event["id"]]


def test_a_picture_that_nobody_looked_at_for_long_begins_anew(listen: Listen, publish: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(feed, "LINGER", 0)
    known = next(listen()).decode().splitlines()[1].removeprefix("id: ")
    PICTURE.step()
    assert not PICTURE.watched

    publish(comment())
    assert told(listen(**{"Last-Event-ID": known}))[0] == ("reset", {})


def test_a_new_history_is_a_reset(listen: Listen, publish: Any, log: Any) -> None:
    stream = listen()
    publish(comment())
    assert heard(stream, "published")

    log.renew(log.log_id)
    assert heard(stream, "reset") == [{}]
    publish(event := comment())
    assert [data["id"] for data in heard(stream, "published")] == [event["id"]]


def test_a_picture_that_falls_far_behind_is_a_reset(listen: Listen, publish: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(live, "FAR", 10)
    stream = listen()
    publish([comment() for _ in range(11)])

    assert heard(stream, "reset") == [{}]


def test_a_client_too_slow_for_the_storm_is_told_to_begin_anew(listen: Listen, publish: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(feed, "MOST", 100)
    slow, quick = listen(), listen()
    published = 0
    for _ in range(5):
        publish([comment() for _ in range(40)])
        published += len(heard(quick, "published"))

    assert published == 200
    assert heard(slow, "reset") == [{}]


def test_more_than_one_look_tells_all(listen: Listen, publish: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(live, "AT_ONCE", 7)
    stream = listen()
    events = [comment() for _ in range(30)]
    publish(events)

    found: list[str] = []
    while len(found) < 30:
        found += [data["id"] for data in heard(stream, "published")]
    assert found == [event["id"] for event in events]


@pytest.mark.parametrize(("token", "status"), [(None, 401), ("wrong", 401), ("MODERATOR_TOKEN", 403)])
def test_only_the_operator_may_look(client: Client, log: Any, token: str | None, status: int) -> None:
    bearer = {"Authorization": f"Bearer {getattr(configured, token, token)}"} if token else {}
    response = client.get("/bus/stream", headers={"Accept": "text/event-stream", **bearer})

    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
