"""GET /events: the history, in order, with positions to go on from."""

from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from django.conf import settings as configured
from django.test import Client
from samples import comment, keys_of

from svc_chassis.events.signing import signed

pytestmark = pytest.mark.django_db

Read = Callable[..., Any]


@pytest.fixture
def read(client: Client, log: Any) -> Read:
    """GET /events as the service `query`; the events, or with `whole` the response."""

    def _read(query: str = "", whole: bool = False) -> Any:
        response = client.get(f"/events{query}", headers=signed(b"", "query", keys_of("query")))
        if whole:
            return response
        assert response.status_code == 200, response.content
        return orjson.loads(b"".join(response.streaming_content))

    return _read


def ids(events: list[dict[str, Any]]) -> list[str]:
    return [event["id"] for event in events]


def test_an_empty_history_is_an_empty_array(read: Read) -> None:
    assert read() == []


def test_the_whole_history_is_one_streamed_array_in_the_logs_order(publish: Any, read: Read) -> None:
    events = [comment(f"c{n % 3}") for n in range(1200)]
    for start in range(0, 1200, 400):
        publish(events[start : start + 400])

    response = read(whole=True)
    assert response.streaming
    assert response["Content-Type"] == "application/json"
    found = orjson.loads(b"".join(response.streaming_content))

    assert [{**event, "position": None} for event in found] == [{**event, "position": None} for event in events]
    assert len({event["position"] for event in found}) == 1200


def test_after_a_position_comes_what_follows_it(publish: Any, read: Read) -> None:
    events = [comment() for _ in range(5)]
    publish(events)
    positions = [event["position"] for event in read()]

    for n, position in enumerate(positions):
        assert ids(read(f"?after={position}")) == ids(events[n + 1 :])


def test_pages_cover_the_history_once(publish: Any, read: Read) -> None:
    events = [comment() for _ in range(7)]
    publish(events)

    found: list[dict[str, Any]] = []
    while page := read(f"?limit=3&after={found[-1]['position']}" if found else "?limit=3"):
        assert len(page) <= 3
        found += page

    assert ids(found) == ids(events)


def test_types_and_subject_select(publish: Any, read: Read) -> None:
    events = [comment("a"), comment("b", type="CommentUpdated"), comment("b"), comment("a", type="CommentUpdated")]
    publish(events)

    assert ids(read("?types=CommentUpdated")) == ids([events[1], events[3]])
    assert ids(read("?types=CommentUpdated,CommentCreated")) == ids(events)
    assert ids(read("?subject=b")) == ids(events[1:3])
    assert ids(read("?subject=b&types=CommentUpdated&limit=1")) == ids(events[1:2])
    assert read("?types=PostCreated") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?limit=0", "limit"),
        ("?limit=1001", "limit"),
        ("?limit=-1", "limit"),
        ("?limit=ten", "limit"),
        ("?limit=", "limit"),
        ("?limit=99999999999", "limit"),
        ("?after=", "after"),
        ("?after=-1", "after"),
        ("?after=x", "after"),
        ("?after=1.2", "after"),
        ("?after=9999999999999999999", "after"),
        ("?after=%00", "after"),
    ],
)
def test_a_malformed_question_is_400_and_the_answer_names_the_field(read: Read, query: str, field: str) -> None:
    response = read(query, whole=True)

    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]


def test_where_the_oldest_events_are_gone_the_history_is_what_is_left(publish: Any, read: Read, log: Any) -> None:
    events = [comment() for _ in range(5)]
    publish(events)
    log.trim(0, 2, 10**12)

    assert ids(read()) == ids(events[2:])
    assert ids(read("?after=2")) == ids(events[2:])


def test_a_position_whose_followers_are_gone_is_410(publish: Any, read: Read, log: Any) -> None:
    publish([comment() for _ in range(5)])
    log.trim(0, 2, 10**12)

    response = read("?after=1", whole=True)

    assert response.status_code == 410
    assert response["Content-Type"] == "application/problem+json"


def test_a_history_that_is_trimmed_while_it_is_read_goes_on_with_what_is_left(
    publish: Any, read: Read, log: Any
) -> None:
    for _ in range(3):
        publish([comment() for _ in range(500)])
    stream: Iterator[bytes] = read(whole=True).streaming_content
    first = next(stream)
    log.trim(0, 1200, 10**12)

    found = orjson.loads(first + b"".join(stream))

    assert [int(event["position"]) for event in found] == [*range(1, 501), *range(1201, 1501)]


def test_a_history_that_is_trimmed_at_the_very_moment_of_reading_goes_on_too(
    publish: Any, read: Read, log: Any, monkeypatch: Any
) -> None:
    events = [comment() for _ in range(5)]
    publish(events)
    log.trim(0, 2, 10**12)
    said = [0, 0]  # what was so before the log was trimmed
    begin = log.begin
    monkeypatch.setattr(log, "begin", lambda partition: said.pop() if said else begin(partition))

    assert ids(read()) == ids(events[2:])


def test_an_answer_that_can_not_be_completed_breaks_off_and_does_not_look_whole(
    publish: Any, read: Read, log: Any
) -> None:
    from eventbus.log.port import Evicted, WrongLog

    for _ in range(2):
        publish([comment() for _ in range(500)])
    renewed, trimmed = read(whole=True).streaming_content, read("?after=0", whole=True).streaming_content
    next(trimmed)
    log.trim(0, 900, 10**12)
    with pytest.raises(Evicted):
        list(trimmed)

    next(renewed)
    log.renew(log.log_id)
    with pytest.raises(WrongLog):
        list(renewed)


def test_a_service_the_operator_and_nobody_else_may_read(client: Client, read: Read, settings: Any) -> None:
    def status(token: str) -> int:
        return client.get("/events", headers={"Authorization": f"Bearer {token}"}).status_code

    assert read(whole=True).status_code == 200
    assert status(configured.OPERATOR_TOKEN) == 200
    assert status(configured.MODERATOR_TOKEN) == 403
    assert status("wrong") == 401
    assert client.get("/events").status_code == 401
    assert client.get("/events", headers=signed(b"", "query", keys_of("posts"))).status_code == 401


def test_anyone_may_read_where_unsigned_events_are_allowed(
    client: Client, publish: Any, log: Any, settings: Any
) -> None:
    publish(event := comment())
    settings.EVENTS_ALLOW_UNSIGNED = True

    response = client.get("/events")

    assert ids(orjson.loads(b"".join(response.streaming_content))) == [event["id"]]
