"""Tells the event loop, from any thread, that there is news."""

import asyncio
from contextlib import suppress

PAUSE = 0.05
"""seconds between two rings, so that many changes are sent in few pieces"""


class Bell:
    """Without an event loop nobody hears it."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = asyncio.Event()
        self._due = False
        self._rung = 0.0

    def install(self) -> None:
        """From now on it rings in the running event loop."""
        self._loop = asyncio.get_running_loop()

    def ring(self) -> None:
        """Wake whoever waits in the event loop, soon."""
        # Set before the loop is told: a ring after this one is heard too, or this one comes after its change.
        if self._loop and not self._due:
            self._due = True
            with suppress(RuntimeError):  # the loop is closed: the server has stopped
                self._loop.call_soon_threadsafe(self._schedule, self._loop)

    async def heard(self, within: float) -> bool:
        """Whether it rang within so many seconds."""
        try:
            async with asyncio.timeout(within):
                await self._news.wait()
        except TimeoutError:
            return False
        return True

    def _schedule(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.call_at(max(self._rung + PAUSE, loop.time()), self._tell, loop)

    def _tell(self, loop: asyncio.AbstractEventLoop) -> None:
        self._due, self._rung = False, loop.time()
        news, self._news = self._news, asyncio.Event()
        news.set()


bell = Bell()
