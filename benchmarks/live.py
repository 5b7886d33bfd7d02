"""Readers of a stream: many that read, and clients that send half a request or do not read."""

import asyncio
import re
import resource
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from urllib.parse import urlsplit

STREAM = b"GET /posts/stream HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
HALF = b"POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
TOLD = re.compile(rb'data: {"id":"([^"]+)"}')
OPENING = 200
"""connections that are opened at once"""


class Audience:
    """What all readers together were told."""

    def __init__(self, readers: int) -> None:
        self.readers = readers
        self.told: Counter[str] = Counter()
        """how many readers know of a change"""
        self.slowest: dict[str, float] = {}
        """when the last of them was told"""
        self.ended = 0
        """readers whose stream ended"""

    def hears(self, change: str) -> None:
        self.told[change] += 1
        self.slowest[change] = time.perf_counter()

    def all_know(self, change: str) -> bool:
        return self.told[change] >= self.readers


class Reader(asyncio.Protocol):
    """Counts each change once."""

    def __init__(self, audience: Audience) -> None:
        self._audience, self._rest, self._known = audience, b"", set[str]()
        self.begun = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(STREAM)

    def data_received(self, data: bytes) -> None:
        if b": open" in data:
            self.begun.set()
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if (found := TOLD.match(line)) and (change := found[1].decode()) not in self._known:
                self._known.add(change)
                self._audience.hears(change)

    def connection_lost(self, exc: Exception | None) -> None:
        self._audience.ended += 1


@asynccontextmanager
async def audience(url: str, readers: int, stalled: int) -> AsyncIterator[Audience]:
    """`readers` of the stream of the service at `url`, and `stalled` clients beside them."""
    _allow_files(readers + 2 * stalled + 100)
    parts, loop = urlsplit(url), asyncio.get_running_loop()
    host, port = str(parts.hostname), int(parts.port or 80)
    found, turn = Audience(readers), asyncio.Semaphore(OPENING)

    async def read(stack: AsyncExitStack) -> None:
        async with turn:
            transport, reader = await loop.create_connection(lambda: Reader(found), host, port)
            stack.callback(transport.close)
            await asyncio.wait_for(reader.begun.wait(), 60)

    async def stall(sent: bytes) -> None:
        """Again and again, as the server ends it."""
        while True:
            with suppress(OSError):
                incoming, outgoing = await asyncio.open_connection(host, port, limit=1)
                outgoing.write(sent)
                await (incoming.read() if sent is HALF else asyncio.sleep(60))
                outgoing.close()

    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        stalling = [group.create_task(stall(HALF if number % 2 else STREAM)) for number in range(stalled)]
        try:
            await asyncio.gather(*(read(stack) for _ in range(readers)))
            yield found
        finally:
            for task in stalling:
                task.cancel()


def _allow_files(count: int) -> None:
    """Raises OSError where the system does not allow so many connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))
