"""`kafka://`: the log in a Kafka topic. The topic's id is the log id, and its partitions are ours.

A batch may be stored in part. An append that timed out may arrive later than its retry: what consumers keep is right
all the same, because they apply an event once and never an older version.
"""

import os
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, TypeVar
from urllib.parse import SplitResult, unquote
from uuid import UUID

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicCollection, TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    ConfigResource,
    NewTopic,
    OffsetSpec,
    ResourceType,
    TopicDescription,
)
from django.core.exceptions import ImproperlyConfigured

from eventbus.log.header import HEADER, header_of, record_of
from eventbus.log.in_server import History, LogInServer
from eventbus.log.port import Batch, Bounds, Entry, Evicted, Features, Record, partition_of
from eventbus.log.promises import check_options, check_partitions
from eventbus.log.url import options
from svc_chassis.web.problems import Unavailable

WITHIN = 5.0
"""seconds that a request may take"""
LOOK = 1.5
"""seconds that a look at a partition may take: whoever asks whether the bus is ready waits for 2"""
EVERY = 0.1
"""seconds between two looks for what other processes appended"""
DAY = 86_400_000
"""milliseconds"""
IDLE = 8
"""readers kept for the read that goes on where they stopped"""
CURE = "change the topic, or name another one, as in kafka://host:9092/name"
CLIENT: dict[str, Any] = {
    "allow.auto.create.topics": False,
    "log_level": 0,  # the call that failed says so
    "reconnect.backoff.max.ms": 500,
}
PRODUCER = {"acks": "all", "enable.idempotence": True, "linger.ms": 1}
READER = {
    "auto.offset.reset": "error",
    "enable.auto.commit": False,
    "enable.partition.eof": True,
    "fetch.error.backoff.ms": 50,
    "fetch.queue.backoff.ms": 10,
    "isolation.level": "read_uncommitted",  # as the bounds are
    "queued.max.messages.kbytes": 8192,
}
MOVING = (
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.UNKNOWN_TOPIC_OR_PART,
)
"""a partition that is new, or whose leader changes"""
REFUSED = (
    KafkaError.CLUSTER_AUTHORIZATION_FAILED,
    KafkaError.INVALID_CONFIG,
    KafkaError.INVALID_PARTITIONS,
    KafkaError.INVALID_REPLICATION_FACTOR,
    KafkaError.POLICY_VIOLATION,
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.TOPIC_EXCEPTION,
)
"""what asking again does not change"""
GONE = (KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError.UNKNOWN_TOPIC_ID)

T = TypeVar("T")


class KafkaLog(LogInServer):
    features = Features(dedup=False, atomic_batch=False, trims=True, single_process=False)

    def __init__(
        self,
        servers: str,
        topic: str = "blogbus",
        partitions: int = 0,
        replicas: int = 1,
        keep: int = 0,
        within: float = WITHIN,
        security: Mapping[str, str] | None = None,
    ) -> None:
        """`partitions` 0: as many as there are, one in a new log. `keep`: days, 0: for ever.

        `security`: librdkafka's settings of encryption and account.
        """
        super().__init__(partitions, EVERY)
        self._within = within
        self.durability = "quorum" if replicas > 1 else "fsync"
        self._topic, self._replicas = topic, replicas
        self._config = {
            "cleanup.policy": "delete",
            "retention.ms": str(keep * DAY or -1),
            "retention.bytes": "-1",
            "min.insync.replicas": str(replicas // 2 + 1),
            "unclean.leader.election.enable": "false",
            "message.timestamp.type": "LogAppendTime",
        }
        if replicas == 1:  # A broker alone promises what is on its disk.
            self._config["flush.messages"] = "1"
        client = CLIENT | {"bootstrap.servers": servers, "socket.timeout.ms": int(within * 1000), **(security or {})}
        self._admin = AdminClient(client)
        self._producer = _Producer(client, within)
        self._readers = _Readers(client | {"group.id": topic}, topic, within)

    def store(self, records: list[Record], history: History) -> None:
        _asked(lambda: self._producer.send(self._topic, records, history.partitions))

    def read(self, partition: int, after: int, limit: int) -> Batch:
        begin, end = self.bounds(partition)
        if after < begin:
            raise Evicted(f"The log begins after {begin}.")
        messages, through = _asked(lambda: self._readers.read(partition, after, end, limit))
        return Batch([_entry(message) for message in messages if _header(message)], through)

    def bounds(self, partition: int) -> Bounds:
        self.history()
        return _asked(lambda: self._readers.bounds(partition))

    def close(self) -> None:
        self._producer.close()
        self._readers.close()

    def begin(self) -> History:
        return _asked(self._begin)

    def _begin(self) -> History:
        held = self._found()
        if held is None:
            new = NewTopic(self._topic, self._wanted or 1, self._replicas, config=self._config)
            try:
                self._admin.create_topics([new], operation_timeout=self._within)[self._topic].result(self._within)
            except KafkaException as error:
                if (why := error.args[0]).code() in REFUSED:
                    raise ImproperlyConfigured(f"EVENTBUS_LOG: Kafka cannot keep the log: {why.str()}") from error
                if why.code() != KafkaError.TOPIC_ALREADY_EXISTS:  # another process was faster
                    raise
            deadline = time.monotonic() + self._within
            while (held := self._found()) is None:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"It made the topic {self._topic}, and does not show it")
                time.sleep(0.05)
        where, resource = f"the topic {self._topic}", ConfigResource(ResourceType.TOPIC, self._topic)
        found = self._admin.describe_configs([resource])[resource].result(self._within)
        check_options(self._config, {name: entry.value for name, entry in found.items()}, where, CURE)
        check_partitions(self._wanted, held.partitions, where, "name another topic")
        return held

    def _found(self) -> History | None:
        asked = self._admin.describe_topics(TopicCollection([self._topic]), request_timeout=LOOK)[self._topic]
        try:
            topic: TopicDescription = asked.result(LOOK)
        except KafkaException as error:
            if error.args[0].code() in GONE:
                return None
            raise
        if (count := min(len(partition.replicas) for partition in topic.partitions)) < self._replicas:
            raise ImproperlyConfigured(
                f"EVENTBUS_LOG: the topic {self._topic} has {count} replicas, not {self._replicas}: {CURE}."
            )
        return History(_uuid(topic.topic_id), len(topic.partitions))

    def newest(self) -> int:
        log_id, partitions = self.history()
        newest: Any = OffsetSpec.latest()  # type: ignore[no-untyped-call]
        asked = {TopicPartition(self._topic, partition): newest for partition in range(partitions)}

        def ask() -> int:
            if self._found() != self._held:
                raise Unavailable(f"The log {log_id} is gone from Kafka: restart the event bus.")
            found = self._admin.list_offsets(asked, request_timeout=self._within)
            return sum(offset.result(self._within).offset for offset in found.values())

        return _asked(ask)


