"""What an operator does to deliveries: pause, resume, replay; retry and discard dead letters."""

from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client
from samples import comment, position
from subscriber import Subscriber

from eventbus.delivery.lane import LaneSteps
from eventbus.delivery.parking import ATTEMPTS
from eventbus.models import Parked

SUBSCRIPTION = "/bus/subscriptions/query"
GONE = "This dead letter is gone: it was retried, replayed or discarded meanwhile."


@pytest.fixture
def poisoned(lane: LaneSteps, put: Any, sub: Subscriber, drain: Any) -> list[str]:
    """Three events of one subject, the first a dead letter; the subscriber is well again."""
    sub.fails = lambda event: event["id"] == ids[0]
    ids: list[str] = put(comment("bad"), comment("bad"), comment("bad"))
    drain(lane)
    sub.fails = lambda event: False
    sub.heard.clear()
    return ids


def test_a_paused_subscription_gets_nothing_and_a_resumed_one_misses_nothing(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any, operator: Any
) -> None:
    assert operator("post", f"{SUBSCRIPTION}/pause").json() == {"name": "query", "state": "paused"}
    ids = put(comment("a"), comment("b"))
    drain(lane)
    assert (sub.heard, operator("get", "/bus/subscriptions").json()[0]["state"]) == ([], "paused")

    assert operator("post", f"{SUBSCRIPTION}/resume").json() == {"name": "query", "state": "active"}
    drain(lane)
    assert sub.ids == ids


@pytest.mark.parametrize(("start", "again"), [("beginning", slice(0, 3)), (1, slice(1, 3)), (99, slice(3, 3))])
def test_a_replay_delivers_again_what_follows_a_position_and_never_skips(
    start: str | int, again: slice, lane: LaneSteps, log: Any, put: Any, sub: Subscriber, drain: Any, operator: Any
) -> None:
    ids = put(comment("a"), comment("b"), comment("c"))
    drain(lane)
    sub.heard.clear()

    start = position(log, start) if isinstance(start, int) else start
    assert operator("post", f"{SUBSCRIPTION}/replay", {"from": start}).json() == {"name": "query", "from": start}
    drain(lane)
    fresh = put(comment("d"))
    drain(lane)

    assert [event_id for delivery in sub.deliveries for event_id in delivery] == ids[again] + fresh


def test_a_replay_from_a_time_begins_with_the_first_event_of_that_time(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any, operator: Any
) -> None:
    times = [f"2026-01-01T0{hour}:00:00Z" for hour in range(3)]
    ids = put(*[comment(str(index), time=time) for index, time in enumerate(times)])
    drain(lane)
    sub.heard.clear()

    operator("post", f"{SUBSCRIPTION}/replay", {"from": "2026-01-01T01:30:00+00:30"})
    drain(lane)

    assert sub.deliveries == [ids[1:]]


@pytest.mark.parametrize(
    ("start", "count"), [("beginning", 3), (1, 3), (2, 2), (4, 1), (99, 1), ("2026-01-01T02:30:00Z", 2)]
)
def test_a_preview_says_how_many_events_the_replay_sends(
    start: str | int, count: int, lane: LaneSteps, log: Any, put: Any, sub: Subscriber, drain: Any, operator: Any
) -> None:
    """Of five: one was discarded, one nobody ordered, and one waits to be sent for the first time."""
    times = [f"2026-01-01T0{hour}:00:00Z" for hour in range(5)]
    kinds = ["CommentCreated", "CommentUpdated", "Unordered", "CommentUpdated"]
    ids = put(*[comment(str(hour), time=times[hour], type=kind) for hour, kind in enumerate(kinds)])
    sub.fails = lambda event: event["id"] == ids[0]
    drain(lane)
    operator("post", "/bus/dead-letters/discard", {})
    put(comment("last", time=times[4]))

    start = position(log, start) if isinstance(start, int) else start
    preview = operator("get", f"{SUBSCRIPTION}/replay?from={start}")
    operator("post", f"{SUBSCRIPTION}/replay", {"from": start})
    sub.heard.clear()
    drain(lane)

    assert preview.json() == {"name": "query", "from": start, "events": count}
    assert len([event_id for delivery in sub.deliveries for event_id in delivery]) == count


