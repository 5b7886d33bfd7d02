"""What happens is told as it happens, whatever dies meanwhile; and faults made on purpose leave the blog right."""

import fcntl
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from system_tests.harness.listener import Listener
from system_tests.harness.system import System

HEALED = {"drop": 0, "repeat": 0, "reorder": 0, "delay": 0}


@pytest.fixture
def reader(system: System) -> Iterator[Listener]:
    with Listener(system.url("query", "/posts/stream")) as listener:
        system.eventually(lambda: listener.opened, 1)
        yield listener


@pytest.fixture
def operator(system: System) -> Iterator[Listener]:
    with Listener(system.url("eventbus", "/bus/stream"), system.bearer("operator")) as listener:
        system.eventually(lambda: listener.data("subscriptions"), bool)
        yield listener


def test_a_reader_is_told_of_each_change_and_then_sees_it(system: System, reader: Listener) -> None:
    post = system.post("live")
    system.eventually(lambda: {"id": post["id"]} in reader.data("post"), True)
    assert system.shown(post) is not None

    comment = system.comment(post, "orange")
    system.eventually(lambda: system.statuses(post), {comment["id"]: "rejected"})
    system.eventually(lambda: reader.data("post").count({"id": post["id"]}) >= 2, True)


def test_a_reader_misses_nothing_when_query_dies(system: System, reader: Listener) -> None:
    system.kill("query")
    post = system.post("while query is dead")
    system.start("query")

    system.eventually(lambda: {"id": post["id"]} in reader.data("post"), True)
    assert reader.data("reset") == []


def test_an_operator_sees_an_event_published_and_delivered_and_who_is_away(system: System, operator: Listener) -> None:
    post = system.post("watched")
    system.eventually(
        lambda: [event["type"] for event in operator.data("published") if event["subject"] == post["id"]],
        ["PostCreated"],
    )
    system.eventually(
        lambda: [
            (delivered["subscription"], delivered["status"])
            for delivered in operator.data("delivered")
            if post["id"] in {event["subject"] for event in delivered["events"]}
        ],
        [("query", 200)],
    )

    system.stop("moderation")
    system.comment(post, "hello")
    system.eventually(lambda: _now(operator)["moderation"], "retrying")
    system.start("moderation")
    system.eventually(lambda: _now(operator)["moderation"], "active")


def test_an_operator_begins_anew_when_the_bus_dies(system: System, operator: Listener) -> None:
    system.kill("eventbus")
    system.start("eventbus")

    system.eventually(lambda: operator.data("reset"), [{}])
    post = system.post("after")
    # Somewhere among all that the services publish again.
    system.eventually(lambda: post["id"] in {event["subject"] for event in operator.data("published")}, True)


def test_the_blog_is_right_whatever_is_dropped_repeated_delayed_and_reordered(system: System) -> None:
    faults = {"drop": 0.3, "repeat": 0.3, "reorder": 0.5, "delay": 0.02}
    assert system.as_operator("PUT", "/bus/faults", json=faults).json() == faults
    try:
        post = system.post("faulty")
        said = {system.comment(post, text)["id"]: text for text in ["hello", "orange"] * 15}
        expected = {comment: "rejected" if text == "orange" else "approved" for comment, text in said.items()}
        system.eventually(lambda: system.statuses(post), expected, within=60)
    finally:
        assert system.as_operator("PUT", "/bus/faults", json=HEALED).json() == HEALED
    system.eventually(lambda: system.as_operator("GET", "/bus/dead-letters").json(), [])


def _now(operator: Listener) -> dict[str, str]:
    """Each subscription's state, as told last."""
    return {row["name"]: row["state"] for row in operator.data("subscriptions")[-1]["subscriptions"]}


def test_a_bus_whose_master_is_killed_gives_back_its_port_and_its_log(system: System, operator: Listener) -> None:
    os.kill(system.pid("eventbus"), signal.SIGKILL)  # the master alone: its worker holds port, lock and the stream
    system.eventually(
        lambda: (system.listens("eventbus"), held(system.run_dir / "eventbus.memory.lock")), (False, False)
    )

    system.start("eventbus")
    post = system.post("after the master's death")
    system.eventually(lambda: system.shown(post) is not None, True)


def held(lock: Path) -> bool:
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
