"""Clients of a stream, well-behaved and otherwise, on sockets of their own."""

import json
import socket
import time
from typing import Any
from urllib.parse import urlsplit

ACCEPT = "Accept: text/event-stream\r\n"
"""as every browser asks"""


class Listener:
    """A client of `/stream`."""

    def __init__(self, url: str, last: str | None = None, buffer: int | None = None) -> None:
        parts = urlsplit(url)
        self._socket = socket.socket()
        if buffer:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self._socket.settimeout(60)
        self._socket.connect((parts.hostname, parts.port))
        resume = f"Last-Event-ID: {last}\r\n" if last else ""
        self._socket.sendall(f"GET /stream HTTP/1.1\r\nHost: localhost\r\n{ACCEPT}{resume}\r\n".encode())
        self._file = self._socket.makefile("rb")
        self.status = int(self._file.readline().split()[1])
        self._frames: list[dict[str, Any]] = []
        self.headers = {}
        while line := self._file.readline().strip():
            name, _, value = line.decode().partition(": ")
            self.headers[name.lower()] = value

    def __enter__(self) -> "Listener":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._socket.close()

    def dribble(self) -> None:
        """Read one byte, and rest."""
        self._file.read(1)
        time.sleep(0.2)

    def begin(self) -> int:
        """The number of the id that the stream begins with."""
        first = self.chunk() or ""
        assert first.startswith("retry: 2000\nid: orders."), first
        assert first.endswith("\n: open\n\n")
        return int(first.splitlines()[1].removeprefix("id: orders."))

    def chunk(self) -> str | None:
        """The next piece; None: that was the end, and a proper one."""
        size = int(self._file.readline(), 16)
        piece = self._file.read(size + 2)[:-2]
        return piece.decode() if size else None

    def frame(self) -> dict[str, Any]:
        """The next event, beyond comments."""
        while not self._frames:
            chunk = self.chunk()
            assert chunk is not None, "The stream ended."
            for block in chunk.split("\n\n"):
                lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
                if "event" in lines:
                    self._frames.append(lines | {"data": json.loads(lines["data"])})
        return self._frames.pop(0)
