"""A load of HTTP requests over connections that stay open.

Own code, because a client library would take more of the machine than the servers that are measured.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

BODILESS = (204, 304)


@dataclass(frozen=True)
class Request:
    method: str
    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        parts = urlsplit(self.url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        lines = [f"{self.method} {path} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(self.body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


def get(url: str, **headers: str) -> Request:
    return Request("GET", url, headers={name.replace("_", "-"): value for name, value in headers.items()})


def post(url: str, body: object, headers: Mapping[str, str] | None = None) -> Request:
    return Request("POST", url, json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})})


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    """by name in lower case"""
    body: bytes

    def json(self) -> object:
        return json.loads(self.body)


class Connection:
    """One connection to the host of a URL, which is opened again if the server closes it between two requests."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname, parts.port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, request: Request) -> Answer:
        """Raises OSError or EOFError (asyncio.IncompleteReadError) if there is no whole answer."""
        encoded = request.encoded()
        if self._reader is None or self._writer is None or self._reader.at_eof():
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port, limit=1 << 24)
        self._writer.write(encoded)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head[0].split()[1])
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:]) if name}
        body = b"" if status in BODILESS else await self._body(self._reader, headers)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, headers, body)

    def close(self) -> None:
        if self._writer:
            self._writer.close()
        self._reader = self._writer = None

    async def _body(self, reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
        if "content-length" in headers:
            return await reader.readexactly(int(headers["content-length"]))
        pieces = []
        while size := int(await reader.readline(), 16):
            pieces.append((await reader.readexactly(size + 2))[:-2])
        await reader.readexactly(2)
        return b"".join(pieces)


@dataclass(frozen=True)
class Load:
    """What came of a load."""

    seconds: float
    latencies: list[float]
    """in seconds, sorted"""

    @property
    def rate(self) -> float:
        """Requests per second."""
        return len(self.latencies) / self.seconds

    def latency(self, share: float) -> float:
        """Milliseconds in which `share` of the requests were answered: 0.5 is the median."""
        return self.latencies[min(len(self.latencies) - 1, int(share * len(self.latencies)))] * 1000


Ask = Callable[[Connection], Awaitable[None]]


class Refused(Exception):
    """A request of a load got another status than expected: its figures would mean nothing."""


def expecting(status: int, make: Callable[[], Request]) -> Ask:
    """Sends what `make` makes. Raises Refused for any other status."""

    async def ask(connection: Connection) -> None:
        request = make()
        answer = await connection.ask(request)
        if answer.status != status:
            raise Refused(f"{request.method} {request.url} answered {answer.status}: {answer.body[:200]!r}")

    return ask


async def load(url: str, ask: Ask, clients: int, seconds: float, every: float = 0.0) -> Load:
    """`clients` ask one after another for `seconds`; with `every`, each begins a request that often at most."""
    latencies: list[float] = []
    begun = time.perf_counter()

    async def client() -> None:
        connection = Connection(url)
        due = begun
        while time.perf_counter() < begun + seconds:
            started = time.perf_counter()
            await ask(connection)
            latencies.append(time.perf_counter() - started)
            due += every
            await asyncio.sleep(max(0.0, due - time.perf_counter()) if every else 0)
        connection.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    return Load(time.perf_counter() - begun, sorted(latencies))
