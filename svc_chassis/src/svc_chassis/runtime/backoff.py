"""Exponential back-off with jitter: the one rule for waits before a retry."""

from collections.abc import Callable
from random import Random

DOUBLINGS = 60
"""after which waits stop growing: the number of failures has no bound, and a large power would overflow"""


def doubled(failures: int, first: float, most: float) -> float:
    """Seconds to wait after `failures` (0 or more) in a row: `first`, then twice as long each time, up to `most`."""
    return min(most, first * 2.0 ** min(failures, DOUBLINGS))


def delay(failures: int, first: float, most: float, random: Random) -> float:
    """The same, shortened at random by up to half, so that clients which failed together do not retry together."""
    return doubled(failures, first, most) * random.uniform(0.5, 1)


class Backoff:
    """The waits of one client: 0.1 s, then twice as long each time, up to `most` seconds."""

    FIRST = 0.1

    def __init__(self, most: float, clock: Callable[[], float], random: Random) -> None:
        self._most = most
        self._clock = clock
        self._random = random
        self._until = 0.0
        self._asked_until = 0.0
        self.attempts = 0
        """failures in a row"""

    def another(self, most: float) -> "Backoff":
        """A back-off for other waits, with the same clock."""
        return Backoff(most, self._clock, self._random)

    def left(self) -> float:
        """Seconds left to wait; 0 if none."""
        return max(0.0, self._until - self._clock())

    def failed(self, at_least: float | None = None) -> float:
        """Record a failure; the seconds until the next attempt, at least what the other side asked for."""
        wait = delay(self.attempts, self.FIRST, self._most, self._random)
        self.attempts += 1
        now = self._clock()
        self._asked_until = now + (at_least or 0)
        self._until = max(now + wait, self._asked_until)
        return self.left()

    def succeeded(self) -> None:
        self.attempts, self._until, self._asked_until = 0, 0.0, 0.0

    def cut_short(self) -> None:
        """The next attempt may succeed: end the wait, unless the other side asked for it."""
        self._until = self._asked_until
