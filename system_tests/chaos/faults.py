"""What befalls the processes, at random moments, as a seed has it."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Literal

from launcher.run import process_table, processes
from launcher.run.processes import Record

from system_tests.chaos.disks import Disks
from system_tests.harness.system import System

Kind = Literal["kill", "stop", "restart", "fill"]

STOP, LONG_STOP = (0.5, 6.0), (21.0, 24.0)
FULL = 2.0, 5.0
APART = 0.1, 1.2
"""seconds: a process is stopped (or so long that who waits for it gives up), a disk is full, between two faults"""
LONG_STOPS = 0.15
"""their share"""
DEAD_WITHIN = 10.0
"""seconds"""


@dataclass(frozen=True)
class Fault:
    kind: Kind
    victims: list[str]


def plan(names: list[str], kills: int, random: Random, with_disks: bool) -> list[Fault]:
    """`kills` kills, as many of each process, one to three at once; among them the other faults, of every process."""
    faults = [Fault("kill", group) for group in _groups(_spread(names, kills, random), random)]
    others: dict[Kind, int] = {"stop": kills // 4, "restart": kills // 8, "fill": kills // 8 if with_disks else 0}
    for kind, count in others.items():
        rounds = -(-count // len(names)) * len(names)  # every process at least once
        faults += [Fault(kind, [name]) for name in _spread(names, rounds, random)]
    random.shuffle(faults)
    return faults


def _spread(names: list[str], count: int, random: Random) -> list[str]:
    chosen = (names * (count // len(names) + 1))[:count]
    random.shuffle(chosen)
    return chosen


def _groups(victims: list[str], random: Random) -> Iterator[list[str]]:
    while victims:
        group: list[str] = []
        most = random.choice([1, 2, 2, 3])
        while victims and len(group) < most and victims[-1] not in group:
            group.append(victims.pop())
        yield group


class Faults:
    """Does them and counts them. What lasts is ended by a timer, or at the end of the `with`."""

    def __init__(self, system: System, disks: Disks, random: Random) -> None:
        self._system = system
        self._disks = disks
        self._random = random
        self._timers: list[threading.Timer] = []
        self.kills, self.stops, self.restarts, self.fills = (Counter[str]() for _ in range(4))

    def __enter__(self) -> "Faults":
        return self

    def __exit__(self, *_: object) -> None:
        """What still lasts ends now, whatever has happened."""
        for timer in self._timers:
            timer.cancel()
        for name in self._system.names:
            record = processes.read(self._system.run_dir, name)
            if record:
                _go_on(record)
            self._disks.free(name)

    def run(self, faults: list[Fault], deadline: float) -> None:
        """One after the other; returns when the last one is over and everything runs."""
        for fault in faults:
            assert time.monotonic() < deadline, f"too slow: {self.kills}\n{self._system.logs()}"
            time.sleep(self._random.uniform(*APART))
            getattr(self, f"_{fault.kind}")(fault.victims)
        for timer in self._timers:
            timer.join(2 * max(LONG_STOP))
            assert not timer.is_alive()
        self._system.mend()

    def _kill(self, victims: list[str]) -> None:
        for name in victims:
            self._end(self._record(name))
            self.kills[name] += 1
        time.sleep(self._random.choice([0, self._random.uniform(0, 2)]))
        self._start(victims)

    def _end(self, record: Record) -> None:
        """`kill -9` of the server with its worker, of the server alone, or of the worker alone."""
        workers = [process.pid for process in process_table.group(record.pid) if process.pid != record.pid]
        match self._random.choice(["both", "both", "both", "server", "worker"]):
            case "server":
                os.kill(record.pid, signal.SIGKILL)
                self._eventually(lambda: record.alive, False)
            case "worker" if workers:
                for pid in workers:
                    os.kill(pid, signal.SIGKILL)
            case _:
                os.killpg(record.pid, signal.SIGKILL)
                self._eventually(lambda: process_table.group(record.pid), [])

    def _stop(self, victims: list[str]) -> None:
        """SIGSTOP, and SIGCONT some seconds later; meanwhile anything may happen, also to those that are stopped."""
        for name in victims:
            record = self._record(name)
            os.killpg(record.pid, signal.SIGSTOP)
            self.stops[name] += 1
            long = self._random.random() < LONG_STOPS
            self._later(LONG_STOP if long else STOP, partial(_go_on, record))

    def _restart(self, victims: list[str]) -> None:
        for name in victims:
            self._disks.free(name)
            self._system.manage("restart", name)
            self.restarts[name] += 1

    def _fill(self, victims: list[str]) -> None:
        for name in victims:
            self._disks.fill(name)
            self.fills[name] += 1
            self._later(FULL, partial(self._disks.free, name))

    def _start(self, names: list[str]) -> None:
        """As a person would: first make room."""
        for name in names:
            self._disks.free(name)
        self._system.start(*names)

    def _record(self, name: str) -> Record:
        record = processes.read(self._system.run_dir, name)
        assert record is not None, f"{name} does not run"
        assert record.alive, f"{name} ended, and nobody had killed it:\n{self._system.logs()}"
        return record

    def _later(self, between: tuple[float, float], do: Callable[[], object]) -> None:
        timer = threading.Timer(self._random.uniform(*between), do)
        self._timers.append(timer)
        timer.start()

    def _eventually(self, see: Callable[[], object], wanted: object) -> None:
        self._system.eventually(see, wanted, within=DEAD_WITHIN)


def _go_on(record: Record) -> None:
    """Nothing where it was killed meanwhile."""
    with suppress(ProcessLookupError):
        if record.alive:
            os.killpg(record.pid, signal.SIGCONT)
