"""An event that ends its subscriber's process, again and again: it is parked, and the subscriber gets all others."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from system_tests.conftest import running
from system_tests.harness.http import pages
from system_tests.harness.mortal import Mortal
from system_tests.harness.system import System

OTHERS = ("comments", "moderation", "query", "frontend")
LONG = 120.0
"""seconds: each time its process ends, the bus waits a little longer"""


ENDS = "ends it "


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Mortal]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with Mortal(tmp_path, port) as its:
        yield its


@contextmanager
def bus(log: str) -> Iterator[System]:
    """The bus, and posts to publish."""
    with running({"EVENTBUS_LOG": log, "EVENTBUS_ATTEMPTS": "2"}, OTHERS) as system:
        yield system


def published(system: System, *titles: str) -> dict[str, str]:
    """Posts with these titles: their titles by their events' ids."""
    posts = {system.post(title)["id"]: title for title in titles}

    def stored() -> dict[str, str]:
        events = pages(system.url("eventbus", "/bus/events"), headers=system.bearer("operator"))
        return {event["id"]: posts[event["subject"]] for event in events if event["subject"] in posts}

    return system.eventually(stored, lambda found: len(found) == len(titles))


def letters(system: System) -> set[str]:
    """The ids of the events that are dead letters."""
    found = pages(system.url("eventbus", "/bus/dead-letters"), headers=system.bearer("operator"))
    return {letter["event"]["id"] for letter in found}


def subscribe(system: System, mortal: Mortal) -> None:
    system.manage("subscribe", "mortal", mortal.url, "--types", "PostCreated", "--format", "batch")


def split(events: dict[str, str]) -> tuple[set[str], set[str]]:
    """The ids of those that end it, and of the others."""
    deadly = {event for event, title in events.items() if title.startswith(ENDS)}
    return deadly, set(events) - deadly


@pytest.mark.parametrize("log", ["memory://", "database://"])
def test_two_events_that_end_it_become_dead_letters_and_all_others_arrive(log: str, mortal: Mortal) -> None:
    titles = [f"post {n}" for n in range(12)]
    titles[3], titles[8] = f"{ENDS}at once", f"{ENDS}by its deadline"
    with bus(log) as system:
        deadly, others = split(published(system, *titles))
        subscribe(system, mortal)

        system.eventually(lambda: letters(system), deadly, LONG)
        system.eventually(lambda: set(mortal.applied()), others)
        ended = len(mortal.ended())
        later = published(system, *[f"later {n}" for n in range(5)])
        system.eventually(lambda: set(mortal.applied()), others | later.keys())
        assert len(mortal.ended()) == ended

        mortal.mend()
        assert system.as_operator("POST", "/bus/dead-letters/retry").ok
        system.eventually(lambda: set(mortal.applied()), others | deadly | later.keys(), LONG)
        system.eventually(lambda: letters(system), set())


def test_a_bus_that_is_killed_meanwhile_goes_on_where_it_was(mortal: Mortal) -> None:
    titles = [f"post {n}" for n in range(8)]
    titles[5] = f"{ENDS}at once"
    with bus("memory://") as system:
        deadly, others = split(published(system, *titles))
        subscribe(system, mortal)
        for number in (1, 3):
            system.eventually(lambda: len(mortal.ended()), lambda seen, number=number: seen >= number, LONG)
            system.kill("eventbus")
            system.start("eventbus")

        system.eventually(lambda: letters(system), deadly, LONG)
        system.eventually(lambda: set(mortal.applied()), others)


def test_it_is_found_where_the_bus_ends_with_its_subscriber_each_time(mortal: Mortal) -> None:
    titles = [f"post {n}" for n in range(4)]
    titles[2] = f"{ENDS}with the bus"
    with bus("database://") as system:
        mortal.bus_is(system.pid("eventbus"))
        deadly, others = split(published(system, *titles))
        subscribe(system, mortal)

        def dead() -> set[str]:
            if not system.listens("eventbus"):
                system.start("eventbus")
                mortal.bus_is(system.pid("eventbus"))
            return letters(system)

        system.eventually(dead, deadly, LONG)
        system.eventually(lambda: set(mortal.applied()), others)
        assert set(mortal.ended()) == {"with the bus"}
