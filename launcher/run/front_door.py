"""One address for several replicas of a service, as a Kubernetes Service is.

Each connection goes to the next replica that is ready. A replica that does not answer twice loses its connections.
`python -m launcher.run.front_door 4005 4105 4205` listens on port 4005.
"""

from __future__ import annotations

import asyncio
import resource
import sys
from collections import deque
from collections.abc import Sequence
from contextlib import suppress

EVERY = 0.5
"""seconds between two questions whether a replica is ready"""
ANSWER = 1.5
"""seconds that it has to answer"""
PATIENCE = 1.5
"""seconds that a client waits for the first one"""
FILES = 65_536
"""open files; a connection needs two"""
PIECE = 65_536
"""bytes"""
READY = b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
NONE_RUNS = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nRetry-After: 1\r\n"
    b"Connection: close\r\n\r\n"
    b'{"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": "No replica runs."}'
)
HOST = "127.0.0.1"

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Replica:
    def __init__(self, port: int) -> None:
        self.port = port
        self.ready = False
        self._silent = 0
        self._writers: set[asyncio.StreamWriter] = set()

    async def watch(self) -> None:
        while True:
            status = await self._status()
            self.ready = b" 200 " in status
            self._silent = 0 if status else self._silent + 1
            if self._silent > 1:
                for writer in tuple(self._writers):
                    writer.transport.abort()
            await asyncio.sleep(EVERY)

    async def _status(self) -> bytes:
        """The first line of its answer; empty: there is none."""
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(ANSWER):
                reader, writer = await asyncio.open_connection(HOST, self.port)
                try:
                    writer.write(READY)
                    return await reader.readline()
                finally:
                    writer.transport.abort()
        return b""

    async def carry(self, client: Streams, own: Streams) -> None:
        """Pass on what both sides say, until one of them closes."""
        writers = {client[1], own[1]}
        self._writers |= writers
        try:
            await asyncio.wait(
                [asyncio.create_task(_copy(client[0], own[1])), asyncio.create_task(_copy(own[0], client[1]))]
            )
        finally:
            self._writers -= writers


class Door:
    def __init__(self, ports: Sequence[int]) -> None:
        self._replicas = deque(map(Replica, ports))

    async def serve(self, port: int) -> None:
        watching = [asyncio.create_task(replica.watch()) for replica in self._replicas]
        async with await asyncio.start_server(self._connected, HOST, port):
            await asyncio.gather(*watching)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if found := await self._opened():
                replica, own = found
                await replica.carry((reader, writer), own)
            else:
                # A request that is not read would make the system drop the answer.
                await reader.read(PIECE)
                writer.write(NONE_RUNS)
                await writer.drain()
        except OSError:
            pass  # The client is gone.
        finally:
            writer.close()

    async def _opened(self) -> tuple[Replica, Streams] | None:
        """A connection to the next replica that is ready, after a while to any."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while asyncio.get_running_loop().time() < deadline:
            for replica in tuple(self._replicas):
                self._replicas.rotate(-1)
                if replica.ready:
                    with suppress(OSError):
                        return replica, await asyncio.open_connection(HOST, replica.port)
            await asyncio.sleep(0.05)
        # One that is not ready says why.
        for replica in self._replicas:
            with suppress(OSError):
                return replica, await asyncio.open_connection(HOST, replica.port)
        return None


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await reader.read(PIECE):
            writer.write(piece)
            await writer.drain()
    writer.close()


def main(arguments: Sequence[str]) -> None:
    port, *replicas = map(int, arguments)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    with suppress(KeyboardInterrupt):
        asyncio.run(Door(replicas).serve(port))


if __name__ == "__main__":
    main(sys.argv[1:])
