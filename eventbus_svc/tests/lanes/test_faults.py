"""Faults on purpose: whatever they do to deliveries, what was promised holds."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from samples import Clock, comment
from subscriber import Subscriber

from eventbus.delivery import faults as making
from eventbus.delivery import suspicion
from eventbus.delivery.faults import NONE, Faults, FaultyTransport, faults, set_faults
from eventbus.delivery.lane import LaneSteps
from eventbus.delivery.supervisor import Supervisor
from eventbus.models import Attempt, FaultSettings, Lane, Parked
from svc_chassis.runtime import scheduler
from svc_chassis.runtime.http_client import HttpTransport
from svc_chassis.testing.eventually import eventually

WELL = {"drop": 0, "repeat": 0, "reorder": 0, "delay": 0}


@pytest.fixture(autouse=True)
def healed() -> Iterator[None]:
    yield
    set_faults(NONE)


@pytest.fixture
def faulty(make_lane: Any) -> Iterator[LaneSteps]:
    """A lane whose requests fare as the faults say."""
    inner = HttpTransport()
    yield make_lane(transport=FaultyTransport(inner, Random(1)))
    inner.close()


@pytest.fixture
def running(settings: Any, start_loops: Callable[[], Supervisor]) -> Supervisor:
    """The bus's loops, with short waits: many requests fail."""
    settings.RETRY_MOST = 0.2
    return start_loops()


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize(
    "share",
    [
        {"drop": 0.3, "repeat": 0, "reorder": 0},
        {"drop": 0, "repeat": 0.5, "reorder": 0},
        {"drop": 0, "repeat": 0, "reorder": 0.5},
        {"drop": 0.3, "repeat": 0.3, "reorder": 0.5},
    ],
    ids=lambda share: " ".join(name for name, value in share.items() if value),
)
def test_each_event_is_applied_once_and_in_order_whatever_happens_on_the_way(
    share: dict[str, float], publish: Any, heartbeat: Any, operator: Any, sub: Subscriber
) -> None:
    operator("put", "/bus/faults", share | {"delay": 0.002})
    heartbeat("query", url=sub.url, batchSize=7)
    ids: dict[str, list[str]] = defaultdict(list)
    for number in range(150):
        event = comment(f"subject-{number % 11}")
        ids[event["subject"]].append(event["id"])
        publish(event)

    eventually(lambda: len(sub.applied) == 150, within=300)
    eventually(lambda: not Parked.objects.exists(), within=300)

    arrived: dict[str, list[str]] = defaultdict(list)
    for event in sub.applied:
        arrived[event["subject"]].append(event["id"])
    assert arrived == ids
    heard = [event_id for delivered in sub.deliveries for event_id in delivered]
    assert Attempt.objects.exclude(error="").exists() if share["drop"] else len(heard) > 150


@pytest.mark.usefixtures("running")
def test_a_bad_event_still_stops_only_its_subject(publish: Any, heartbeat: Any, operator: Any, sub: Subscriber) -> None:
    operator("put", "/bus/faults", {"drop": 0.2, "repeat": 0.3, "reorder": 0.5, "delay": 0})
    sub.fails = lambda event: event["subject"] == "bad"
    heartbeat("query", url=sub.url, batchSize=7)
    good = [comment(str(number % 5)) for number in range(60)]
    bad = [comment("bad") for _ in range(3)]
    publish([*good[:30], bad[0], *good[30:], *bad[1:]])

    eventually(lambda: len(sub.applied) == 60, within=300)
    assert {event["subject"] for event in sub.applied} == {str(number) for number in range(5)}
    sub.fails = lambda event: False

    eventually(lambda: sub.ids[60:] == [event["id"] for event in bad], within=300)


def test_a_dropped_request_never_arrives_or_its_answer_does_not(
    faulty: LaneSteps, put: Any, sub: Subscriber, clock: Clock
) -> None:
    set_faults(Faults(drop=1, repeat=0, reorder=0, delay=0))
    put(comment())
    for _ in range(40):
        clock.advance(faulty.step())
        Lane.objects.update(**suspicion.NONE)  # under suspicion an empty batch goes first, and is dropped, too

    said = {error.partition(": ")[2] for error in Attempt.objects.values_list("error", flat=True)}
    assert said == {"dropped on purpose", "its answer was dropped on purpose"}
    assert len(sub.applied) == 1
    assert not Parked.objects.exists()


