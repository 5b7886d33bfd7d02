"""`nats://`: the log in a JetStream stream, one message per event. A batch is stored whole or not at all (NATS 2.12).

`sync_interval: always` in the server's configuration makes it sync each append; `replicas=3` stores it on a majority.
"""

import asyncio
import uuid
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import SplitResult, unquote

import nats
import orjson
from django.core.exceptions import ImproperlyConfigured
from nats.aio.client import Client
from nats.errors import Error, NoRespondersError
from nats.errors import TimeoutError as NatsTimeout

from eventbus.log.event_loop import EventLoop
from eventbus.log.header import HEADER, header_of, record_of
from eventbus.log.in_server import History, LogInServer
from eventbus.log.port import (
    START,
    Batch,
    Bounds,
    CannotErase,
    Entry,
    Evicted,
    Features,
    Record,
    check_history,
    partition_of,
)
from eventbus.log.promises import check_options, check_partitions
from eventbus.log.url import options
from svc_chassis.web.problems import Unavailable

WITHIN = 5.0
"""seconds that a request may take"""
EVERY = 1.0
"""seconds between two looks for appends whose notice got lost"""
DAY = 86_400 * 10**9
"""nanoseconds"""
PROMISED: dict[str, Any] = {"storage": "file", "retention": "limits"}
PROMISED |= dict.fromkeys(("allow_direct", "allow_atomic", "deny_purge"), True)
PROMISED |= dict.fromkeys(("max_msgs", "max_bytes", "max_msgs_per_subject"), -1)
"""what the stream's configuration must say"""
CURE = "change the stream; if its server does not know the option, use NATS 2.12 or newer"

LEADERLESS = (10008, 10009)
"""errors of JetStream while its servers elect a leader"""

T = TypeVar("T")


