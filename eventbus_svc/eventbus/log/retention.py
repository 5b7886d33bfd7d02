"""The loop that deletes events from a log after the time for which they are kept."""

from eventbus.log.port import Expiring

EVERY = 60.0
"""seconds between two checks"""
PAUSE = 0.05
"""seconds between two pieces, in which others can write"""


class Retention:
    def __init__(self, log: Expiring) -> None:
        self._log = log

    def step(self) -> float:
        return PAUSE if self._log.trim() else EVERY

    def stop(self) -> None:
        """Nothing is held: each piece is one transaction."""
