"""Exponential back-off with jitter."""

from collections.abc import Callable
from random import Random


class Backoff:
    """Waits of 0.1 s, then twice as long each time, up to `most` seconds; each shortened at random by up to half."""

    FIRST = 0.1

    def __init__(self, most: float, clock: Callable[[], float], random: Random) -> None:
        self._most = most
        self._clock = clock
        self._random = random
        self._until = 0.0
        self._asked_until = 0.0
        self.attempts = 0
        """failures in a row"""

    def left(self) -> float:
        """Seconds still to wait; 0: go on."""
        return max(0.0, self._until - self._clock())

    def failed(self, at_least: float | None = None) -> float:
        """Note a failure; the seconds to wait before the next attempt. `at_least` is what the other side asked for."""
        wait = min(self._most, self.FIRST * 2 ** min(self.attempts, 30)) * self._random.uniform(0.5, 1)
        self.attempts += 1
        now = self._clock()
        self._asked_until = now + (at_least or 0)
        self._until = max(now + wait, self._asked_until)
        return self.left()

    def succeeded(self) -> None:
        self.attempts, self._until, self._asked_until = 0, 0.0, 0.0

    def cut_short(self) -> None:
        """Something says that the next attempt may work: don't wait for it, unless the other side asked us to."""
        self._until = self._asked_until
