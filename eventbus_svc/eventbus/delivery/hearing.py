"""When this process last heard of each subscriber: what an operator sees as a sign of life. Not kept."""

import time

STEADY = 1.0
"""seconds by which the wall clock may move away from the steady one before the wall clock counts as set"""

_heard: dict[str, tuple[float, float]] = {}
"""by the steady clock and by the wall clock"""


def heard(subscription: str) -> None:
    """It sent a heartbeat, or answered a delivery."""
    _heard[subscription] = time.monotonic(), time.time()


def last_heard(subscription: str) -> float | None:
    """Unix time, seconds; the same at each look. A clock that was set changes nothing in how long ago it was."""
    heard = _heard.get(subscription)
    if heard is None:
        return None
    steady, wall = heard
    counted = time.time() - (time.monotonic() - steady)
    return wall if abs(counted - wall) < STEADY else int(counted)


def forget(subscription: str) -> None:
    _heard.pop(subscription, None)
