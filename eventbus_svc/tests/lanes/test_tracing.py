"""What an operator sees of events: the newest, and one's whole path."""

from typing import Any

import orjson
import pytest
from samples import comment
from subscriber import Reply, Subscriber

from eventbus.delivery.lane import LaneSteps


def test_the_newest_events_come_first_page_by_page_with_their_positions(
    lane: LaneSteps, put: Any, operator: Any
) -> None:
    ids = put(*[comment(str(index)) for index in range(5)])

    first = operator("get", "/bus/events?limit=2")
    second = operator("get", first["Link"].partition(">")[0][1:])
    last = operator("get", second["Link"].partition(">")[0][1:])

    pages = [[event["id"] for event in page.json()] for page in (first, second, last)]
    assert pages == [[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]]
    assert [event["position"] for event in first.json()] == ["5", "4"]
    assert "Link" not in last


def test_the_list_is_filtered_by_type_subject_and_source(lane: LaneSteps, put: Any, operator: Any) -> None:
    ids = put(comment("a"), comment("b"), comment("a", type="CommentUpdated"))

    def listed(query: str) -> list[str]:
        return [event["id"] for event in operator("get", f"/bus/events?{query}").json()]

    assert listed("subject=a") == [ids[2], ids[0]]
    assert listed("types=CommentUpdated,PostCreated") == [ids[2]]
    assert listed("source=/comments&types=CommentCreated") == [ids[1], ids[0]]
    assert listed("source=/posts") == []


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "before=x", "before=1.2", "before="])
def test_a_page_that_makes_no_sense_is_400_or_the_first(query: str, lane: LaneSteps, put: Any, operator: Any) -> None:
    put(comment("a"))
    response = operator("get", f"/bus/events?{query}")

    assert response.status_code == (200 if query == "before=" else 400)


def test_one_events_path_shows_each_attempt_and_its_chain(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any, operator: Any
) -> None:
    other = comment("other", correlationid="another chain")
    cause = comment("a", correlationid="chain one")
    effect = comment("a", type="CommentUpdated", correlationid="chain one", causationid=cause["id"])
    put(other, cause, effect)
    replies = [Reply(503, orjson.dumps({"detail": "not now"}), {"Content-Type": "application/problem+json"})]
    sub.instead = lambda heard: replies.pop() if replies else None
    drain(lane)

    path = operator("get", f"/bus/events/{cause['id']}").json()

    assert path["event"] == cause
    assert [event["id"] for event in path["chain"]] == [cause["id"], effect["id"]]
    [delivery] = path["deliveries"]
    assert (delivery["subscription"], delivery["state"]) == ("query", "settled")
    assert [(attempt["status"], attempt["error"]) for attempt in delivery["attempts"]] == [
        (503, "answered 503: not now"),
        (200, None),
    ]


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


def test_an_event_that_the_log_does_not_hold_is_404(lane: LaneSteps, operator: Any) -> None:
    response = operator("get", "/bus/events/nowhere")

    assert (response.status_code, response.json()["detail"]) == (404, "The log holds no event nowhere.")
