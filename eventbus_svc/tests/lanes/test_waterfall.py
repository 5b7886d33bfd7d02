"""What an operator sees of a whole chain: of each event its deliveries, and of these their attempts."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from samples import comment
from subscriber import Subscriber, answering

from eventbus.delivery.lane import LaneSteps
from eventbus.inspection import deliveries


def test_each_event_of_a_chain_shows_what_became_of_it_at_each_subscription(
    lane: LaneSteps, make_lane: Any, put: Any, sub: Subscriber, drain: Any, operator: Any
) -> None:
    audit = make_lane(name="audit", types=["CommentUpdated", "Printed"])
    ids = put(*[comment(str(number), type=kind) for number, kind in enumerate(["CommentCreated", "CommentUpdated"])])
    sub.fails = lambda event: len(sub.heard) == 1 and event["id"] == ids[1]
    for each in (lane, audit):
        drain(each)
    put(comment("2", type="Printed"), comment("2", type="Unordered"))

    chain = operator("get", f"/bus/events/{ids[0]}").json()["chain"]

    assert [[_told(delivery) for delivery in event["deliveries"]] for event in chain] == [
        [("query", "settled", [None])],
        [("audit", "settled", [None]), ("query", "settled", ["can't", None])],
        [("audit", "waiting", [])],
        [],
    ]
    assert all(event["storedAt"] for event in chain)


@pytest.mark.parametrize("records", [deliveries.RECORDS, deliveries.EACH_END])
def test_of_many_attempts_the_first_and_the_last_are_told_and_how_many_were_between(
    records: int, lane: LaneSteps, put: Any, sub: Subscriber, drain: Any, operator: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(deliveries, "RECORDS", records)
    sub.instead = answering(*[503] * 4, 502, 504, 504, 504, 502, *[503] * 3)
    [event_id] = put(comment("a"))
    drain(lane)

    path = operator("get", f"/bus/events/{event_id}").json()
    [delivery] = path["deliveries"]

    assert path["chain"][0]["deliveries"] == [delivery]
    assert [attempt["status"] for attempt in delivery["attempts"]] == [*[503] * 4, 502, 502, *[503] * 3, 200]
    assert delivery["attemptsLeftOut"] == 3


def test_a_long_chain_costs_as_many_queries_as_a_short_one(
    lane: LaneSteps, put: Any, drain: Any, operator: Any
) -> None:
    [lone] = put(comment("lone", correlationid="short"))
    ids = put(*[comment(str(number)) for number in range(100)])
    drain(lane)

    def cost(event_id: str, count: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            chain = operator("get", f"/bus/events/{event_id}").json()["chain"]
        assert [len(event["deliveries"][0]["attempts"]) for event in chain] == [1] * count
        return len(queries)

    cost(lone, 1)
    assert cost(lone, 1) == cost(ids[50], 100)


def test_an_extension_attribute_may_have_the_name_of_a_field_of_the_answer_or_of_a_parameter(
    lane: LaneSteps, put: Any, operator: Any, sub: Subscriber, drain: Any
) -> None:
    sub.fails = lambda event: True
    [event_id] = put(comment("a", deliveries="daily", position="last", cls="first", self="second", traceparent="none"))
    drain(lane)

    path = operator("get", f"/bus/events/{event_id}").json()
    [listed] = operator("get", "/bus/events").json()

    [letter] = operator("get", "/bus/dead-letters").json()
    assert path["event"]["deliveries"] == letter["event"]["deliveries"] == "daily"
    for event in (path["event"], path["chain"][0], listed, letter["event"]):
        assert (event["cls"], event["self"], event["traceparent"]) == ("first", "second", "none")
    for event in (path["chain"][0], listed):
        assert [delivery["subscription"] for delivery in event["deliveries"]] == ["query"]


def _told(delivery: Any) -> tuple[str, str, list[str | None]]:
    return delivery["subscription"], delivery["state"], [attempt["error"] for attempt in delivery["attempts"]]
