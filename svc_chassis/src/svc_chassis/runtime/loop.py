"""Background loops: threads that run one step after another until the server stops."""

import atexit
import threading
import time
from collections.abc import Callable, Iterable
from typing import Protocol

import structlog
from django.conf import settings
from django.db import close_old_connections, connections
from django.utils.module_loading import import_string

from svc_chassis.web.problems import database_failed

log = structlog.get_logger()

RELAY = "relay"
AFTER_ERROR = 1.0
"""seconds a loop waits after a step that raised, even if it is woken"""
STOP_WITHIN = 3.0
"""seconds all loops together have to end"""


class Steps(Protocol):
    def step(self) -> float:
        """Do what is due now; the seconds until there may be more to do."""

    def stop(self) -> None:
        """The loop ends: release what is held."""


class Loop(threading.Thread):
    """Calls `steps.step()` repeatedly. An error is logged and does not end the loop."""

    def __init__(self, name: str, steps: Steps) -> None:
        # A loop that is no daemon would keep the server from exiting.
        super().__init__(name=name, daemon=True)
        self._steps = steps
        self._wake = threading.Event()
        self._ending = threading.Event()

    def run(self) -> None:
        while not self._ending.is_set():
            wait = self._guarded(self._steps.step)
            if wait is None:
                self._ending.wait(AFTER_ERROR)  # being woken does not mean that the cause is gone
            elif not self._ending.is_set() and wait:
                self._wake.wait(min(wait, threading.TIMEOUT_MAX))
            self._wake.clear()
        self._guarded(self._steps.stop)
        connections.close_all()

    def wake(self) -> None:
        """Do the next step now."""
        self._wake.set()

    def end(self) -> None:
        self._ending.set()
        self.wake()

    def _guarded(self, step: Callable[[], float | None]) -> float | None:
        """The result of the step; None if it raised."""
        try:
            return step()
        except Exception as error:
            if database_failed(error):
                log.error("loop failed", loop=self.name, why=str(error))
            else:
                log.exception("loop failed", loop=self.name)
            connections.close_all()
            return None
        finally:
            close_old_connections()


_running: dict[str, Loop] = {}


def start() -> None:
    """Start this service's loops; called when the server imports the application, hence after its fork."""
    make: Callable[[], dict[str, Steps]] = import_string(settings.BACKGROUND_LOOPS)
    for name, steps in make().items():
        run(name, steps)
    atexit.register(stop)


def run(name: str, steps: Steps) -> None:
    """Start one more loop."""
    loop = _running[name] = Loop(name, steps)
    loop.start()


def wake(name: str) -> None:
    """Wake the loop `name`, if this process runs one."""
    if loop := _running.get(name):
        loop.wake()


def names() -> Iterable[str]:
    return tuple(_running)


def end(name: str) -> None:
    """Let one loop end, without waiting for it."""
    if loop := _running.pop(name, None):
        loop.end()


def stop() -> None:
    """End all loops. Unfinished work is done again by the next process."""
    loops = list(_running.values())
    _running.clear()
    deadline = time.monotonic() + STOP_WITHIN
    for loop in loops:
        loop.end()
    for loop in loops:
        loop.join(max(0.0, deadline - time.monotonic()))
