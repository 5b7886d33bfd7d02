"""The guarantees on real processes, under every fault at once: what is lost, doubled, out of order or left over is 0.

`CHAOS_KILLS=200` for the big run, `CHAOS_SEED=…` to repeat one, `CHAOS_PORT_BASE=…` to choose the ports.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from random import Random, randrange
from typing import NamedTuple

import pytest
from launcher.project import ALONE, Shape

from system_tests.chaos.audit import Audit, audit
from system_tests.chaos.disks import Disks
from system_tests.chaos.faults import Faults, plan
from system_tests.chaos.figures import Work, figures
from system_tests.chaos.moderator import Moderator
from system_tests.chaos.rest import caught_up, delays, rest
from system_tests.chaos.seen import look, without_repeats
from system_tests.chaos.unruly import NAME, Unruly
from system_tests.conftest import StartSystem
from system_tests.harness.clients import Clients
from system_tests.harness.system import System

KILLS = int(os.environ.get("CHAOS_KILLS") or 20)
SEED = os.environ.get("CHAOS_SEED") or str(randrange(10**6))
PORT_BASE = int(os.environ.get("CHAOS_PORT_BASE") or 0) or None
CLIENTS, PAUSE = 4, 1.0
"""people who write, and how many seconds each rests at most"""
A_KILL_WITHIN = 30.0
"""seconds"""
UNDELAYED = 5.0
"""seconds from a comment to its verdict, at most, while a subscriber is unruly"""


class Surroundings(NamedTuple):
    system: System
    disks: Disks
    unruly: Unruly


SHAPES = {
    "one process of each": ALONE,
    "three buses on PostgreSQL and NATS": Shape(("postgres", "nats"), (("eventbus", 3),)),
}


@pytest.fixture(params=SHAPES)
def surroundings(start_system: StartSystem, request: pytest.FixtureRequest) -> Iterator[Surroundings]:
    shape = SHAPES[request.param]
    with ExitStack() as stack:
        unruly = stack.enter_context(Unruly(Random(f"{SEED} unruly")))
        system = start_system(without=("frontend",), port_base=PORT_BASE, shape=shape)
        elsewhere = "the data is in PostgreSQL and NATS" if shape.engines else ""
        disks = stack.enter_context(Disks(system, elsewhere))
        unruly.register(system)
        yield Surroundings(system, disks, unruly)


def test_whatever_befalls_the_processes_nothing_is_lost_doubled_out_of_order_or_left_over(
    surroundings: Surroundings, measured: Callable[[str], None]
) -> None:
    print(f"chaos, seed {SEED}, {KILLS} kills")
    system, disks, unruly = surroundings
    random = Random(SEED)
    faults = Faults(system, disks, random)
    began = time.monotonic()
    todo = plan(system.names, KILLS, random, with_disks=not disks.left_out)
    with ExitStack() as stack:
        clients = stack.enter_context(Clients(system, SEED, CLIENTS, PAUSE))
        moderator = stack.enter_context(Moderator(system, clients, Random(f"{SEED} moderator")))
        with faults:
            faults.run(todo, began + KILLS * A_KILL_WITHIN)
        ended = time.monotonic()
    rested = rest(system, clients.writes, ended)
    seen = look(system, clients.writes)
    if system.manage.shape.engines:
        seen = without_repeats(seen)
    found = audit(clients.writes, moderator.decisions, seen)
    subscriptions = system.as_operator("GET", "/bus/subscriptions").json()
    dead = [row for row in subscriptions if row["deadLetters"] and row["name"] != NAME]
    slowest = max(delays(system, unruly).values())
    unruly.behave()
    caught_up(system, unruly)
    missed = unruly.missed(seen.history)

    work = Work(clients, moderator.decisions, unruly, ended - began)
    for line in figures(SEED, work, faults, disks, found, rested, slowest):
        measured(line)
    assert found == Audit([], [], [], [])
    assert (dead, missed, rested.left) == ([], [], {})
    assert slowest < UNDELAYED
    assert faults.kills.total() == KILLS
    assert disks.left_out or clients.outcomes["503"] > 0
