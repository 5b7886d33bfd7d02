"""POST /events: what a service publishes is stored, all of it or nothing, once."""

from typing import Any

import pytest
from django.test import Client
from samples import comment, nth

pytestmark = pytest.mark.django_db


def stored(log: Any) -> list[str]:
    return [entry.record.id for entry in log.read(0, log.bounds(0).begin, 10_000).entries]


@pytest.mark.parametrize("content_type", ["application/json", "application/cloudevents+json"])
def test_one_event_is_stored_and_acknowledged_with_the_logs_durability(
    publish: Any, log: Any, content_type: str
) -> None:
    event = comment()

    response = publish(event, content_type=content_type)

    assert response.status_code == 200
    assert response.json() == {"logId": log.log_id, "durability": "memory", "accepted": 1, "duplicates": 0}
    assert stored(log) == [event["id"]]


@pytest.mark.parametrize("content_type", ["application/json", "application/cloudevents-batch+json"])
def test_a_batch_is_stored_in_its_order(publish: Any, log: Any, content_type: str) -> None:
    events = [comment(f"c{n}") for n in range(500)]

    response = publish(events, content_type=content_type)

    assert response.json() == {"logId": log.log_id, "durability": "memory", "accepted": 500, "duplicates": 0}
    assert stored(log) == [event["id"] for event in events]


def test_an_empty_batch_is_accepted_and_stores_nothing(publish: Any, log: Any) -> None:
    assert publish([]).json() == {"logId": log.log_id, "durability": "memory", "accepted": 0, "duplicates": 0}


def test_what_was_stored_before_is_a_duplicate(publish: Any, log: Any) -> None:
    one, two = comment(), comment()
    publish(one)

    assert publish([one, two, two]).json()["accepted"] == 1
    assert publish([one, two]).json()["duplicates"] == 2
    assert stored(log) == [one["id"], two["id"]]


def test_a_known_id_with_another_body_is_409_and_nothing_of_its_batch_is_stored(publish: Any, log: Any) -> None:
    one = comment()
    publish(one)

    response = publish([comment(), one | {"subject": "another"}])

    assert response.status_code == 409
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["detail"] == f"/comments published {one['id']} before, with another body."
    assert stored(log) == [one["id"]]


def test_events_for_another_history_are_412_with_the_history_there_is(publish: Any, log: Any) -> None:
    response = publish([comment()], Log_Id="another")

    assert response.status_code == 412
    assert response.json() == {
        "type": "about:blank",
        "title": "Precondition Failed",
        "status": 412,
        "detail": f"This is log {log.log_id}, not another.",
        "logId": log.log_id,
    }
    assert stored(log) == []


def test_events_for_this_history_are_stored(publish: Any, log: Any) -> None:
    assert publish([comment()], Log_Id=log.log_id).status_code == 200


def test_a_position_that_an_event_brings_along_is_not_stored(publish: Any, log: Any) -> None:
    event = comment()

    publish(event | {"position": "77"})

    assert publish(event).json()["duplicates"] == 1
    [entry] = log.read(0, 0, 10).entries
    assert b"position" not in entry.record.body


def test_extension_attributes_are_kept(publish: Any, client: Client, log: Any) -> None:
    publish(comment(traceparent="00-abc"))

    [entry] = log.read(0, 0, 10).entries
    assert b'"traceparent":"00-abc"' in entry.record.body


def test_a_full_log_is_429_while_an_active_lane_lags_and_stores_nothing(publish: Any, heartbeat: Any, log: Any) -> None:
    heartbeat("query")
    log._limit = 20_000
    first = [comment() for _ in range(10)]
    publish(first)

    response = publish([comment() for _ in range(20)])

    assert response.status_code == 429
    assert response["Retry-After"] == "1"
    assert response.json()["detail"] == "The log is full until its subscribers have caught up."
    assert stored(log) == [event["id"] for event in first]


def test_a_full_log_drops_the_oldest_events_that_every_active_lane_has_and_goes_on(
    publish: Any, heartbeat: Any, log: Any
) -> None:
    from eventbus.models import Lane

    heartbeat("query")
    log._limit = 20_000
    events = [comment() for _ in range(15)]
    publish(events)
    Lane.objects.update(log_id=log.log_id, cursor=nth(log, 10))

    assert publish(fresh := [comment() for _ in range(10)]).status_code == 200

    assert stored(log)[-15:] == [event["id"] for event in events[10:] + fresh]
    assert 0 < log.bounds(0).begin <= nth(log, 10)


@pytest.mark.parametrize("change", ["paused", "absent for long", "absent, and the clock was set back", "no types"])
def test_a_lane_that_is_not_active_does_not_hold_the_log(publish: Any, heartbeat: Any, log: Any, change: str) -> None:
    import time

    from eventbus.models import Lane, Subscription

    heartbeat("query")
    if change == "paused":
        Subscription.objects.update(paused=True)
    elif change == "no types":
        Subscription.objects.update(types=[])
    else:
        away = -3600 if "back" in change else 61
        Lane.objects.update(failing_since=time.time() - away, attempts=5)
    log._limit = 20_000
    publish([comment() for _ in range(15)])

    assert publish([comment() for _ in range(15)]).status_code == 200


def test_a_lane_that_is_absent_for_less_than_a_minute_holds_the_log(publish: Any, heartbeat: Any, log: Any) -> None:
    import time

    from eventbus.models import Lane

    heartbeat("query")
    Lane.objects.update(failing_since=time.time() - 30, attempts=5)
    log._limit = 20_000
    publish([comment() for _ in range(15)])

    assert publish([comment() for _ in range(15)]).status_code == 429


def test_an_event_is_taken_when_another_publisher_has_made_the_room(publish: Any, log: Any) -> None:
    log._limit = 20_000
    publish([comment() for _ in range(15)])
    append = log.append

    def trimmed_meanwhile(*args: Any) -> Any:
        log.append = append
        try:
            return append(*args)
        finally:
            log.make_room([nth(log, 15)], 15_000)

    log.append = trimmed_meanwhile

    assert publish([comment() for _ in range(15)]).status_code == 200
