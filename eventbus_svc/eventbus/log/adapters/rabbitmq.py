"""`rabbitmq://`: the log in RabbitMQ streams, one for each partition, and one that names them. A batch is not atomic.

RabbitMQ confirms what a majority of a stream's replicas has, and syncs nothing to disk: a single one promises as much
as memory does. An append that timed out may arrive later than its retry, as in any log without transactions.
"""

import asyncio
import json
import uuid
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar
from urllib.parse import SplitResult

from django.core.exceptions import ImproperlyConfigured
from rstream import schema
from rstream.exceptions import PreconditionFailed, ServerError, StreamAlreadyExists, StreamDoesNotExist

from eventbus.log.adapters.rabbitmq_connection import FIRST, MARK, Connection, connect
from eventbus.log.event_loop import EventLoop
from eventbus.log.header import header_of
from eventbus.log.in_server import History, LogInServer
from eventbus.log.port import Batch, Bounds, Features, Record, partition_of
from eventbus.log.promises import check_partitions
from eventbus.log.url import options
from svc_chassis.web.problems import Unavailable

WITHIN = 5.0
"""seconds that a request may take"""
BEGINS_WITHIN = 60.0
"""seconds in which a log is made"""
SETTLES = 2.0
"""seconds before a new log is used: RabbitMQ forgets the first stream of a node that is killed within one"""
EVERY = 1.0
"""seconds between two looks for appends whose notice got lost"""
SEGMENT = 16_000_000
"""bytes that expire together"""
MOST = 100
"""partitions: a connection has 256 subscriptions"""

T = TypeVar("T")
Ask = Callable[[Connection], Coroutine[Any, Any, T]]


