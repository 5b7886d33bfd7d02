"""`kafka://`: the log in a Kafka topic. The topic's id is the log id, and its partitions are ours.

A batch may be stored in part. An append that timed out may arrive later than its retry: what consumers keep is right
all the same, because they apply an event once and never an older version.
"""

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import SplitResult, unquote
from uuid import UUID

from confluent_kafka import KafkaError, KafkaException, TopicCollection, TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AdminClient,
    ConfigResource,
    NewTopic,
    OffsetSpec,
    ResourceType,
    TopicDescription,
)
from django.core.exceptions import ImproperlyConfigured

from eventbus.log.adapters.kafka_clients import CLIENT, LOOK, Readers, Writer, asked
from eventbus.log.in_server import History, LogInServer
from eventbus.log.port import Batch, Bounds, Evicted, Features, Record
from eventbus.log.promises import check_options, check_partitions
from eventbus.log.url import options
from svc_chassis.web.problems import Unavailable

WITHIN = 5.0
"""seconds that a request may take"""
EVERY = 0.1
"""seconds between two looks for what other processes appended"""
DAY = 86_400_000
"""milliseconds"""
CURE = "change the topic, or name another one, as in kafka://host:9092/name"
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
        client = {"bootstrap.servers": servers, "socket.timeout.ms": int(within * 1000), **(security or {})}
        self._admin = AdminClient(CLIENT | client)
        self._writer = Writer(client, within)
        self._readers = Readers(client | {"group.id": topic}, topic, within)

    def store(self, records: list[Record], history: History) -> None:
        asked(lambda: self._writer.send(self._topic, records, history.partitions))

    def read(self, partition: int, after: int, limit: int) -> Batch:
        begin, end = self.bounds(partition)
        if after < begin:
            raise Evicted(f"The log begins after {begin}.")
        return asked(lambda: self._readers.read(partition, after, end, limit))

    def bounds(self, partition: int) -> Bounds:
        self.history()
        return asked(lambda: self._readers.bounds(partition))

    def close(self) -> None:
        self._writer.close()
        self._readers.close()

    def begin(self) -> History:
        return asked(self._begin)

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
        found = self._admin.describe_topics(TopicCollection([self._topic]), request_timeout=LOOK)[self._topic]
        try:
            topic: TopicDescription = found.result(LOOK)
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
        wanted = {TopicPartition(self._topic, partition): newest for partition in range(partitions)}

        def ask() -> int:
            if self._found() != self._held:
                raise Unavailable(f"The log {log_id} is gone from Kafka: restart the event bus.")
            found = self._admin.list_offsets(wanted, request_timeout=self._within)
            return sum(offset.result(self._within).offset for offset in found.values())

        return asked(ask)


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
