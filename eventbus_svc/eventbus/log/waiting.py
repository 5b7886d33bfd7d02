"""How a log in a server waits for appends: told by those of this process, and looking for those of others."""

import threading
import time
from collections.abc import Callable


class Waiting:
    def __init__(self, newest: Callable[[], int], every: float) -> None:
        """`newest` rises with each append, from 0. `every`: seconds between two looks."""
        self._newest, self._every = newest, every
        self._told, self._seen = threading.Event(), 0

    def tell(self) -> None:
        """There was one."""
        self._told.set()

    def wait(self, timeout: float) -> bool:
        """As Log.wait."""
        deadline = time.monotonic() + timeout
        while True:
            self._told.clear()
            newest = self._newest()
            if newest > self._seen:
                self._seen = newest
                return True
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self._told.wait(min(left, self._every))
