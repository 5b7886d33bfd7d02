"""The log moves from one engine to another: nothing is lost, and nothing comes twice."""

from functools import partial
from pathlib import Path

import pytest
from launcher.project import Shape
from launcher.run.engines import ENGINES

from system_tests.conftest import needed, undisturbed
from system_tests.harness.keeping import unsettled
from system_tests.harness.system import Json, System
from system_tests.test_keeping_data import lose_database

HOUSES = ["memory://", "nats", "database://?partitions=3", "kafka", "rabbitmq", "nats", "memory://"]
"""where it moves back, it finds the log that it left"""
MOVED_WITHIN = 60.0
"""seconds"""


@pytest.mark.parametrize("houses", [HOUSES], ids=[" → ".join(HOUSES)])
def test_wherever_the_log_moves_everything_that_was_written_comes_along_once(tmp_path: Path, houses: list[str]) -> None:
    needed(*(house for house in houses if house in ENGINES))
    shown: list[Json] = []
    for number, house in enumerate(houses):
        shown = lived_in(house, tmp_path, shown)
        assert len(shown) == number + 1


def lived_in(house: str, run_dir: Path, before: list[Json]) -> list[Json]:
    """What query shows in the end, from `before` and more."""
    environ, engines = ({}, (house,)) if house in ENGINES else ({"EVENTBUS_LOG": house}, ())
    system = System(run_dir, environ, ("frontend",), shape=Shape(engines))
    try:
        system.up()
        system.eventually(partial(unsettled, system), {}, within=MOVED_WITHIN)
        assert system.posts() == before
        write(system, house)
        system.eventually(partial(unsettled, system), {}, within=MOVED_WITHIN)
        shown = system.posts()

        # Whoever comes now learns all of it from this log.
        system.stop("query")
        lose_database(system, "query")
        system.start("query")
        system.eventually(system.posts, shown, within=MOVED_WITHIN)
        assert system.as_operator("GET", "/bus/dead-letters").json() == []
        return shown
    finally:
        with undisturbed():
            system.down()
        assert system.manage.processes() == []


def write(system: System, house: str) -> None:
    post = system.post(f"written in {house}")
    wanted = {system.comment(post, "hello")["id"]: "approved", system.comment(post, "orange")["id"]: "rejected"}
    system.eventually(partial(system.statuses, post), wanted)