def test_a_preview_from_nowhere_is_refused_as_the_replay_is(lane: LaneSteps, operator: Any) -> None:
    for query in ("", "?from=", "?from=yesterday"):
        refused = operator("get", f"{SUBSCRIPTION}/replay{query}")
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "from")
    assert operator("get", "/bus/subscriptions/nobody/replay?from=beginning").status_code == 404


@pytest.mark.parametrize("start", ["", "yesterday", "-1", "1", "1.x", "2026-01-01T00:00:00", None, 5])
def test_a_replay_from_nowhere_is_400_and_changes_nothing(
    start: Any, lane: LaneSteps, put: Any, sub: Subscriber, drain: Any, operator: Any
) -> None:
    put(comment("a"))
    drain(lane)
    sub.heard.clear()

    response = operator("post", f"{SUBSCRIPTION}/replay", {"from": start})
    drain(lane)

    assert (response.status_code, response.json()["errors"][0]["field"], sub.heard) == (400, "from", [])


def test_a_replay_from_a_position_of_another_history_is_410_and_changes_nothing(
    lane: LaneSteps, log: Any, put: Any, sub: Subscriber, drain: Any, operator: Any
) -> None:
    put(comment("a"))
    drain(lane)
    sub.heard.clear()

    for response in (
        operator("post", f"{SUBSCRIPTION}/replay", {"from": "another.0"}),
        operator("get", f"{SUBSCRIPTION}/replay?from=another.0"),
        operator("get", "/bus/events?before=another.1"),
    ):
        assert (response.status_code, response.json()["logId"]) == (410, log.log_id)
    drain(lane)
    assert sub.heard == []


def test_a_dead_letter_says_why_and_what_waits_behind_it(poisoned: list[str], operator: Any) -> None:
    [letter] = operator("get", "/bus/dead-letters").json()

    assert letter == {
        "id": letter["id"],
        "subscription": "query",
        "event": letter["event"],
        "error": "can't",
        "at": None,
        "attempts": ATTEMPTS,
        "since": letter["since"],
        "behind": [{"id": event_id, "type": "CommentCreated"} for event_id in poisoned[1:]],
    }
    assert letter["event"]["id"] == poisoned[0]
    assert letter["since"].startswith("2023-11-14T22:1")


def test_dead_letters_are_listed_oldest_first_page_by_page_whatever_is_decided_meanwhile(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any, operator: Any
) -> None:
    sub.fails = lambda event: True
    ids = put(*[comment(str(number)) for number in range(60)])
    drain(lane)

    def shown(page: Any) -> list[str]:
        return [letter["event"]["id"] for letter in page.json()]

    whole = operator("get", "/bus/dead-letters")
    first = operator("get", "/bus/dead-letters?limit=25")
    last_seen = first.json()[-1]["id"]
    assert operator("post", f"/bus/dead-letters/{last_seen}/discard").status_code == 200
    second = operator("get", first["Link"].partition(">")[0][1:])
    third = operator("get", second["Link"].partition(">")[0][1:])

    assert (shown(whole), "Link" in whole) == (ids[:50], True)
    assert first["Link"] == f'</bus/dead-letters?limit=25&after={last_seen}>; rel="next"'
    assert [shown(page) for page in (first, second, third)] == [ids[:25], ids[25:50], ids[50:]]
    assert "Link" not in third
    assert operator("post", "/bus/dead-letters/retry", {}).json() == {"count": 59}


@pytest.mark.parametrize("limit", ["0", "101", "-1", "1.5", "ten", "", " 5", "9" * 20, "٣"])
def test_a_number_of_dead_letters_out_of_range_is_400(limit: str, lane: LaneSteps, operator: Any) -> None:
    refused = operator("get", f"/bus/dead-letters?limit={quote(limit)}")

    detail = "Must be a whole number from 1 to 100."
    assert (refused.status_code, refused.json()["errors"]) == (400, [{"field": "limit", "detail": detail}])