class NatsLog(LogInServer):
    features = Features(dedup=False, atomic_batch=True, trims=True, single_process=False)

    def __init__(
        self,
        server: str,
        stream: str = "blogbus",
        partitions: int = 0,
        replicas: int = 1,
        keep: int = 0,
        account: Mapping[str, str] | None = None,
    ) -> None:
        """`partitions` 0: as many as there are, one in a new log. `keep`: days, 0: for ever. `account`: nats-py's."""
        super().__init__(partitions, EVERY)
        self.durability = "quorum" if replicas > 1 else "fsync"
        self._server, self._stream, self._account = server, stream, account or {}
        self._config = PROMISED | {"name": stream, "num_replicas": replicas, "max_age": keep * DAY}
        self._nats: Client | None = None
        self._connecting = asyncio.Lock()
        self._loop = EventLoop("nats")

    def begin(self) -> History:
        return self._run(self._open)

    def store(self, records: list[Record], history: History) -> None:
        subjects = [
            self._subject(history.log_id, partition_of(record.subject, history.partitions)) for record in records
        ]
        self._run(lambda client: self._publish(client, records, subjects))

    def read(self, partition: int, after: int, limit: int) -> Batch:
        asked = {"seq": after + 1, "next_by_subj": self._subject(self.log_id, partition), "batch": limit}
        entries = self._run(lambda client: self._read(client, asked))
        # Asked afterwards: what expires between the two would be missed.
        if after < (begin := self._begin()):
            raise Evicted(f"The log begins after {begin}.")
        return Batch(entries, entries[-1].offset if entries else after)

    def bounds(self, partition: int) -> Bounds:
        begin, asked = self._begin(), {"last_by_subj": self._subject(self.log_id, partition)}
        newest = self._run(lambda client: self._read(client, asked))
        return Bounds(begin, max([begin, *(entry.offset for entry in newest)]))

    def erase(self, log_id: str, partition: int, offsets: Sequence[int]) -> None:
        check_history(log_id, self.log_id)
        self._state()  # which says so if the stream is another one by now
        self._run(lambda client: self._erase(client, offsets))

    def newest(self) -> int:
        return int(self._state()["last_seq"])

    def close(self) -> None:
        if self._nats:
            self._loop.run(self._nats.close())
        self._loop.close()

    def _run(self, ask: Callable[[Client], Coroutine[Any, Any, T]]) -> T:
        """What `ask` returns. Raises Unavailable where NATS does not answer."""

        async def asked() -> T:
            client = await self._connected()
            try:
                return await ask(client)
            except NatsTimeout:
                # Its server may be gone without a word, and another one be there.
                await client.close()
                raise

        try:
            return self._loop.run(asked())
        except NoRespondersError as error:
            raise Unavailable(f"NATS does not serve the stream {self._stream} now.") from error
        except (Error, OSError) as error:
            raise Unavailable(f"NATS does not answer: {str(error) or type(error).__name__}") from error

    async def _connected(self) -> Client:
        async with self._connecting:
            if self._nats is None or self._nats.is_closed:
                # The client's own reconnection would send late what its caller was told had failed.
                once: dict[str, Any] = {"allow_reconnect": False, "max_reconnect_attempts": 1, **self._account}
                self._nats = await nats.connect(self._server, reconnect_time_wait=0.05, error_cb=_known, **once)
                await self._nats.subscribe(f"{self._stream}-appended", cb=self._told)
            return self._nats

    async def _told(self, _: object) -> None:
        self._waiting.tell()

    def _subject(self, log_id: str, partition: int | str) -> str:
        return f"{self._stream}.{log_id}.{partition}"

    async def _open(self, client: Client) -> History:
        found = await self._api(client, "INFO")
        if found.get("error", {}).get("code") == 404:
            its = {"log_id": (log_id := str(uuid.uuid4())), "partitions": str(self._wanted or 1)}
            asked = self._config | {"subjects": [self._subject(log_id, "*")], "metadata": its}
            if (found := await self._api(client, "CREATE", asked)).get("error", {}).get("err_code") == 10058:
                found = await self._api(client, "INFO")  # another process was faster
        if error := found.get("error"):
            raise ImproperlyConfigured(f"EVENTBUS_LOG: NATS cannot keep the log: {error['description']}.")
        config, where = found["config"], f"the stream {self._stream}"
        check_options(self._config, config, where, CURE)
        if "log_id" not in (its := config.get("metadata", {})):
            raise ImproperlyConfigured(
                f"EVENTBUS_LOG: {where} is no log of Blogbus: name another one, as in nats://host/name."
            )
        check_partitions(self._wanted, count := int(its["partitions"]), where, "name another stream")
        return History(its["log_id"], count)

    async def _publish(self, client: Client, records: list[Record], subjects: list[str]) -> None:
        batch, last = uuid.uuid4().hex, len(records)
        for number, (record, subject) in enumerate(zip(records, subjects, strict=True), 1):
            headers = {"Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(number), HEADER: header_of(record)}
            if number < last:
                await client.publish(subject, record.body, headers=headers)
        headers["Nats-Batch-Commit"] = "1"
        answer = orjson.loads((await client.request(subject, record.body, WITHIN, headers=headers)).data)
        if error := answer.get("error"):
            raise Unavailable(f"NATS did not store the events: {error['description']}.")
        with suppress(Error):
            await client.publish(f"{self._stream}-appended")

    async def _read(self, client: Client, asked: dict[str, Any]) -> list[Entry]:
        inbox, entries = client.new_inbox(), list[Entry]()
        answers = await client.subscribe(inbox)
        try:
            await client.publish(f"$JS.API.DIRECT.GET.{self._stream}", orjson.dumps(asked), reply=inbox)
            while "Status" not in (headers := (message := await answers.next_msg(WITHIN)).headers or {}):
                entries.append(_entry(headers, message.data))
                if "batch" not in asked:
                    return entries
        finally:
            await answers.unsubscribe()
        if headers["Status"] not in ("204", "404"):
            raise Unavailable(f"NATS answered {headers['Status']} to a read.")
        return entries

    async def _erase(self, client: Client, offsets: Sequence[int]) -> None:
        if (await self._api(client, "INFO")).get("config", {}).get("deny_delete"):
            raise CannotErase(f"The stream {self._stream} was created with deny_delete: move to another stream.")
        for offset in offsets:
            found = await self._api(client, "MSG.DELETE", {"seq": offset, "no_erase": False})
            if (error := found.get("error")) and await self._has(client, offset):
                raise Unavailable(f"NATS did not erase a message: {error['description']}.")

    async def _has(self, client: Client, offset: int) -> bool:
        return any(entry.offset == offset for entry in await self._read(client, {"seq": offset}))

    def _begin(self) -> int:
        # A stream that keeps all begins at the start, also where its first messages were erased.
        return max(0, int(self._state()["first_seq"]) - 1) if self._config["max_age"] else START

    def _state(self) -> dict[str, Any]:
        log_id = self.log_id
        found = self._run(lambda client: self._api(client, "INFO"))
        if found.get("config", {}).get("metadata", {}).get("log_id") != log_id:
            raise Unavailable(f"The log {log_id} is gone from NATS: restart the event bus.")
        state: dict[str, Any] = found["state"]
        return state

    async def _api(self, client: Client, verb: str, asked: dict[str, Any] | None = None) -> dict[str, Any]:
        body = orjson.dumps(asked) if asked else b""
        answer = await client.request(f"$JS.API.STREAM.{verb}.{self._stream}", body, WITHIN)
        found: dict[str, Any] = orjson.loads(answer.data)
        if (error := found.get("error", {})).get("err_code") in LEADERLESS:
            raise Unavailable(f"NATS has no leader now: {error['description']}.")
        return found


def _entry(headers: dict[str, str], body: bytes) -> Entry:
    stored_at = datetime.fromisoformat(headers["Nats-Time-Stamp"]).timestamp()
    return Entry(int(headers["Nats-Sequence"]), record_of(headers[HEADER], body), stored_at)


async def _known(_: Exception) -> None:
    """The call that failed says so."""


def open_log(url: SplitResult) -> NatsLog:
    """`nats://127.0.0.1:4222`, `nats://user:password@host/stream?partitions=3&replicas=3&keep_days=30&tls=1`.

    Raises ImproperlyConfigured where the server cannot keep such a log.
    """
    given = options(url, {"partitions": 0, "replicas": 1, "keep_days": 0, "tls": 0}, address="127.0.0.1:4222")
    stream = url.path.strip("/") or "blogbus"
    server = f"{'tls' if given['tls'] else 'nats'}://{url.netloc.rpartition('@')[2]}"
    account = {"user": unquote(url.username), "password": unquote(url.password or "")} if url.username else {}
    log = NatsLog(server, stream, given["partitions"], given["replicas"], given["keep_days"], account)
    # A server that does not answer is met by every request and told by /readyz.
    with suppress(Unavailable):
        log.history()
    return log
