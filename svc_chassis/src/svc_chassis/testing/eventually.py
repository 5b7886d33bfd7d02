"""Waits for a condition, and reports what was seen instead."""

import time
from collections.abc import Callable
from pprint import pformat
from typing import Any, TypeVar

import requests

Seen = TypeVar("Seen")

EVERY = 0.03
"""seconds between two checks"""
WITHIN = 60.0
"""seconds"""


def eventually(
    see: Callable[[], Seen],
    wanted: Any = bool,
    within: float = WITHIN,
    explain: Callable[[], str] = lambda: "",
    every: float = EVERY,
) -> Seen:
    """What `see` returns once it is `wanted`, a value or a predicate. Raises AssertionError after `within` seconds."""
    deadline = time.monotonic() + within
    while True:
        try:
            seen: Any = see()
            if wanted(seen) if callable(wanted) else seen == wanted:
                return seen  # type: ignore[no-any-return]
        except requests.RequestException as error:
            seen = error
        if time.monotonic() > deadline:
            asked = "" if callable(wanted) else f"\nwanted:\n{pformat(wanted, width=120)}"
            raise AssertionError(
                f"not within {within:g} s\nlast seen:\n{pformat(seen, width=120)}{asked}\n{explain()}"
            ) from None
        time.sleep(every)