@pytest.mark.parametrize("after", ["-1", "x", "", "1.2", "9" * 19, "%00"])
def test_dead_letters_after_what_can_be_none_are_400(after: str, lane: LaneSteps, operator: Any) -> None:
    refused = operator("get", f"/bus/dead-letters?after={after}")

    assert (refused.status_code, [error["field"] for error in refused.json()["errors"]]) == (400, ["after"])


def test_a_retried_dead_letter_and_what_waits_behind_it_arrive_in_order(
    poisoned: list[str], lane: LaneSteps, sub: Subscriber, drain: Any, operator: Any
) -> None:
    letter = operator("get", "/bus/dead-letters").json()[0]["id"]

    assert operator("post", f"/bus/dead-letters/{letter}/retry").status_code == 200
    drain(lane)

    assert (sub.deliveries, Parked.objects.count()) == ([poisoned], 0)
    assert operator("get", "/bus/dead-letters").json() == []


def test_a_retry_that_fails_again_is_a_dead_letter_again(
    poisoned: list[str], lane: LaneSteps, sub: Subscriber, drain: Any, operator: Any
) -> None:
    sub.fails = lambda event: True
    letter = operator("get", "/bus/dead-letters").json()[0]["id"]
    operator("post", f"/bus/dead-letters/{letter}/retry")
    drain(lane)

    [again] = operator("get", "/bus/dead-letters").json()
    assert (again["id"], again["attempts"], len(again["behind"])) == (letter, ATTEMPTS + 1, 2)


def test_a_discarded_event_never_comes_again_and_its_followers_come_in_order(
    poisoned: list[str], lane: LaneSteps, sub: Subscriber, drain: Any, operator: Any
) -> None:
    letter = operator("get", "/bus/dead-letters").json()[0]["id"]
    operator("post", f"/bus/dead-letters/{letter}/discard")
    drain(lane)
    operator("post", f"{SUBSCRIPTION}/replay", {"from": "beginning"})
    drain(lane)

    assert sub.deliveries == [poisoned[1:], poisoned[1:]]


@pytest.mark.parametrize(("action", "applied"), [("retry", 4), ("discard", 2)])
def test_all_dead_letters_are_decided_at_once(
    action: str, applied: int, lane: LaneSteps, put: Any, sub: Subscriber, drain: Any, operator: Any
) -> None:
    sub.fails = lambda event: event["id"] in ids[:2]
    ids: list[str] = put(*[comment(subject) for subject in ("one", "two", "one", "two")])
    drain(lane)
    sub.fails = lambda event: False

    assert operator("post", f"/bus/dead-letters/{action}", {}).json() == {"count": 2}
    drain(lane)

    assert (sub.ids, Parked.objects.count()) == (ids[4 - applied :], 0)
    assert operator("post", f"/bus/dead-letters/{action}", {}).json() == {"count": 0}


def test_those_of_one_subscription_are_decided_alone(poisoned: list[str], subscribed: Any, operator: Any) -> None:
    subscribed("audit")

    assert operator("post", "/bus/dead-letters/retry", {"subscription": "audit"}).json() == {"count": 0}
    assert operator("post", "/bus/dead-letters/retry", {"subscription": "nobody"}).status_code == 404
    assert operator("post", "/bus/dead-letters/retry", {"subscription": 5}).status_code == 400
    assert operator("post", "/bus/dead-letters/retry", []).status_code == 400
    assert operator("post", "/bus/dead-letters/retry", {"subscription": "query"}).json() == {"count": 1}


def test_one_that_is_tried_again_can_not_be_discarded_meanwhile(poisoned: list[str], operator: Any) -> None:
    from eventbus.delivery.dead_letters import discard

    operator("post", "/bus/dead-letters/retry", {})

    assert discard(letters=Parked.objects.all()) == 0
    assert operator("post", "/bus/dead-letters/discard", {}).json() == {"count": 0}
    assert Parked.objects.count() == 3


