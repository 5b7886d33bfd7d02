"""Every log that must keep the port's promises: a new engine is one more entry in LOGS."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from servers import kafka, kafka_server, nats, nats_server, rabbit_server, rabbitmq
from stores import postgresql, sqlite

from eventbus.log.adapters.database import DatabaseLog
from eventbus.log.adapters.kafka import KafkaLog
from eventbus.log.adapters.memory import MemoryLog
from eventbus.log.adapters.nats import NatsLog
from eventbus.log.adapters.rabbitmq import RabbitLog
from eventbus.log.port import Log

MIB = 1024 * 1024

Make = Callable[[Any], Log]

__all__ = ["kafka_server", "nats_server", "rabbit_server"]

BOUNDED: dict[str, Make] = {
    "memory": lambda request: MemoryLog(16 * MIB),
    "memory, 3 partitions": lambda request: MemoryLog(16 * MIB, partitions=3),
    "memory with gaps": lambda request: MemoryLog(16 * MIB, partitions=3, stride=3),
}
TELLING: dict[str, Make] = BOUNDED | {
    "SQLite": lambda request: DatabaseLog(using=sqlite(request)),
    "SQLite, 3 partitions": lambda request: DatabaseLog(3, using=sqlite(request)),
    "PostgreSQL": lambda request: DatabaseLog(using=postgresql(request)),
    "PostgreSQL, 3 partitions": lambda request: DatabaseLog(3, using=postgresql(request)),
}
"""those that tell duplicates"""
ERASING: dict[str, Make] = TELLING | {
    "NATS": lambda request: NatsLog(nats(request), uuid4().hex),
    "NATS, 3 partitions": lambda request: NatsLog(nats(request), uuid4().hex, 3),
}
"""those that can delete single entries"""
LOGS: dict[str, Make] = ERASING | {
    "RabbitMQ": lambda request: RabbitLog(rabbitmq(request), uuid4().hex, settles=0),
    "RabbitMQ, 3 partitions": lambda request: RabbitLog(rabbitmq(request), uuid4().hex, 3, settles=0),
    "Kafka": lambda request: KafkaLog(kafka(request), uuid4().hex),
    "Kafka, 3 partitions": lambda request: KafkaLog(kafka(request), uuid4().hex, 3),
}
"""kind → an empty log of that kind, against the real thing"""


@pytest.fixture(params=LOGS)
def a_log(request: Any) -> Iterator[Log]:
    yield from _opened(LOGS[request.param](request))


@pytest.fixture(params=TELLING)
def telling(request: Any) -> Iterator[Log]:
    """One of them that tells duplicates."""
    yield from _opened(TELLING[request.param](request))


@pytest.fixture(params=ERASING)
def erasing(request: Any) -> Iterator[Any]:
    """One of them that can delete single entries."""
    yield from _opened(ERASING[request.param](request))


@pytest.fixture(params=BOUNDED)
def bounded(request: Any) -> Iterator[Any]:
    """One of them that can begin anew."""
    yield from _opened(BOUNDED[request.param](request))


def _opened(log: Log) -> Iterator[Log]:
    yield log
    log.close()
