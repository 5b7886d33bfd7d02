"""A connection to RabbitMQ's stream port: what the log asks, in one event loop.

The client's own one does not tell whoever waits for an answer that the connection ended.
"""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing, suppress
from itertools import count
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from rstream import schema
from rstream.connection import Connection as Wire
from rstream.connection import ConnectionClosed
from rstream.constants import OffsetType
from rstream.exceptions import ServerError, StreamDoesNotExist

from eventbus.log.header import record_of
from eventbus.log.port import Batch, Entry, Evicted

NEEDS = "(Its stream port needs RabbitMQ 3.9 or newer with the plugin rabbitmq_stream.)"
EMPTY = 1.0
"""seconds without an answer that show that a stream is empty"""
CLOSES_WITHIN = 1.0
"""seconds for what was written before"""
FRAME = 512 * 1024
"""bytes of one request; servers accept 1 MiB"""
AHEAD = 8
"""chunks on their way while one is read"""
MARK = 1
"""The first message of each stream is no event: a stream that has one can be asked for its newest."""
FIRST, LAST = schema.OffsetSpec(OffsetType.FIRST), schema.OffsetSpec(OffsetType.LAST)

T = TypeVar("T")
Chunk = schema.Deliver


async def connect(server: str, told: Callable[[], None], within: float, *, tls: bool) -> "Connection":
    """To `user:password@host:port`, in `within` seconds. `told` is called at each append, once `newest` was.

    Raises ServerError and OSError, as all that it is asked.
    """
    where = urlsplit(f"//{server}")
    wire = Wire(where.hostname or "", where.port or 5552, ssl.create_default_context() if tls else None)
    user, password = unquote(where.username or "guest"), unquote(where.password or "guest")
    try:
        await wire.open()
        connection = Connection(wire, told)
        await connection.finish(connection.authenticate(user, password), within)
    except OSError as error:
        raise ConnectionError(f"{error} {NEEDS}") from error
    return connection


