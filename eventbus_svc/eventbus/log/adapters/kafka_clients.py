"""The clients of a Kafka topic: one that writes, and some that read."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition

from eventbus.log.header import HEADER, header_of, record_of
from eventbus.log.port import Batch, Bounds, Entry, Evicted, Record, partition_of
from svc_chassis.web.problems import Unavailable

LOOK = 1.5
"""seconds that a look at a partition may take: whoever asks whether the bus is ready waits for 2"""
IDLE = 8
"""readers kept for the read that goes on where they stopped"""
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

T = TypeVar("T")


class Writer:
    """Sends batches, from several threads."""

    def __init__(self, client: Mapping[str, Any], within: float) -> None:
        self._within = within
        self._config = {**CLIENT, **PRODUCER, **client, "delivery.timeout.ms": int(within * 1000)}
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


class Readers:
    """Consumers, each where its last read stopped: one that goes on from there has its messages already."""

    def __init__(self, client: Mapping[str, Any], topic: str, within: float) -> None:
        self._config, self._topic, self._within = {**CLIENT, **READER, **client}, topic, within
        self._idle: dict[tuple[int, int], Consumer] = {}
        self._lock = threading.Lock()
        self._asking = Consumer(self._config)

    def bounds(self, partition: int) -> Bounds:
        found = self._asking.get_watermark_offsets(TopicPartition(self._topic, partition), min(LOOK, self._within))
        if found is None:
            raise TimeoutError("No answer")
        return Bounds(*found)

    def read(self, partition: int, after: int, end: int, limit: int) -> Batch:
        """At most `limit` events up to `end`.

        Raises Evicted, KafkaException and TimeoutError.
        """
        if after >= end:
            return Batch([], after)
        reader = self._take(partition, after)
        try:
            found, through = self._read(reader, after, end, limit)
        except BaseException:
            reader.close()
            raise
        self._keep((partition, through), reader)
        return Batch([_entry(message) for message in found if _header(message)], through)

    def _read(self, reader: Consumer, after: int, end: int, limit: int) -> tuple[list[Message], int]:
        """Messages, and how far was looked."""
        found: list[Message] = []
        deadline = time.monotonic() + self._within
        while after < end and len(found) < limit:
            if (left := deadline - time.monotonic()) <= 0:
                raise TimeoutError("No answer")
            for message in reader.consume(min(limit - len(found), end - after), left):
                if (error := message.error()) is None:
                    found.append(message)
                    after = _offset(message)
                elif error.code() == KafkaError._PARTITION_EOF:
                    # Offsets have gaps, and the newest may be in one; an old notice is of less.
                    after = max(after, _offset(message) - 1)
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


def asked(ask: Callable[[], T]) -> T:
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


def _offset(message: Message) -> int:
    """Ours, after which all that follow have a greater one; Kafka's begin at 0."""
    return int(message.offset() or 0) + 1


def _entry(message: Message) -> Entry:
    stored_at = message.timestamp()[1] / 1000
    return Entry(_offset(message), record_of(_header(message), bytes(message.value() or b"")), stored_at)


def _header(message: Message) -> bytes:
    """Empty where another program wrote the message."""
    headers: Any = message.headers()
    return dict(headers or ()).get(HEADER) or b""
