"""The promise itself: whatever is killed and started again, nothing acknowledged is lost, nothing comes twice."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import pytest
from launcher.project import ALONE, Shape

from system_tests.conftest import StartSystem
from system_tests.harness.clients import Clients
from system_tests.harness.keeping import unsettled
from system_tests.harness.reckoning import reckon, unanswered
from system_tests.harness.system import System

SEED = os.environ.get("STORM_SEED", "1")
CLIENTS = 16
POSTS, COMMENTS = 500, 2000
"""answered writes before the storm ends"""
STORM_MOST, QUIET_WITHIN = 600.0, 120.0
"""seconds"""


@dataclass(frozen=True)
class Kind:
    log: str = ""
    shape: Shape = ALONE


KINDS = {
    "memory://": Kind(),
    "database://": Kind("database://?partitions=3"),
    "NATS": Kind(shape=Shape(("nats",))),
    "replicas on PostgreSQL and NATS": Kind(shape=Shape(("postgres", "nats"), (("eventbus", 3), ("query", 2)))),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_acknowledged_write_is_in_query_once_whatever_was_killed(
    start_system: StartSystem, measured: Callable[[str], None], kind: str
) -> None:
    log, shape = KINDS[kind].log, KINDS[kind].shape
    system = start_system(environ={"EVENTBUS_LOG": log} if log else {}, without=("frontend",), shape=shape)
    began = time.monotonic()
    with Clients(system, SEED, CLIENTS) as clients:
        kills = storm(system, clients, began + STORM_MOST)
    system.mend()
    ended = time.monotonic()
    system.eventually(
        lambda: reckon(clients.writes, system.posts(), system.judged()), [], within=QUIET_WITHIN, every=0.5
    )
    quiet = time.monotonic() - ended
    system.eventually(lambda: unsettled(system), {}, within=QUIET_WITHIN)
    posts, judged = system.posts(), system.judged()
    assert reckon(clients.writes, posts, judged) == []

    answered_posts = clients.answered(lambda write: write.post_id is None)
    answered = clients.answered()
    measured(
        f"storm on {kind}, seed {SEED}: "
        f"{answered_posts} posts and {answered - answered_posts} comments answered 2xx by "
        f"{len(clients.writes)} attempts {dict(clients.outcomes)}, "
        f"{unanswered(clients.writes, posts, judged)} took effect unanswered; "
        f"{kills.total()} kills {dict(kills)} in {ended - began:.0f} s; quiet after {quiet:.1f} s"
    )
    assert answered_posts >= POSTS
    assert answered - answered_posts >= COMMENTS
    assert set(kills) == set(system.names)
    if kind != "memory://":
        assert [name for name in system.names if "history lost" in system.log(name)] == []


def storm(system: System, clients: Clients, deadline: float) -> Counter[str]:
    """Kill the bus, each service, then whatever chance says, until enough was written; who was killed how often."""
    random, kills = Random(SEED), Counter[str]()
    others = [name for name in system.names if name != "eventbus"]
    plan = [[name] for name in ("eventbus", *random.sample(others, len(others)))]
    while plan or not enough(clients):
        assert time.monotonic() < deadline, f"too slow: {clients.answered()} answered, {kills}\n{system.logs()}"
        victims = plan.pop(0) if plan else random.sample(system.names, random.choice([1, 1, 2, 3]))
        time.sleep(random.uniform(0.1, 1.5))
        for victim in victims:
            kill(system, victim, random)
        kills.update(victims)
        time.sleep(random.uniform(0, 0.7))
        system.start(*victims)
    return kills


def kill(system: System, victim: str, random: Random) -> None:
    """At once with its worker, or alone, so that the worker goes on for a moment without it."""
    if random.random() < 0.7:
        system.kill(victim)
    else:
        os.kill(system.pid(victim), signal.SIGKILL)


def enough(clients: Clients) -> bool:
    posts = clients.answered(lambda write: write.post_id is None)
    return posts >= POSTS and clients.answered() - posts >= COMMENTS