class Connection:
    """One connection: requests, publishers by stream, and subscriptions that each read a piece."""

    def __init__(self, wire: Wire, told: Callable[[], None]) -> None:
        self._wire, self._told, self.open = wire, told, True
        self._numbers, self._publisher_numbers = count(1), count()
        self._asked: dict[int | None, asyncio.Future[Any]] = {}
        self._sent: dict[int, asyncio.Future[None]] = {}
        self._publishers: dict[str, int] = {}
        self._chunks: dict[int, asyncio.Queue[Chunk]] = {}
        self._ends: dict[str, int] = {}
        self._preparing = asyncio.Lock()
        self._listening = asyncio.create_task(self._listen())
        self._following = list[asyncio.Task[None]]()

    async def authenticate(self, user: str, password: str) -> None:
        tune = self._asked[None] = asyncio.get_running_loop().create_future()
        await self.ask(schema.PeerProperties(0, [schema.Property("connection_name", "blogbus")]))
        await self.ask(schema.SaslHandshake(0))
        await self.ask(schema.SaslAuthenticate(0, "PLAIN", f"\0{user}\0{password}".encode()))
        await self._wire.write_frame(schema.Tune((await tune).frame_max, 0))
        await self.ask(schema.Open(0, "/"))

    async def finish(self, call: Coroutine[Any, Any, T], within: float) -> T:
        """What `call` returns. If it fails, the connection ends: it could send later what had failed."""
        task = asyncio.ensure_future(call)
        await asyncio.wait((task, self._listening), timeout=within, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            why = "The connection ended." if self._listening.done() else f"No answer in {within} s."
            await self.close()
            task.cancel()
            await asyncio.wait((task,))
            raise ConnectionResetError(why)
        if isinstance(task.exception(), ServerError | OSError):
            await self.close()
        return task.result()

    async def close(self) -> None:
        self._listening.cancel()
        await asyncio.wait((self._listening, *self._following))

    async def ask(self, frame: Any) -> Any:
        """The answer. Raises ServerError if it is none."""
        if not self.open:
            raise ConnectionResetError("The connection ended.")
        frame.correlation_id = next(self._numbers) % 2**32
        answer = self._asked[frame.correlation_id] = asyncio.get_running_loop().create_future()
        await self._wire.write_frame(frame)
        found = await answer
        found.check_response_code()
        return found

    async def publish(self, stream: str, messages: list[bytes]) -> None:
        """Returns when all are confirmed. Raises ServerError for one that is refused."""
        publisher, loop, waiting = await self._publisher(stream), asyncio.get_running_loop(), []
        for piece in _pieces(messages):
            numbered = [schema.Message(next(self._numbers), None, message) for message in piece]
            for message in numbered:
                self._sent[message.publishing_id] = loop.create_future()
                waiting.append(self._sent[message.publishing_id])
            await self._wire.write_frame_publish(schema.Publish(publisher, numbered))
        await asyncio.gather(*waiting)

    async def read(self, stream: str, after: int, limit: int) -> Batch:
        """Raises Evicted."""
        start, after, found = after, max(after, MARK), list[Entry]()
        if after >= (end := self._ends.get(stream, 0)) and after >= (end := await self.end(stream)):
            return Batch([], start)
        where = schema.OffsetSpecOffset(OffsetType.OFFSET, after)
        async with aclosing(self._chunks_of(stream, where, AHEAD)) as chunks:
            while after < end and len(found) < limit:
                chunk = await anext(chunks)
                if chunk.chunk_first_offset > after:
                    raise Evicted(f"The log begins after {chunk.chunk_first_offset}.")
                for offset, message in enumerate(chunk.get_messages(), chunk.chunk_first_offset + 1):
                    if offset > after and len(found) < limit:
                        after = offset
                        found += _entries(offset, message, chunk.timestamp)
        return Batch(found, after)

    async def chunk(self, stream: str, where: schema.OffsetSpec) -> Chunk:
        """The first or the last one of a stream that is not empty."""
        async with aclosing(self._chunks_of(stream, where)) as chunks:
            return await anext(chunks)

    async def first(self, stream: str) -> bytes:
        """The first message of a stream that is not empty."""
        return (await self.chunk(stream, FIRST)).get_messages()[0]

    async def first_if_any(self, stream: str) -> bytes | None:
        try:
            async with asyncio.timeout(EMPTY):
                return await self.first(stream)
        except (TimeoutError, StreamDoesNotExist):
            return None

    async def end(self, stream: str) -> int:
        return _end(await self.chunk(stream, LAST))

    async def newest(self, streams: list[str]) -> int:
        """The sum of their ends. From then on, appends are told."""
        async with self._preparing:
            for stream in streams:
                if stream not in self._ends:
                    self._ends[stream] = await self.end(stream)
                    self._following.append(asyncio.create_task(self._follow(stream)))
        return sum(self._ends.values())

    async def replicas(self, stream: str) -> int:
        return 1 + len((await self.ask(schema.Metadata(0, [stream]))).metadata[0].replicas_refs)

    async def delete(self, stream: str) -> None:
        self._publishers.pop(stream, None)
        await self.ask(schema.Delete(0, stream))

    async def _publisher(self, stream: str) -> int:
        async with self._preparing:
            if stream not in self._publishers:
                number = next(self._publisher_numbers)
                await self.ask(schema.DeclarePublisher(0, number, "", stream))
                self._publishers[stream] = number
            return self._publishers[stream]

    async def _follow(self, stream: str) -> None:
        try:
            async with aclosing(self._chunks_of(stream, LAST)) as chunks:
                async for chunk in chunks:
                    self._ends[stream] = _end(chunk)
                    self._told()
        finally:
            self._listening.cancel()

    async def _chunks_of(self, stream: str, where: schema.OffsetSpec, ahead: int = 1) -> AsyncGenerator[Chunk]:
        """From there on, also those to come."""
        number = next(each for each in range(256) if each not in self._chunks)
        chunks = self._chunks[number] = asyncio.Queue()
        try:
            await self.ask(schema.Subscribe(0, number, stream, where, ahead, []))
            while True:
                yield await chunks.get()
                await self._wire.write_frame(schema.Credit(number, 1))
        finally:
            with suppress(ServerError, OSError):
                await self.ask(schema.Unsubscribe(0, number))
            del self._chunks[number]

    async def _listen(self) -> None:
        try:
            with suppress(ConnectionClosed, OSError):
                while self._take(await self._wire.read_frame()):
                    pass
        finally:
            self.open = False
            for task in self._following:
                task.cancel()
            with suppress(OSError):
                async with asyncio.timeout(CLOSES_WITHIN):
                    await self._wire.close()

    def _take(self, frame: schema.Frame) -> bool:
        """Whether the connection goes on."""
        match frame:
            case schema.Deliver():
                if chunks := self._chunks.get(frame.subscription_id):
                    chunks.put_nowait(frame)
            case schema.PublishConfirm():
                for number in frame.publishing_ids:
                    _settle(self._sent.pop(number), None)
            case schema.PublishError():
                for each in frame.errors:
                    _settle(self._sent.pop(each.publishing_id), ServerError.from_code(each.response_code)())
            case schema.MetadataUpdate():
                # Its leader moved, or it is gone: what was declared is void.
                return frame.metadata_info.stream not in (*self._publishers, *self._ends)
            case schema.Close():
                return False
            case _ if answer := self._asked.pop(frame.corr_id, None):
                _settle(answer, frame)
        return True


def _settle(waiting: asyncio.Future[Any], found: Any) -> None:
    if waiting.done():  # cancelled
        return
    if isinstance(found, Exception):
        waiting.set_exception(found)
    else:
        waiting.set_result(found)


def _end(chunk: Chunk) -> int:
    return chunk.chunk_first_offset + chunk.num_records


def _entries(offset: int, message: bytes, milliseconds: int) -> list[Entry]:
    """None where it is a mark, or another program wrote it."""
    header, _, body = message.partition(b"\n")
    return [Entry(offset, record_of(header, body), milliseconds / 1000)] if header.startswith(b"[") else []


def _pieces(messages: list[bytes]) -> list[list[bytes]]:
    """In order, each small enough for one request."""
    pieces, size = [list[bytes]()], 0
    for message in messages:
        if pieces[-1] and size + len(message) > FRAME:
            pieces.append([])
            size = 0
        pieces[-1].append(message)
        size += len(message)
    return pieces
