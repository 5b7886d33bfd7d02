"""GET /events when the log has dropped its oldest events, or does so while it is read."""

from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from django.test import Client
from samples import comment, evict, keys_of, position

from eventbus.log.port import Bounds
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


def test_where_the_oldest_events_are_gone_the_history_is_what_is_left(publish: Any, read: Read, log: Any) -> None:
    events = [comment() for _ in range(5)]
    publish(events)
    evict(log, 2)

    assert ids(read()) == ids(events[2:])
    assert ids(read(f"?after={position(log, 2)}")) == ids(events[2:])


def test_a_position_whose_followers_are_gone_is_410(publish: Any, read: Read, log: Any) -> None:
    publish([comment() for _ in range(5)])
    evict(log, 2)

    response = read(f"?after={position(log, 1)}", whole=True)

    assert (response.status_code, response.json()["logId"]) == (410, log.log_id)
    assert response["Content-Type"] == "application/problem+json"


def test_a_history_that_is_trimmed_while_it_is_read_goes_on_with_what_is_left(
    publish: Any, read: Read, log: Any
) -> None:
    for _ in range(3):
        publish([comment() for _ in range(500)])
    stream: Iterator[bytes] = read(whole=True).streaming_content
    first = next(stream)
    evict(log, 1200)

    found = orjson.loads(first + b"".join(stream))

    assert [event["position"] for event in found] == [position(log, n) for n in [*range(1, 501), *range(1201, 1501)]]


def test_a_history_that_is_trimmed_at_the_very_moment_of_reading_goes_on_too(
    publish: Any, read: Read, log: Any, monkeypatch: Any
) -> None:
    events = [comment() for _ in range(5)]
    publish(events)
    evict(log, 2)
    said = [Bounds(0, 0), Bounds(0, 0)]  # what was so before the log was trimmed
    bounds = log.bounds
    monkeypatch.setattr(log, "bounds", lambda partition: said.pop() if said else bounds(partition))

    assert ids(read()) == ids(events[2:])


def test_an_answer_that_can_not_be_completed_breaks_off_and_does_not_look_whole(
    publish: Any, read: Read, log: Any
) -> None:
    from eventbus.log.port import Evicted, WrongLog

    for _ in range(2):
        publish([comment() for _ in range(500)])
    renewed, trimmed = (
        read(whole=True).streaming_content,
        read(f"?after={position(log, 0)}", whole=True).streaming_content,
    )
    next(trimmed)
    evict(log, 900)
    with pytest.raises(Evicted):
        list(trimmed)

    next(renewed)
    log.renew(log.log_id)
    with pytest.raises(WrongLog):
        list(renewed)
