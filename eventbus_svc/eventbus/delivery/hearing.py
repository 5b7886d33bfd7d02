"""When this process last heard of each subscriber: what an operator sees as a sign of life. Not kept."""

import time

_heard: dict[str, float] = {}
"""by the steady clock: one that is set changes nothing in how long ago it was"""


def heard(subscription: str) -> None:
    """It sent a heartbeat, or answered a delivery."""
    _heard[subscription] = time.monotonic()


def last_heard(subscription: str) -> float | None:
    """Unix time, seconds."""
    heard = _heard.get(subscription)
    return None if heard is None else time.time() - (time.monotonic() - heard)


def forget(subscription: str) -> None:
    _heard.pop(subscription, None)
