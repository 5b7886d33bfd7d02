"""What an operator sees of events: the newest, and one's whole path."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from samples import comment, position
from subscriber import Subscriber

from eventbus.delivery.lane import LaneSteps
from eventbus.models import Lane, Parked
from svc_chassis.testing.http_server import Reply


def test_the_newest_events_come_first_page_by_page_with_their_positions(
    lane: LaneSteps, log: Any, put: Any, operator: Any
) -> None:
    ids = put(*[comment(str(index)) for index in range(5)])

    first = operator("get", "/bus/events?limit=2")
    second = operator("get", first["Link"].partition(">")[0][1:])
    last = operator("get", second["Link"].partition(">")[0][1:])

    pages = [[event["id"] for event in page.json()] for page in (first, second, last)]
    assert pages == [[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]]
    assert [event["position"] for event in first.json()] == [position(log, 5), position(log, 4)]
    assert "Link" not in last


def test_the_list_is_filtered_by_type_subject_and_source(lane: LaneSteps, put: Any, operator: Any) -> None:
    ids = put(comment("a"), comment("b"), comment("a", type="CommentUpdated"))

    def listed(query: str) -> list[str]:
        return [event["id"] for event in operator("get", f"/bus/events?{query}").json()]

    assert listed("subject=a") == [ids[2], ids[0]]
    assert listed("types=CommentUpdated,PostCreated") == [ids[2]]
    assert listed("source=/comments&types=CommentCreated") == [ids[1], ids[0]]
    assert listed("source=/posts") == []


def test_the_list_says_what_became_of_each_delivery_and_is_filtered_by_that(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any, operator: Any, subscribed: Any
) -> None:
    sub.fails = lambda event: event["subject"] == "bad"
    dead, blocked, settled, unordered = put(comment("bad"), comment("bad"), comment("good"), comment(type="Unordered"))
    drain(lane)
    subscribed("moderation", types=["CommentUpdated"])
    [waiting] = put(comment("good", type="CommentUpdated"))

    def listed(query: str = "") -> dict[str, list[str]]:
        found = operator("get", f"/bus/events?{query}").json()
        return {
            event["id"]: [f"{each['subscription']} {each['state']}" for each in event["deliveries"]] for event in found
        }

    everything = {
        waiting: ["moderation waiting", "query waiting"],
        unordered: [],
        settled: ["query settled"],
        blocked: ["query parked"],
        dead: ["query dead"],
    }
    assert listed() == everything
    for state, event_id in [("dead", dead), ("parked", blocked), ("settled", settled), ("waiting", waiting)]:
        assert listed(f"state={state}") == {event_id: everything[event_id]}
    assert listed("state=discarded") == listed("state=dead&subject=good") == {}
    refused = operator("get", "/bus/events?state=lost")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "state")


def test_a_filtered_list_is_paged_and_looks_through_the_whole_log(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any, operator: Any
) -> None:
    sub.fails = lambda event: event["subject"].startswith("bad")
    bad = put(*[comment(f"bad{number}") for number in range(3)])
    put(*[comment(str(number)) for number in range(450)])
    put(*[comment(str(number)) for number in range(450)])
    drain(lane)

    first = operator("get", "/bus/events?state=dead&limit=2")
    second = operator("get", first["Link"].partition(">")[0][1:])
    assert [[event["id"] for event in page.json()] for page in (first, second)] == [[bad[2], bad[1]], [bad[0]]]


def test_a_page_costs_a_constant_number_of_queries(put: Any, subscribed: Any, operator: Any) -> None:
    for name in ("query", "moderation", "audit"):
        subscribed(name)
    put(*[comment(str(number)) for number in range(100)])
    operator("get", "/bus/events")

    def cost(path: str, count: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert len(operator("get", path).json()) == count
        return len(queries)

    assert cost("/bus/events?limit=1", 1) == cost("/bus/events?limit=100", 100) <= 12
    assert cost("/bus/subscriptions", 3) <= 10
    subscribed("another")
    assert cost("/bus/subscriptions", 4) <= 10
    Parked.objects.bulk_create(
        Parked(lane=lane, offset=offset, dead=True, subject=str(offset), body=orjson.dumps(comment()), since=0)
        for lane in Lane.objects.all()
        for offset in range(40)
    )
    assert cost("/bus/dead-letters?limit=1", 1) == cost("/bus/dead-letters?limit=100", 100) == 2


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "before=x", "before=1", "before="])
def test_a_page_that_makes_no_sense_is_400_or_the_first(query: str, lane: LaneSteps, put: Any, operator: Any) -> None:
    put(comment("a"))
    response = operator("get", f"/bus/events?{query}")

    assert response.status_code == (200 if query == "before=" else 400)


def test_one_events_path_shows_each_attempt_and_its_chain(
    lane: LaneSteps, log: Any, put: Any, sub: Subscriber, drain: Any, operator: Any
) -> None:
    other = comment("other", correlationid="another chain")
    cause = comment("a", correlationid="chain one")
    effect = comment("a", type="CommentUpdated", correlationid="chain one", causationid=cause["id"])
    before = datetime.now(UTC)
    put(other, cause, effect)
    replies = [Reply(503, orjson.dumps({"detail": "not now"}), {"Content-Type": "application/problem+json"})]
    sub.instead = lambda heard: replies.pop() if replies else None
    drain(lane)

    path = operator("get", f"/bus/events/{cause['id']}").json()

    settled = {"subscription": "query", "state": "settled", "nextTry": None, "attemptsLeftOut": 0}
    its, effects = ([settled | {"attempts": each["deliveries"][0]["attempts"]}] for each in path["chain"])
    stored = {"storedAt": path["storedAt"]}
    assert path == stored | {
        "now": path["now"],
        "event": cause | {"position": position(log, 2)},
        "deliveries": its,
        "chain": [
            cause | stored | {"position": position(log, 2), "deliveries": its},
            effect | stored | {"position": position(log, 3), "deliveries": effects},
        ],
        "chainLeftOut": 0,
    }
    moments = [before, *(datetime.fromisoformat(path[name]) for name in ("storedAt", "now")), datetime.now(UTC)]
    assert moments == sorted(moments)
    for attempts in (its[0]["attempts"], effects[0]["attempts"]):
        assert [(attempt["status"], attempt["error"]) for attempt in attempts] == [
            (503, "answered 503: not now"),
            (200, None),
        ]


def test_an_attempt_says_what_became_of_this_event_whatever_became_of_others_in_the_same_delivery(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any, operator: Any
) -> None:
    sub.fails = lambda event: event["subject"] == "bad" and len(sub.heard) < 3
    good, bad, behind = put(comment("good"), comment("bad"), comment("bad"))

    def attempts(event_id: str) -> list[tuple[int, str | None]]:
        [delivery] = operator("get", f"/bus/events/{event_id}").json()["deliveries"]
        return [(attempt["status"], attempt["error"]) for attempt in delivery["attempts"]]

    lane.step()
    assert [attempts(each) for each in (good, bad, behind)] == [[(200, None)], [(200, "can't")], []]

    drain(lane)
    assert sub.deliveries == [[good, bad, behind], [bad, behind], [bad, behind]]
    assert attempts(good) == [(200, None)]
    assert attempts(bad) == [(200, "can't"), (200, "can't"), (200, None)]
    assert attempts(behind) == [(200, None)]


def test_a_parked_event_that_waits_for_its_next_try_says_why(
    lane: LaneSteps, put: Any, sub: Subscriber, operator: Any
) -> None:
    sub.fails = lambda event: True
    [event_id] = put(comment("bad"))
    lane.step()

    [delivery] = operator("get", f"/bus/events/{event_id}").json()["deliveries"]
    attempt = {"time": "2023-11-14T22:13:20.000000Z", "status": 200, "error": "can't"}
    attempt["latencyMs"] = delivery["attempts"][0]["latencyMs"]
    assert delivery == {"subscription": "query", "state": "parked", "nextTry": 0, "attempts": [attempt]} | {
        "attemptsLeftOut": 0
    }


@pytest.mark.parametrize("state", ["waiting", "parked", "dead", "discarded", "settled"])
def test_a_deliverys_state_is_said(
    state: str, lane: LaneSteps, put: Any, sub: Subscriber, drain: Any, operator: Any
) -> None:
    [event_id] = put(comment("a"))
    sub.fails = lambda event: state in ("parked", "dead", "discarded")
    if state == "parked":
        lane.step()
    elif state != "waiting":
        drain(lane)
    if state == "discarded":
        operator("post", f"/bus/dead-letters/{operator('get', '/bus/dead-letters').json()[0]['id']}/discard")

    assert operator("get", f"/bus/events/{event_id}").json()["deliveries"][0]["state"] == state
    deliveries = [{"subscription": "query", "state": state}]
    assert [event["deliveries"] for event in operator("get", "/bus/events").json()] == [deliveries]


def test_of_a_long_chain_the_oldest_are_shown_and_the_event_itself(lane: LaneSteps, put: Any, operator: Any) -> None:
    ids = put(*[comment(str(number)) for number in range(203)])

    def chain(event_id: str) -> tuple[list[str], int]:
        path = operator("get", f"/bus/events/{event_id}").json()
        return [event["id"] for event in path["chain"]], path["chainLeftOut"]

    assert chain(ids[0]) == chain(ids[199]) == (ids[:200], 3)
    assert chain(ids[202]) == ([*ids[:199], ids[202]], 3)


def test_events_of_one_chain_and_one_moment_are_shown_as_they_came(lane: LaneSteps, put: Any, operator: Any) -> None:
    ids = put(*[comment(str(number), time="2026-01-01T00:00:00Z") for number in range(3)])

    assert [event["id"] for event in operator("get", f"/bus/events/{ids[1]}").json()["chain"]] == ids


def test_an_event_of_no_chain_is_its_own(lane: LaneSteps, log: Any, put: Any, operator: Any) -> None:
    alone, other = comment("a"), comment("b")
    del alone["correlationid"], other["correlationid"]
    put(alone, other)

    path = operator("get", f"/bus/events/{alone['id']}").json()
    its = {name: path[name] for name in ("storedAt", "deliveries")}
    assert path["chain"] == [alone | its | {"position": position(log, 1)}]


@pytest.mark.parametrize("event_id", ["orders/7", "/orders//7/", "a b?c#d%2F", "käse/..."])
def test_an_event_is_found_by_whatever_id_its_publisher_gave_it(
    event_id: str, lane: LaneSteps, log: Any, put: Any, operator: Any
) -> None:
    put(event := comment(id=event_id))

    for safe in ("", "/"):
        response = operator("get", f"/bus/events/{quote(event_id, safe=safe)}")
        assert (response.status_code, response.json()["event"]) == (200, event | {"position": position(log, 1)})


def test_an_event_that_the_log_does_not_hold_is_404(lane: LaneSteps, operator: Any) -> None:
    response = operator("get", "/bus/events/nowhere")

    assert (response.status_code, response.json()["detail"]) == (404, "The log holds no event nowhere.")
