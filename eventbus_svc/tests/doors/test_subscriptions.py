"""/bus/subscriptions: what the operator sees, registers and removes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from samples import comment, nth, position

from eventbus.models import Lane, Parked, Subscription

pytestmark = pytest.mark.django_db

REQUEST = {"url": "http://127.0.0.1:7001/events", "types": ["CommentCreated"], "format": "single"}


def test_a_foreign_service_is_registered_by_hand(operator: Any, log: Any) -> None:
    response = operator("put", "/bus/subscriptions/foreign", REQUEST)

    assert response.status_code == 200
    assert response.json() == {
        "name": "foreign",
        "url": "http://127.0.0.1:7001/events",
        "types": ["CommentCreated"],
        "batchSize": 500,
        "format": "single",
        "catchUp": "bus",
        "inboxId": None,
        "logId": log.log_id,
    }
    assert Lane.objects.get().subscription_id == "foreign"


def test_the_operators_request_replaces_the_types_and_only_a_new_one_rewinds(operator: Any, log: Any) -> None:
    operator("put", "/bus/subscriptions/foreign", REQUEST | {"types": ["A", "B"]})
    Lane.objects.update(log_id=log.log_id, cursor=9)

    assert operator("put", "/bus/subscriptions/foreign", REQUEST | {"types": ["B"]}).json()["types"] == ["B"]
    assert Lane.objects.get().cursor == 9
    assert operator("put", "/bus/subscriptions/foreign", REQUEST | {"types": ["C"]}).json()["types"] == ["C"]
    assert Lane.objects.get().cursor == 0


def test_a_host_that_is_not_on_the_allow_list_is_400_for_the_operator_too(operator: Any) -> None:
    response = operator("put", "/bus/subscriptions/foreign", REQUEST | {"url": "http://example.com/"})

    assert response.status_code == 400
    assert response.json()["errors"] == [
        {"field": "url", "detail": "example.com is not on the bus's allow-list (EVENTBUS_ALLOWED_HOSTS)."}
    ]


def test_a_host_on_the_allow_list_is_taken(operator: Any, settings: Any) -> None:
    settings.EVENTBUS_ALLOWED_HOSTS = {"foreign-srv"}

    assert operator("put", "/bus/subscriptions/foreign", REQUEST | {"url": "http://foreign-srv:80/"}).status_code == 200


def test_the_list_says_how_each_is_doing(operator: Any, heartbeat: Any, publish: Any, log: Any) -> None:
    import time

    heartbeat("query")
    heartbeat("moderation", types=["CommentUpdated"])
    operator("put", "/bus/subscriptions/foreign", REQUEST)
    publish([comment(), comment(type="CommentUpdated"), comment()])
    Lane.objects.filter(subscription="query").update(
        log_id=log.log_id, cursor=nth(log, 1), attempts=3, last_error="answered 503", next_try=time.time() + 60
    )
    Subscription.objects.filter(pk="foreign").update(paused=True)

    foreign, moderation, query = operator("get", "/bus/subscriptions").json()

    assert {name: query[name] for name in ("name", "state", "cursor", "lag", "lastError", "attempts")} == {
        "name": "query",
        "state": "retrying",
        "cursor": position(log, 1),
        "lag": 1,
        "lastError": "answered 503",
        "attempts": 3,
    }
    assert 55 < query["nextTry"] <= 60
    assert (moderation["state"], moderation["lag"], moderation["lastError"], moderation["nextTry"]) == (
        ("active", 1, None, None)
    )
    assert (foreign["state"], foreign["lag"]) == ("paused", 2)


def test_the_list_says_when_a_service_was_last_heard_of_and_what_waits_aside(
    operator: Any, heartbeat: Any, log: Any
) -> None:
    before = datetime.now(UTC)
    heartbeat("posts", types=[])
    operator("put", "/bus/subscriptions/foreign", REQUEST)
    lane = Lane.objects.get(subscription="foreign")
    for offset, dead in enumerate((True, False, False), 1):
        Parked.objects.create(
            lane=lane, offset=offset, subject="bad", body=b"{}", since=0, dead=dead, event_id=str(offset)
        )

    foreign, posts = operator("get", "/bus/subscriptions").json()

    assert [foreign[name] for name in ("parked", "deadLetters", "lag", "lastHeard")] == [3, 1, 3, None]
    assert [posts[name] for name in ("parked", "deadLetters", "lag", "lag")] == [0, 0, 0, 0]
    assert before <= datetime.fromisoformat(posts["lastHeard"]) <= datetime.now(UTC)


def test_a_heartbeat_says_what_waits_in_the_outbox_and_what_is_no_number_is_not_known(
    operator: Any, heartbeat: Any, log: Any
) -> None:
    def told() -> int | None:
        [posts] = operator("get", "/bus/subscriptions").json()
        unsent: int | None = posts["unsent"]
        return unsent

    for said, known in [("7", 7), ("0", 0), (None, None), ("-1", None), ("many", None), ("9" * 30, None), ("٣", None)]:
        headers = {} if said is None else {"Outbox-Unsent": said}
        assert heartbeat("posts", types=[], headers=headers).status_code == 200
        assert told() == known


def test_a_cursor_of_another_history_counts_as_the_beginning(
    operator: Any, heartbeat: Any, publish: Any, log: Any
) -> None:
    heartbeat("query")
    publish([comment(), comment()])
    Lane.objects.update(log_id="another", cursor=700)

    [query] = operator("get", "/bus/subscriptions").json()
    assert (query["cursor"], query["lag"]) == (position(log, 0), 2)


def test_removing_forgets_it_with_its_lane_and_a_second_time_is_404(operator: Any) -> None:
    operator("put", "/bus/subscriptions/foreign", REQUEST)

    assert operator("delete", "/bus/subscriptions/foreign").status_code == 204
    assert (Subscription.objects.count(), Lane.objects.count()) == (0, 0)
    assert operator("delete", "/bus/subscriptions/foreign").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/bus/subscriptions"),
        ("put", "/bus/subscriptions/foreign"),
        ("delete", "/bus/subscriptions/foreign"),
        ("post", "/bus/subscriptions/foreign/pause"),
        ("post", "/bus/subscriptions/foreign/resume"),
        ("post", "/bus/subscriptions/foreign/replay"),
        ("get", "/bus/subscriptions/foreign/replay"),
        ("get", "/bus/stream"),
        ("get", "/bus/contracts"),
        ("get", "/bus/faults"),
        ("put", "/bus/faults"),
        ("get", "/bus/events"),
        ("get", "/bus/events/1"),
        ("get", "/bus/dead-letters"),
        ("post", "/bus/dead-letters/1/retry"),
        ("post", "/bus/dead-letters/1/discard"),
        ("post", "/bus/dead-letters/retry"),
        ("post", "/bus/dead-letters/discard"),
    ],
)
def test_without_the_operators_token_it_is_401_and_with_the_moderators_403(
    client: Client, log: Any, settings: Any, method: str, path: str
) -> None:
    settings.EVENTS_ALLOW_UNSIGNED = True

    def status(**headers: str) -> int:
        response = getattr(client, method)(path, headers=headers)
        assert response["Content-Type"] == "application/problem+json"
        return int(response.status_code)

    assert status() == 401
    assert status(Authorization="Bearer wrong") == 401
    assert status(Authorization=configured.OPERATOR_TOKEN) == 401
    assert status(Authorization=f"Bearer {configured.MODERATOR_TOKEN}") == 403