@pytest.mark.parametrize("path", ["retry", "discard"])
def test_only_a_dead_letter_can_be_retried_or_discarded(path: str, poisoned: list[str], operator: Any) -> None:
    waiting = Parked.objects.get(event_id=poisoned[1])

    for letter in (waiting.pk, 999999):
        response = operator("post", f"/bus/dead-letters/{letter}/{path}")
        assert (response.status_code, response.json()["detail"]) == (404, GONE)
    assert Parked.objects.count() == 3


@pytest.mark.parametrize("second", ["retry", "discard"])
@pytest.mark.parametrize("first", ["retry", "discard"])
def test_of_two_operators_who_decide_at_once_the_second_is_told(
    first: str, second: str, poisoned: list[str], operator: Any, monkeypatch: Any
) -> None:
    """The first decides when the second has been let in already."""
    from eventbus.api import dead_letters

    its = f"/bus/dead-letters/{operator('get', '/bus/dead-letters').json()[0]['id']}"
    real = dead_letters.audited

    def late(*arguments: Any, **detail: Any) -> Any:
        monkeypatch.setattr(dead_letters, "audited", real)
        assert operator("post", f"{its}/{first}").status_code == 200
        return real(*arguments, **detail)

    monkeypatch.setattr(dead_letters, "audited", late)
    for _ in range(2):
        response = operator("post", f"{its}/{second}")
        assert (response.status_code, response.json()["detail"]) == (404, GONE)
    assert Parked.objects.filter(event_id=poisoned[0]).exists() == (first == "retry")


DOORS = [
    ("post", f"{SUBSCRIPTION}/pause"),
    ("post", f"{SUBSCRIPTION}/resume"),
    ("post", f"{SUBSCRIPTION}/replay"),
    ("get", "/bus/events"),
    ("get", "/bus/events/some-id"),
    ("get", "/bus/dead-letters"),
    ("post", "/bus/dead-letters/1/retry"),
    ("post", "/bus/dead-letters/1/discard"),
    ("post", "/bus/dead-letters/retry"),
    ("post", "/bus/dead-letters/discard"),
    ("get", "/bus/dead-letters/groups"),
    ("post", "/bus/dead-letters/groups/retry"),
    ("get", f"{SUBSCRIPTION}/replay"),
    ("get", "/bus/audit"),
    ("get", "/bus/samples"),
    ("get", "/bus/contracts"),
    ("get", "/bus/faults"),
    ("put", "/bus/faults"),
]


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_each_door_is_the_operators_alone(method: str, path: str, client: Client, lane: LaneSteps) -> None:
    moderators = {"Authorization": f"Bearer {settings.MODERATOR_TOKEN}"}

    assert getattr(client, method)(path).status_code == 401
    assert getattr(client, method)(path, headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert getattr(client, method)(path, headers=moderators).status_code == 403


@pytest.mark.parametrize("action", ["pause", "resume", "replay"])
def test_an_unknown_subscription_is_404(action: str, operator: Any) -> None:
    response = operator("post", f"/bus/subscriptions/nobody/{action}", {"from": "beginning"})
    assert (response.status_code, response.json()["detail"]) == (404, "There is no subscription nobody.")


def test_metrics_say_what_each_subscription_waits_for(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any, client: Client
) -> None:
    sub.fails = lambda event: event["subject"] == "bad"
    put(comment("bad"), comment("bad"), comment("good"))
    drain(lane)
    lines = client.get("/metrics").content.decode().splitlines()

    assert [line for line in lines if line.startswith("blogbus_subscription_")] == [
        'blogbus_subscription_lag{subscription="query"} 2.0',
        'blogbus_subscription_parked{subscription="query"} 2.0',
        'blogbus_subscription_dead_letters{subscription="query"} 1.0',
        'blogbus_subscription_paused{subscription="query"} 0.0',
    ]
