"""Clocks. Waits use `time.monotonic`; stored times are Unix time, and that clock may be set at any moment."""

import time
from collections.abc import Callable

Clock = Callable[[], float]


class Believed:
    """Unix time for deleting old rows: a clock that is set ahead while this process runs is ignored.

    One that is set back is, so it never runs ahead of either; deleting late does no harm.
    """

    def __init__(self, wall: Clock | None = None, steady: Clock = time.monotonic) -> None:
        self._wall = wall or (lambda: time.time())
        self._steady = steady
        self._began = self._wall() - steady()

    def __call__(self) -> float:
        return min(self._wall(), self._began + self._steady())
