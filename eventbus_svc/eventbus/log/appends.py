"""The loop that waits for appends by any process, and wakes the loops that read the log."""

from collections.abc import Callable

from eventbus.log.port import Log

AT_MOST = 0.3
"""seconds that one step waits, so that the loop can end soon"""


class Appends:
    def __init__(self, log: Log, appended: Callable[[], None]) -> None:
        self._log = log
        self._appended = appended

    def step(self) -> float:
        if self._log.wait(AT_MOST):
            self._appended()
        return 0

    def stop(self) -> None:
        """Nothing is held."""
