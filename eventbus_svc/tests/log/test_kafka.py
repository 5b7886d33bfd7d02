"""What only the log in Kafka does: it outlives its broker, and asks it before it promises."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from confluent_kafka import KafkaError, KafkaException, Producer
from confluent_kafka.admin import AdminClient, NewTopic
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from records import entries, eventually, ids, record
from servers import Server

from eventbus.log.adapters.kafka import KafkaLog
from eventbus.log.open import open_log
from eventbus.log.port import Evicted

Make = Callable[..., KafkaLog]
AS_OURS = {
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "retention.bytes": "-1",
    "message.timestamp.type": "LogAppendTime",
    "flush.messages": "1",
}


def address(server: Server) -> str:
    return server.url.removeprefix("kafka://")


@pytest.fixture
def topic() -> str:
    return uuid4().hex


@pytest.fixture
def make(kafka_server: Server, topic: str) -> Iterator[Make]:
    """Logs on one topic, as several processes have them."""
    made = list[KafkaLog]()

    def _make(partitions: int = 0, **options: Any) -> KafkaLog:
        made.append(KafkaLog(address(kafka_server), topic, partitions, **options))
        return made[-1]

    yield _make
    for log in made:
        log.close()


def configured(server: Server, topic: str, **config: str) -> None:
    """Make a topic by hand; `_` stands for `.` in a name."""
    named = {name.replace("_", "."): value for name, value in config.items()}
    new = NewTopic(topic, 1, 1, config=AS_OURS | named)
    admin = AdminClient({"bootstrap.servers": address(server)})
    admin.create_topics([new])[topic].result(30)


def test_what_another_program_wrote_into_the_topic_is_passed_over(make: Make, kafka_server: Server, topic: str) -> None:
    log = make()
    log.append([record(1)], None)
    foreign = Producer({"bootstrap.servers": address(kafka_server)})
    foreign.produce(topic, b"noise")
    assert not foreign.flush(30)
    log.append([record(2)], None)

    assert ids(log) == ["event-1", "event-2"]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"cleanup_policy": "compact"}, "has cleanup.policy 'compact', not 'delete'"),
        ({"retention_ms": "1000"}, "has retention.ms '1000', not '-1'"),
        ({"message_timestamp_type": "CreateTime"}, "has message.timestamp.type 'CreateTime', not 'LogAppendTime'"),
        ({"flush_messages": "10000"}, "has flush.messages '10000', not '1'"),
    ],
)
def test_a_topic_that_cannot_keep_the_promise_is_refused(
    kafka_server: Server, topic: str, config: dict[str, str], said: str
) -> None:
    configured(kafka_server, topic, **config)

    with pytest.raises(ImproperlyConfigured, match=f"EVENTBUS_LOG: the topic {topic} {said}: change the topic"):
        open_log(f"{kafka_server.url}/{topic}")


def test_a_topic_with_too_few_replicas_is_refused(make: Make) -> None:
    make().history()

    with pytest.raises(ImproperlyConfigured, match=r"has 1 replicas, not 3"):
        make(replicas=3).history()


def test_more_replicas_than_there_are_brokers_are_refused(kafka_server: Server, topic: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"Kafka cannot keep the log: .*replication"):
        open_log(f"{kafka_server.url}/{topic}?replicas=3")


def test_a_topic_that_was_made_anew_is_another_log(make: Make, kafka_server: Server, topic: str) -> None:
    log = make()
    log.append([record(1)], None)
    admin = AdminClient({"bootstrap.servers": address(kafka_server)})
    admin.delete_topics([topic])[topic].result(30)
    eventually(lambda: make().log_id != log.log_id)

    with pytest.raises(OperationalError, match=f"The log {log.log_id} is gone from Kafka: restart the event bus"):
        log.wait(0)


@pytest.mark.parametrize("url", ["kafka://", "kafka:///topic", "kafka://host#3"])
def test_it_needs_an_address(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"kafka:// needs an address, as in kafka://127\.0\.0\.1:9092"):
        open_log(url)


def test_what_expired_is_evicted(make: Make) -> None:
    log = make()
    log._config |= {"retention.ms": "500", "segment.ms": "100"}
    log.append([record(1)], None)
    [entry] = entries(log, 0)

    def expired() -> bool:
        log.append([record(2)], None)  # Kafka deletes no segment that is written to.
        return log.bounds(0).begin >= entry.offset

    eventually(expired)
    with pytest.raises(Evicted):
        log.read(0, 0, 10)
    assert "event-1" not in ids(log)


def test_a_producer_that_failed_for_good_is_replaced(make: Make) -> None:
    class Failed:
        """As a producer is after an error that librdkafka calls fatal."""

        def poll(self, _: float) -> None:
            raise KafkaException(KafkaError(KafkaError._FATAL))

        produce = poll

        def __len__(self) -> int:
            return 0

    log = make()
    log.append([record(1)], None)
    log._writer._producer = Failed()  # type: ignore[assignment]

    eventually(lambda: log._writer._producer.__class__ is not Failed)
    log.append([record(2)], None)
    assert ids(log) == ["event-1", "event-2"]
