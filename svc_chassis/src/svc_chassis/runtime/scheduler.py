"""Runs background loops: in threads, or under the virtual time of the simulator."""

import atexit
import time
from collections.abc import Callable, Iterable
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from svc_chassis.runtime.loop import Loop, Steps

STOP_WITHIN = 3.0
"""seconds all loops together have to end"""


class Scheduler(Protocol):
    def run(self, name: str, steps: Steps) -> None:
        """Start one more loop of this process."""

    def wake(self, name: str) -> None:
        """Let the loop `name` do its next step now, if this process runs one."""

    def end(self, name: str) -> None:
        """Let one loop end, without waiting for it."""


class Threads:
    """The scheduler of a real process: one thread per loop."""

    def __init__(self) -> None:
        self._running: dict[str, Loop] = {}

    def run(self, name: str, steps: Steps) -> None:
        loop = self._running[name] = Loop(name, steps)
        loop.start()

    def wake(self, name: str) -> None:
        if loop := self._running.get(name):
            loop.wake()

    def end(self, name: str) -> None:
        if loop := self._running.pop(name, None):
            loop.end()

    def names(self) -> Iterable[str]:
        return tuple(self._running)

    def stop(self) -> None:
        """End all loops. Unfinished work is done again by the next process."""
        loops = list(self._running.values())
        self._running.clear()
        deadline = time.monotonic() + STOP_WITHIN
        for loop in loops:
            loop.end()
        for loop in loops:
            loop.join(max(0.0, deadline - time.monotonic()))


threads = Threads()
_present: list[Scheduler] = [threads]


def start() -> None:
    """Start this service's loops; called when the server imports the application, hence after its fork."""
    make: Callable[[], dict[str, Steps]] = import_string(settings.BACKGROUND_LOOPS)
    for name, steps in make().items():
        run(name, steps)
    atexit.register(threads.stop)


def use(scheduler: Scheduler) -> None:
    """Make `scheduler` the scheduler of this process."""
    _present[:] = [scheduler]


def run(name: str, steps: Steps) -> None:
    """Start one more loop of this process."""
    _present[0].run(name, steps)


def wake(name: str) -> None:
    """Let the loop `name` do its next step now, if this process runs one."""
    _present[0].wake(name)


def end(name: str) -> None:
    """Let one loop end, without waiting for it."""
    _present[0].end(name)