class RabbitLog(LogInServer):
    features = Features(dedup=False, atomic_batch=False, trims=True, single_process=False)

    def __init__(
        self,
        server: str,
        name: str = "blogbus",
        partitions: int = 0,
        replicas: int = 1,
        keep: int = 0,
        within: float = WITHIN,
        settles: float = SETTLES,
        tls: bool = False,
    ) -> None:
        """`partitions` 0: as many as there are, one in a new log. `keep`: days, 0: for ever."""
        super().__init__(partitions, EVERY)
        self.durability = "quorum" if replicas > 1 else "memory"
        self._server, self._name, self._replicas = server, name, replicas
        self._within, self._settles, self._tls = within, settles, tls
        self._lasting = {"initial-cluster-size": str(replicas)}
        self._kept = dict(self._lasting)
        if keep:
            self._kept |= {"max-age": f"{keep}D", "stream-max-segment-size-bytes": str(SEGMENT)}
        self._connection: Connection | None = None
        self._connecting = asyncio.Lock()
        self._loop = EventLoop("rabbitmq")

    def begin(self) -> History:
        return self._run(self._begin, BEGINS_WITHIN)

    def store(self, records: list[Record], history: History) -> None:
        streams: dict[str, list[bytes]] = {}
        for record in records:
            stream = self._stream(history.log_id, partition_of(record.subject, history.partitions))
            streams.setdefault(stream, []).append(header_of(record).encode() + b"\n" + record.body)

        async def store(connection: Connection) -> None:
            for stream, messages in streams.items():
                await connection.publish(stream, messages)

        self._run(store)

    def read(self, partition: int, after: int, limit: int) -> Batch:
        stream = self._stream(self.log_id, partition)
        return self._run(lambda connection: connection.read(stream, after, limit))

    def bounds(self, partition: int) -> Bounds:
        stream = self._stream(self.log_id, partition)

        async def ask(connection: Connection) -> tuple[int, int]:
            return (await connection.chunk(stream, FIRST)).chunk_first_offset, await connection.end(stream)

        begin, end = self._run(ask)
        return Bounds(begin, end if end > MARK else begin)

    def newest(self) -> int:
        log_id, partitions = self.history()
        streams = [self._stream(log_id, partition) for partition in range(partitions)]
        return self._run(lambda connection: connection.newest(streams))

    def close(self) -> None:
        async def close() -> None:
            if self._connection:
                await self._connection.close()

        self._loop.run(close())
        self._loop.close()

    def _stream(self, log_id: str, partition: int) -> str:
        return f"{self._name}.{log_id}.{partition}"

    def _run(self, ask: Callable[[Connection], Coroutine[Any, Any, T]], within: float = 0) -> T:
        """What `ask` returns. Raises Unavailable where RabbitMQ does not answer."""

        async def asked() -> T:
            connection = await self._connected()
            return await connection.finish(ask(connection), within or self._within)

        try:
            return self._loop.run(asked())
        except StreamDoesNotExist as error:
            raise Unavailable(f"The log {self._name} is gone from RabbitMQ: restart the event bus.") from error
        except (ServerError, OSError) as error:
            raise Unavailable(f"RabbitMQ does not answer: {str(error) or type(error).__name__}") from error

    async def _connected(self) -> Connection:
        async with self._connecting:
            if self._connection is None or not self._connection.open:
                self._connection = await connect(self._server, self._waiting.tell, self._within, tls=self._tls)
            return self._connection

    async def _begin(self, connection: Connection) -> History:
        if (mark := await connection.first_if_any(self._name)) is None:
            mark = await self._make(connection, str(uuid.uuid4()), self._wanted or 1)
        try:
            its = json.loads(mark)
            history = History(its["log_id"], its["partitions"])
        except (ValueError, KeyError, TypeError) as error:
            raise ImproperlyConfigured(
                f"EVENTBUS_LOG: the stream {self._name} is no log of Blogbus: name another one, "
                "as in rabbitmq://host/name."
            ) from error
        check_partitions(self._wanted, history.partitions, f"the stream {self._name}", "name another stream")
        for partition in range(history.partitions):
            await self._check(connection, self._stream(history.log_id, partition))
        return history

    async def _make(self, connection: Connection, log_id: str, partitions: int) -> bytes:
        """The mark of the log, which another process may have made meanwhile: the first one counts."""
        streams = [self._stream(log_id, partition) for partition in range(partitions)]
        for stream in streams:
            await self._create(connection, stream, self._kept)
            if (has := await connection.replicas(stream)) < self._replicas:
                await connection.delete(stream)
                raise ImproperlyConfigured(
                    f"EVENTBUS_LOG: RabbitMQ makes {has} replicas of a stream, not {self._replicas}: "
                    "it needs as many nodes."
                )
            await connection.publish(stream, [b"{}"])
        await asyncio.sleep(self._settles)
        # The name comes last: where it is, its streams are.
        mark = json.dumps({"log_id": log_id, "partitions": partitions}).encode()
        with suppress(StreamAlreadyExists):
            await self._create(connection, self._name, self._lasting)
        await connection.publish(self._name, [mark])
        if (first := await connection.first(self._name)) != mark:
            for stream in streams:
                await connection.delete(stream)
        return first

    async def _check(self, connection: Connection, stream: str) -> None:
        """Raises ImproperlyConfigured if the stream is gone, or deletes events at other times."""
        try:
            await connection.replicas(stream)
        except StreamDoesNotExist as error:
            raise ImproperlyConfigured(
                f"EVENTBUS_LOG: the stream {stream} is gone from RabbitMQ: delete the stream {self._name}, too, "
                "and every service publishes its outbox again."
            ) from error
        with suppress(StreamAlreadyExists):
            await self._create(connection, stream, self._kept)

    async def _create(self, connection: Connection, stream: str, arguments: dict[str, str]) -> None:
        """Raises StreamAlreadyExists, with these arguments."""
        try:
            await connection.ask(schema.Create(0, stream, [schema.Property(*each) for each in arguments.items()]))
        except PreconditionFailed as error:
            wanted = ", ".join(f"{name}={value}" for name, value in arguments.items())
            raise ImproperlyConfigured(
                f"EVENTBUS_LOG: the stream {stream} has other options than {wanted}: name another one, "
                "as in rabbitmq://host/name."
            ) from error


def open_log(url: SplitResult) -> RabbitLog:
    """`rabbitmq://127.0.0.1:5552`, `rabbitmq://user:password@host/name?partitions=3&replicas=3&tls=1`.

    Raises ImproperlyConfigured where the server cannot keep such a log.
    """
    known = {"partitions": 0, "replicas": 1, "keep_days": 0, "tls": 0}
    given = options(url, known, address="127.0.0.1:5552")
    if given["partitions"] > MOST:
        raise ImproperlyConfigured(f"EVENTBUS_LOG: rabbitmq:// has at most {MOST} partitions.")
    name = url.path.strip("/") or "blogbus"
    size = given["partitions"], given["replicas"], given["keep_days"]
    log = RabbitLog(url.netloc, name, *size, tls=bool(given["tls"]))
    try:
        log.history()
    except Unavailable:
        pass  # It is met by every request and told by /readyz.
    except ImproperlyConfigured:
        log.close()
        raise
    return log
