"""Services and clients written for the seed join as they are."""

from collections.abc import Iterator
from typing import Any

import pytest

from system_tests.conftest import running
from system_tests.harness.foreign import Foreign, SeedModeration, SeedQuery
from system_tests.harness.http import call
from system_tests.harness.system import Json, System


@pytest.fixture(scope="module")
def open_system() -> Iterator[System]:
    """Takes unsigned events, and has no moderation."""
    with running({"EVENTS_ALLOW_UNSIGNED": "1"}, ("moderation", "frontend")) as system:
        yield system


def object_values(body: Any) -> list[Any]:
    """JavaScript's `Object.values`, with which the seed's client takes the posts."""
    return list(body.values()) if isinstance(body, dict) else list(body)


def subscribed(system: System, name: str, service: Foreign, types: list[str]) -> Json:
    """Registered by hand."""
    order = {"url": f"{service.url}/events", "types": types, "format": "single"}
    answer = system.as_operator("PUT", f"/bus/subscriptions/{name}", json=order)
    assert answer.status_code == 200, answer.text
    subscription: Json = answer.json()
    return subscription


def posted(system: System, title: str) -> Json:
    """A post that is in the log. The seed's services fall over a comment that is there before its post."""
    post = system.post(title)
    system.eventually(lambda: system.shown(post) is not None, True)
    return post


@pytest.fixture
def moderation(open_system: System) -> Iterator[Foreign]:
    with SeedModeration(open_system.url("eventbus")) as service:
        subscription = subscribed(open_system, "moderation", service, ["CommentCreated"])
        assert subscription == {
            "name": "moderation",
            "url": f"{service.url}/events",
            "types": ["CommentCreated"],
            "batchSize": 500,
            "format": "single",
            "catchUp": "bus",
            "inboxId": None,
            "logId": subscription["logId"],
        }
        yield service
        open_system.as_operator("DELETE", "/bus/subscriptions/moderation")


def titles(system: System) -> dict[str, list[tuple[str, str | None]]]:
    """What the seed's client makes of query's answer: each post's comments, by the post's title."""
    posts = object_values(call("GET", system.url("query", "/posts")).json())
    return {post["title"]: [(each["status"], each["content"]) for each in post["comments"]] for post in posts}


def test_a_moderation_service_of_the_seed_takes_the_place_of_ours(open_system: System, moderation: Foreign) -> None:
    post = posted(open_system, "moderated by a stranger")
    open_system.comment(post, "hello")
    open_system.eventually(lambda: titles(open_system).get(post["title"]), [("approved", "hello")])
    open_system.comment(post, "orange")
    open_system.eventually(lambda: titles(open_system)[post["title"]], [("approved", "hello"), ("rejected", None)])
    assert [(event["type"], event["data"]["content"]) for event in moderation.received] == [
        ("CommentCreated", "hello"),
        ("CommentCreated", "orange"),
    ]


def test_it_misses_nothing_that_was_written_before_it_came(open_system: System, request: pytest.FixtureRequest) -> None:
    post = posted(open_system, "waiting for a stranger")
    comment = open_system.comment(post, "hello")
    open_system.eventually(lambda: open_system.statuses(post), {comment["id"]: "pending"})
    request.getfixturevalue("moderation")
    open_system.eventually(lambda: open_system.statuses(post), {comment["id"]: "approved"})


def test_a_query_service_of_the_seed_catches_up_at_its_start_and_stays_up_to_date(
    open_system: System, moderation: Foreign
) -> None:
    post = posted(open_system, "before it came")
    comment = open_system.comment(post, "orange")
    open_system.eventually(lambda: open_system.statuses(post), {comment["id"]: "rejected"})
    with SeedQuery(open_system.url("eventbus")) as query:
        caught_up = object_values(call("GET", f"{query.url}/posts").json())
        assert caught_up[-1] == {
            "id": post["id"],
            "title": "before it came",
            "comments": [{"id": comment["id"], "content": "orange", "status": "rejected"}],
        }
        assert {each["title"] for each in caught_up} == set(titles(open_system))
        subscribed(open_system, "seed-query", query, ["PostCreated", "CommentCreated", "CommentUpdated"])
        later = open_system.post("after it came")
        open_system.eventually(lambda: object_values(call("GET", f"{query.url}/posts").json())[-1]["id"], later["id"])
        assert open_system.as_operator("DELETE", "/bus/subscriptions/seed-query").status_code == 204


def test_the_history_is_one_array_in_the_logs_order(open_system: System) -> None:
    post = open_system.post("in the history")
    events = call("GET", open_system.url("eventbus", "/events"))
    assert events.headers["Content-Type"] == "application/json"
    open_system.eventually(
        lambda: call("GET", open_system.url("eventbus", "/events")).json()[-1]["data"],
        {key: post[key] for key in ("id", "title", "body", "author", "createdAt", "version")},
    )
    history = call("GET", open_system.url("eventbus", "/events"))
    positions = [event["position"] for event in history.json()]
    rest = call("GET", open_system.url("eventbus", f"/events?after={positions[0]}"))
    assert [event["position"] for event in rest.json()] == positions[1:]
    assert rest.headers["Log-Id"] == history.headers["Log-Id"]