class _Producer:
    """Sends batches, from several threads."""

    def __init__(self, client: Mapping[str, Any], within: float) -> None:
        self._within = within
        self._config = {**client, **PRODUCER, "delivery.timeout.ms": int(within * 1000)}
        self._producer, self._closed = Producer(self._config), threading.Event()
        self._thread = threading.Thread(target=self._poll, name="kafka", daemon=True)
        self._thread.start()

    def send(self, topic: str, records: list[Record], partitions: int) -> None:
        """Returns when the brokers have all. Raises KafkaException and TimeoutError, and some may be stored."""
        producer, sending = self._producer, _Sending(len(records))
        for record in records:
            producer.produce(
                topic,
                record.body,
                record.subject,
                partition_of(record.subject, partitions),
                sending.told,
                headers=[(HEADER, header_of(record).encode())],
            )
        sending.wait(2 * self._within)

    def close(self) -> None:
        self._closed.set()
        self._thread.join()

    def _poll(self) -> None:
        while not self._closed.is_set():
            producer = self._producer
            try:
                producer.poll(0.5)
            except KafkaException:  # A fatal error: it sends nothing any more.
                self._producer = Producer(self._config)
                while len(producer) and not self._closed.is_set():
                    producer.poll(0.1)  # Who waits for it is told.


class _Sending:
    """What became of a batch. The brokers' answers come in one thread."""

    def __init__(self, count: int) -> None:
        self._left = count
        self._error: KafkaError | None = None
        self._done = threading.Event()

    def told(self, error: KafkaError | None, _: Message) -> None:
        self._left -= 1
        self._error = self._error or error
        if not self._left:
            self._done.set()

    def wait(self, timeout: float) -> None:
        if self._left and not self._done.wait(timeout):
            raise TimeoutError("No answer")
        if self._error:
            raise KafkaException(self._error)