def test_a_late_delivery_is_an_earlier_one_that_was_settled(
    faulty: LaneSteps, put: Any, sub: Subscriber, drain: Any
) -> None:
    set_faults(Faults(drop=0, repeat=0, reorder=1, delay=0))
    sub.fails = lambda event: event["subject"] == "bad"
    order = []
    for subject in ("a", "bad", "b", "c"):
        order += put(comment(subject))
        faulty.step()
    first, bad, second, _ = order

    arrived = sub.deliveries
    assert arrived[0] == [first]
    assert arrived[2] == [first], "behind the bad one, which is not repeated itself"
    assert [bad] not in arrived[2:]
    assert any(late in ([first], [second]) for late in arrived[4:])


def test_repeated_means_sent_twice(faulty: LaneSteps, put: Any, sub: Subscriber) -> None:
    set_faults(Faults(drop=0, repeat=1, reorder=0, delay=0))
    [event_id] = put(comment())
    faulty.step()

    assert (sub.deliveries, sub.ids) == ([[event_id], [event_id]], [event_id])


def test_what_is_held_back_goes_on_as_soon_as_the_faults_change(
    running: Supervisor, publish: Any, heartbeat: Any, operator: Any, sub: Subscriber
) -> None:
    operator("put", "/bus/faults", WELL | {"delay": 30})
    heartbeat("query", url=sub.url)
    publish(event := comment())
    eventually(lambda: running.lanes and running.lanes["lane:query:0"]._attempts.in_flight)
    assert sub.heard == []

    operator("put", "/bus/faults", WELL)
    eventually(lambda: sub.ids == [event["id"]], within=5)


def test_faults_that_another_process_set_are_obeyed_within_a_second(
    faulty: LaneSteps, put: Any, sub: Subscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_faults(NONE)
    FaultSettings.objects.update(repeat=1.0)
    monkeypatch.setattr(making, "READ_EVERY", 0.0)
    [event_id] = put(comment())
    faulty.step()

    assert sub.deliveries == [[event_id], [event_id]]


def test_while_there_are_faults_readiness_warns(client: Client, operator: Any) -> None:
    operator("put", "/bus/faults", WELL | {"drop": 0.5})
    warning = "deliveries have faults that an operator switched on: switch them off on the flow page"
    assert client.get("/readyz").json()["warnings"] == [warning]

    operator("put", "/bus/faults", WELL)
    assert client.get("/readyz").json()["warnings"] == []


def test_what_is_held_back_holds_up_no_end(
    running: Supervisor, publish: Any, heartbeat: Any, operator: Any, sub: Subscriber
) -> None:
    operator("put", "/bus/faults", WELL | {"delay": 30})
    heartbeat("query", url=sub.url)
    publish(comment())
    eventually(lambda: running.lanes and running.lanes["lane:query:0"]._attempts.in_flight)
    lane = scheduler.threads._running["lane:query:0"]

    scheduler.threads.stop()
    assert not lane.is_alive()


def test_the_faults_are_what_was_asked_for_last(operator: Any) -> None:
    assert operator("get", "/bus/faults").json() == WELL
    asked = {"drop": 0.5, "repeat": 1, "reorder": 0.25, "delay": 30}

    assert operator("put", "/bus/faults", asked).json() == asked
    assert operator("get", "/bus/faults").json() == asked


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({name: value}, name) for name in ("drop", "repeat", "reorder") for value in (-0.1, 1.1, "0.5", None, True, [])]
    + [({"delay": value}, "delay") for value in (-1, 30.5, "1", 1e300)],
)
def test_faults_out_of_range_are_400_and_change_nothing(operator: Any, wrong: dict[str, Any], field: str) -> None:
    refused = operator("put", "/bus/faults", WELL | wrong)

    assert (refused.status_code, [error["field"] for error in refused.json()["errors"]]) == (400, [field])
    assert faults() == NONE


@pytest.mark.parametrize(("body", "fields"), [([], ["body"]), ({"drop": 0}, ["repeat", "reorder", "delay"])])
def test_faults_that_are_not_whole_are_400(operator: Any, body: Any, fields: list[str]) -> None:
    refused = operator("put", "/bus/faults", body)

    assert (refused.status_code, [error["field"] for error in refused.json()["errors"]]) == (400, fields)


def test_where_faults_are_not_enabled_there_is_no_such_door(operator: Any, settings: Any) -> None:
    settings.EVENTBUS_FAULTS_ENABLED = False

    for method in ("get", "put"):
        assert operator(method, "/bus/faults", WELL if method == "put" else None).status_code == 404
    assert making.faults() == NONE


def test_they_are_enabled_on_a_laptop() -> None:
    assert (configured.BLOGBUS_ENV, configured.EVENTBUS_FAULTS_ENABLED) == ("local", True)
