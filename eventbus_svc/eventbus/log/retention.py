"""The loop that drops what a log has kept for long enough."""

from eventbus.log.port import Expiring

EVERY = 60.0
"""seconds between looks"""
BREATH = 0.05
"""seconds between two pieces, in which others get to write"""


class Retention:
    def __init__(self, log: Expiring) -> None:
        self._log = log

    def step(self) -> float:
        return BREATH if self._log.trim() else EVERY

    def stop(self) -> None:
        """Nothing is held: each piece is a transaction of its own."""