class _Readers:
    """Consumers, each where its last read stopped: one that goes on from there has its messages already."""

    def __init__(self, client: Mapping[str, Any], topic: str, within: float) -> None:
        self._config, self._topic, self._within = {**client, **READER}, topic, within
        self._idle: dict[tuple[int, int], Consumer] = {}
        self._lock = threading.Lock()
        self._asking = Consumer(self._config)

    def bounds(self, partition: int) -> Bounds:
        found = self._asking.get_watermark_offsets(TopicPartition(self._topic, partition), min(LOOK, self._within))
        if found is None:
            raise TimeoutError("No answer")
        return Bounds(*found)

    def read(self, partition: int, after: int, end: int, limit: int) -> tuple[list[Message], int]:
        """At most `limit` messages up to `end`, and how far was looked.

        Raises Evicted, KafkaException and TimeoutError.
        """
        if after >= end:
            return [], after
        reader = self._take(partition, after)
        try:
            found, through = self._read(reader, after, end, limit)
        except BaseException:
            reader.close()
            raise
        self._keep((partition, through), reader)
        return found, through

    def _read(self, reader: Consumer, after: int, end: int, limit: int) -> tuple[list[Message], int]:
        found: list[Message] = []
        deadline = time.monotonic() + self._within
        while after < end and len(found) < limit:
            if (left := deadline - time.monotonic()) <= 0:
                raise TimeoutError("No answer")
            for message in reader.consume(min(limit - len(found), end - after), left):
                if (error := message.error()) is None:
                    found.append(message)
                    after = offset_of(message)
                elif error.code() == KafkaError._PARTITION_EOF:
                    # Offsets have gaps, and the newest may be in one; an old notice is of less.
                    after = max(after, offset_of(message) - 1)
                elif error.code() == KafkaError._AUTO_OFFSET_RESET:
                    raise Evicted(f"The log has nothing at {after} any more.")
                else:
                    raise KafkaException(error)
        return found, after

    def _take(self, partition: int, after: int) -> Consumer:
        with self._lock:
            if reader := self._idle.pop((partition, after), None):
                return reader
            reader = self._idle.pop(next(iter(self._idle))) if len(self._idle) >= IDLE else None
        reader = reader or Consumer(self._config)
        reader.assign([TopicPartition(self._topic, partition, after)])
        return reader

    def _keep(self, place: tuple[int, int], reader: Consumer) -> None:
        with self._lock:
            other, self._idle[place] = self._idle.pop(place, None), reader
        if other:
            other.close()

    def close(self) -> None:
        for reader in (self._asking, *self._idle.values()):
            reader.close()


def _asked(ask: Callable[[], T]) -> T:
    """What `ask` returns, asked again while a partition moves. Raises Unavailable where Kafka does not answer."""
    deadline = time.monotonic() + LOOK
    try:
        while True:
            try:
                return ask()
            except KafkaException as error:
                if error.args[0].code() not in MOVING or time.monotonic() > deadline:
                    raise
            time.sleep(0.05)
    except KafkaException as error:
        why: KafkaError = error.args[0]
        said = why.str() if why.code() > 0 or why.code() == KafkaError._FATAL else f"no broker is reached ({why.str()})"
        raise Unavailable(f"Kafka does not answer: {said}") from error
    except (TimeoutError, BufferError) as error:
        raise Unavailable(f"Kafka does not answer: {error or 'timeout'}") from error


def offset_of(message: Message) -> int:
    """Ours, after which all that follow have a greater one; Kafka's begin at 0."""
    return int(message.offset() or 0) + 1


def _entry(message: Message) -> Entry:
    stored_at = message.timestamp()[1] / 1000
    return Entry(offset_of(message), record_of(_header(message), bytes(message.value() or b"")), stored_at)


def _header(message: Message) -> bytes:
    """Empty where another program wrote the message."""
    headers: Any = message.headers()
    return dict(headers or ()).get(HEADER) or b""


def _uuid(found: Any) -> str:
    halves = found.get_most_significant_bits(), found.get_least_significant_bits()
    return str(UUID(bytes=b"".join(half.to_bytes(8, "big", signed=True) for half in halves)))


def open_log(url: SplitResult) -> KafkaLog:
    """`kafka://127.0.0.1:9092`, `kafka://user:password@one:9092,two:9092/topic?partitions=3&replicas=3&tls=1`.

    Raises ImproperlyConfigured where the brokers cannot keep such a log.
    """
    known = {"partitions": 0, "replicas": 1, "keep_days": 0, "tls": 0, "plain": 0}
    given = options(url, known, address="127.0.0.1:9092")
    topic = url.path.strip("/") or "blogbus"
    servers = url.netloc.rpartition("@")[2]
    log = KafkaLog(
        servers, topic, given["partitions"], given["replicas"], given["keep_days"], security=_security(url, given)
    )
    # Brokers that do not answer are met by every request and told by /readyz.
    with suppress(Unavailable):
        log.history()
    return log


def _security(url: SplitResult, given: Mapping[str, int]) -> dict[str, str]:
    """How the client proves who it is, and whether what it says is encrypted."""
    found = {"security.protocol": ("SASL_" if url.username else "") + ("SSL" if given["tls"] else "PLAINTEXT")}
    if url.username:
        mechanism = "PLAIN" if given["plain"] else "SCRAM-SHA-512"
        account = {"sasl.username": unquote(url.username), "sasl.password": unquote(url.password or "")}
        found |= {"sasl.mechanism": mechanism, **account}
    if authorities := os.environ.get("SSL_CERT_FILE"):
        found["ssl.ca.location"] = authorities
    return found
