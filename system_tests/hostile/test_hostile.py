"""Whatever is sent to any door: it is refused in words, or it is right; nothing fails, leaks or grows.

HOSTILE_INPUTS (default 2,000) and HOSTILE_SEED say how much and what.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random, SystemRandom

import psutil

from system_tests.conftest import StartSystem
from system_tests.harness.system import System
from system_tests.hostile.doors import SERVICES, Door, doors
from system_tests.hostile.inputs import hostile
from system_tests.hostile.tries import Attacker, Tally

INPUTS = int(os.environ.get("HOSTILE_INPUTS", "2000"))
SEED = int(os.environ.get("HOSTILE_SEED", SystemRandom().randrange(10**6)))
CLIENTS = 4
MANY = 20_000
"""inputs from which on growth of memory is told from noise"""
GROWTH = 1.10
CALM = {"drop": 0, "repeat": 0, "reorder": 0, "delay": 0}
MIB = 1024 * 1024


def test_hostile_inputs_are_refused_in_words_and_nothing_fails_leaks_or_grows(
    start_system: StartSystem, measured: Callable[[str], None]
) -> None:
    system = start_system(without=("frontend",))
    found = doors(system)
    attack(system, found, INPUTS // 4, SEED)  # caches fill
    before = memory(system)
    tally = attack(system, found, INPUTS, SEED + 1)
    grown = {name: now / before[name] for name, now in memory(system).items()}

    assert tally.wrong == [], f"HOSTILE_SEED={SEED}: {len(tally.wrong)} of {tally.tried}:\n" + "\n".join(
        tally.wrong[:20]
    )
    assert tally.doors == {str(door) for door in found}
    assert [name for name in SERVICES if "Traceback" in system.log(name)] == []
    if INPUTS >= MANY:
        assert max(grown.values()) < GROWTH, grown
    repair(system)
    post = system.post("after all")
    comment = system.comment(post, "a kind word")
    system.eventually(lambda: system.statuses(post), {comment["id"]: "approved"}, within=60)
    statuses = ", ".join(f"{status}: {count}" for status, count in sorted(tally.statuses.items()))
    memories = ", ".join(f"{name} {growth:.2f}" for name, growth in grown.items())
    measured(
        f"hostile: {tally.tried} inputs at {len(found)} doors, seed {SEED}: {statuses}; memory after/before {memories}"
    )


def attack(system: System, found: list[Door], inputs: int, seed: int) -> Tally:
    """So many inputs in all, from several clients at once."""

    def one(number: int) -> Tally:
        random, attacker = Random(seed * CLIENTS + number), Attacker(system)
        for turn in range(inputs // CLIENTS):
            attacker.try_out(hostile(found[turn % len(found)], random))
        return attacker.tally

    whole = Tally()
    with ThreadPoolExecutor(CLIENTS) as clients:
        for tally in clients.map(one, range(CLIENTS)):
            whole.merge(tally)
    return whole


def memory(system: System) -> dict[str, float]:
    """MiB of each service that only its processes use, or that they share evenly."""

    def of(service: str) -> float:
        root = psutil.Process(system.pid(service))
        return float(sum(each.memory_full_info().pss for each in (root, *root.children(recursive=True)))) / MIB

    return {name: of(name) for name in SERVICES}


def repair(system: System) -> None:
    """Undo what an operator's token allowed: faults, pauses, strangers' subscriptions."""
    assert system.as_operator("PUT", "/bus/faults", json=CALM).status_code == 200
    for subscription in system.as_operator("GET", "/bus/subscriptions").json():
        name = subscription["name"]
        verb, path = ("POST", f"{name}/resume") if name in SERVICES else ("DELETE", name)
        assert system.as_operator(verb, f"/bus/subscriptions/{path}").status_code in (200, 204)
