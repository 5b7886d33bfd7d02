"""What one event costs at a lane. A regression fails with the statement that is new."""

from typing import Any

from samples import comment
from subscriber import Subscriber

from eventbus.delivery import supervisor
from eventbus.delivery.lane import LaneSteps
from eventbus.delivery.supervisor import Supervisor, wake_lanes
from svc_chassis.runtime import scheduler
from svc_chassis.testing.plugin import Statements

LOAD = "SELECT eventbus_parked"
"""the whole state of a lane, in one statement"""
SETTLE = ["BEGIN", "UPDATE eventbus_lane", "INSERT eventbus_attempt", "COMMIT"]


def test_a_delivery_is_one_read_and_one_transaction_of_two_writes(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any, statements: Statements
) -> None:
    put(comment("c1"))
    drain(lane)
    ids = put(comment("c2"))

    assert statements(lane.step) == [LOAD, *SETTLE]
    assert sub.ids[1:] == ids


def test_a_batch_costs_no_more_than_one_event(
    lane: LaneSteps, put: Any, sub: Subscriber, drain: Any, statements: Statements
) -> None:
    put(comment("c1"))
    drain(lane)
    put(*[comment(f"c{n}") for n in range(50)])

    assert statements(lane.step) == [LOAD, *SETTLE]
    assert len(sub.ids) == 51


def test_an_event_that_nobody_wants_costs_one_read(
    lane: LaneSteps, put: Any, drain: Any, statements: Statements
) -> None:
    put(comment("c1"))
    drain(lane)
    put(comment("c3", type="OrderPlaced"))
    lane.step()
    put(comment("c3", type="OrderPlaced"))

    assert statements(lane.step) == [LOAD]


def test_only_lanes_that_want_the_type_are_woken(make_lane: Any, log: Any, monkeypatch: Any) -> None:
    lanes = Supervisor(log, lambda name, pk: make_lane(name=name))
    comments, posts = make_lane(name="moderation", types=["CommentCreated"]), make_lane(types=["PostCreated"])
    lanes.lanes = {"lane:moderation:0": comments, "lane:query:0": posts}
    monkeypatch.setattr(supervisor, "_present", [lanes])
    woken: list[str] = []
    monkeypatch.setattr(scheduler, "wake", woken.append)

    wake_lanes({"CommentCreated"})
    assert woken == [*lanes.lanes], "Before its first step, a lane does not know what it wants."
    for each in lanes.lanes.values():
        each.step()
    woken.clear()
    wake_lanes({"CommentCreated", "CommentUpdated"})
    assert woken == ["lane:moderation:0"]
    wake_lanes()
    assert woken[1:] == [*lanes.lanes]
