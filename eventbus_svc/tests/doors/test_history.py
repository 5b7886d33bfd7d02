"""GET /events: the history, in order, with positions to go on from."""

from collections.abc import Callable
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


def test_the_answer_names_its_history(publish: Any, read: Read, log: Any) -> None:
    publish(comment())
    [event] = read()

    for query in ("", "?limit=1", f"?after={event['position']}"):
        assert read(query, whole=True)["Log-Id"] == log.log_id


@pytest.mark.parametrize("other", ["another.7", "another.0", "a.1.2.3", "7f4df0c9-6d4c-4b44-9dd0-1b9e4b7c8c1e.99"])
def test_a_position_of_another_history_is_410_with_the_present_one(
    publish: Any, read: Read, log: Any, other: str
) -> None:
    publish(comment())

    response = read(f"?after={other}", whole=True)

    assert (response.status_code, response.json()["logId"]) == (410, log.log_id)
    assert response["Content-Type"] == "application/problem+json"


def test_a_reader_whose_history_was_lost_misses_nothing(publish: Any, read: Read, log: Any) -> None:
    publish([comment() for _ in range(3)])
    last = read()[-1]["position"]
    log.renew(log.log_id)
    publish([comment() for _ in range(5)])

    assert read(f"?after={last}", whole=True).status_code == 410
    assert len(read()) == 5


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
        ("?after=1.2.x", "after"),
        ("?after=1", "after"),
        ("?after=9999999999999999999", "after"),
        ("?after={log}.", "after"),
        ("?after={log}.-1", "after"),
        ("?after={log}.1.1", "after"),
        ("?after={log}.9999999999999999999", "after"),
        ("?after={log}.%D9%A3", "after"),
        ("?after=%00", "after"),
    ],
)
def test_a_malformed_question_is_400_and_the_answer_names_the_field(
    read: Read, log: Any, query: str, field: str
) -> None:
    response = read(query.format(log=log.log_id), whole=True)

    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]


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
