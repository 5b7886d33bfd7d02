"""When this process last heard of each subscriber: what an operator sees as a sign of life. Not kept."""

import time

_heard: dict[str, float] = {}


def heard(subscription: str) -> None:
    """It sent a heartbeat, or answered a delivery."""
    _heard[subscription] = time.time()


def last_heard(subscription: str) -> float | None:
    """Unix time, seconds."""
    return _heard.get(subscription)


def forget(subscription: str) -> None:
    _heard.pop(subscription, None)
