"""A background loop: a thread that runs one step after another until it is ended."""

import threading
from collections.abc import Callable
from typing import Protocol

import structlog
from django.db import close_old_connections, connections

from svc_chassis.web.problems import database_failed

log = structlog.get_logger()

AFTER_ERROR = 1.0
"""seconds a loop waits after a step that raised, even if it is woken"""


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
