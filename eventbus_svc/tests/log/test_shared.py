"""What all logs in a server do: they outlive the bus, and several processes share one."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from records import entries, eventually, home, ids, record
from servers import KafkaServer, NatsServer, RabbitServer, Server, kafka, nats, rabbitmq
from stores import Threads

from eventbus.log.adapters.kafka import KafkaLog
from eventbus.log.adapters.nats import NatsLog
from eventbus.log.adapters.rabbitmq import RabbitLog
from eventbus.log.in_server import LogInServer
from eventbus.log.port import Bounded

Make = Callable[..., LogInServer]
ENGINES: dict[str, tuple[Make, Callable[[Any], str]]] = {
    "NATS": (NatsLog, nats),
    "RabbitMQ": (partial(RabbitLog, settles=0), rabbitmq),
    "Kafka": (KafkaLog, kafka),
}
"""the adapter, and where its server is"""


@pytest.fixture(params=ENGINES)
def make(request: Any) -> Iterator[Make]:
    """Logs of one name in one server, as several processes have them."""
    adapter, server = ENGINES[request.param]
    made, name, address = list[LogInServer](), uuid4().hex, server(request)

    def _make(partitions: int = 0, **options: Any) -> LogInServer:
        made.append(adapter(address, name, partitions, **options))
        return made[-1]

    yield _make
    for log in made:
        log.close()


def test_after_a_restart_of_the_bus_it_goes_on_where_it_was(make: Make) -> None:
    before = make(3)
    before.append([record(n, subject=f"s{n}") for n in range(20)], None)

    after = make()

    assert (after.log_id, after.partitions) == (before.log_id, 3)
    assert [entries(after, partition) for partition in range(3)] == [entries(before, n) for n in range(3)]


@pytest.mark.parametrize("asked", [1, 2, 4])
def test_another_number_of_partitions_is_refused_and_changes_nothing(make: Make, asked: int) -> None:
    log = make(3)
    log.append([record(1)], None)

    with pytest.raises(ImproperlyConfigured, match=r"has 3\. That number never changes: set partitions=3"):
        make(asked).history()

    assert (make(3).log_id, ids(log)) == (log.log_id, ["event-1"])


def test_processes_that_begin_at_once_begin_one_history(make: Make) -> None:
    start, logs = threading.Barrier(4), [make(3) for _ in range(4)]

    def begin(log: LogInServer) -> str:
        start.wait()
        return log.log_id

    with Threads(4) as pool:
        assert len(set(pool.map(begin, logs))) == 1


def test_an_append_of_another_process_ends_the_wait(make: Make) -> None:
    one, other = make(), make()
    one.wait(0)
    with Threads(1) as pool:
        waiting = pool.submit(one.wait, 30)
        other.append([record(1)], None)

        assert waiting.result(10)
        assert not one.wait(0)


def test_events_as_large_as_they_may_be_are_kept_as_they_were(make: Make) -> None:
    log, records = make(), [record(n, body=bytes([n]) * 64 * 1024) for n in range(60)]
    log.append(records, None)

    assert [entry.record for entry in entries(log, home(log))] == records


def test_nobody_can_begin_it_anew(make: Make) -> None:
    assert not isinstance(make(), Bounded)


OWN: dict[str, tuple[type[Server], Callable[[str], LogInServer]]] = {
    "NATS": (NatsServer, NatsLog),
    "RabbitMQ": (RabbitServer, lambda url: RabbitLog(url.removeprefix("rabbitmq://"))),
    "Kafka": (KafkaServer, lambda url: KafkaLog(url.removeprefix("kafka://"), within=1)),
}
"""the server, and a log in it by its URL"""


class TestServer:
    """A server of its own, which may end."""

    @pytest.fixture(params=OWN)
    def server(self, request: Any, tmp_path: Path) -> Iterator[Server]:
        ENGINES[request.param][1](request)  # skips the test where there is no such server
        server = OWN[request.param][0](tmp_path)
        yield server
        server.kill()

    @pytest.fixture
    def log(self, request: Any, server: Server) -> Iterator[LogInServer]:
        log = OWN[request.node.callspec.params["server"]][1](server.url)
        yield log
        log.close()

    def test_while_it_is_absent_calls_say_so_and_later_ones_succeed(self, server: Server, log: LogInServer) -> None:
        with pytest.raises(OperationalError, match=" does not answer"):
            log.append([record(1)], None)
        server.start()
        log_id = eventually(lambda: log.append([record(1)], None)).log_id
        server.kill()
        for call in (lambda: log.append([record(2)], None), lambda: log.read(0, 0, 10), lambda: log.wait(0)):
            with pytest.raises(OperationalError):
                call()
        server.start()

        assert eventually(lambda: log.append([record(3)], log_id).accepted) == 1
        assert [each for each in dict.fromkeys(ids(log)) if each != "event-2"] == ["event-1", "event-3"]

    def test_what_was_acknowledged_is_there_after_kills_in_the_middle_of_appends(
        self, server: Server, log: LogInServer
    ) -> None:
        server.start()
        eventually(log.history)
        acknowledged, done = list[int](), threading.Event()

        def write() -> None:
            n = 0
            while not done.is_set():
                batch = [record(n, body=b"%d" % n), record(n + 1, body=b"%d" % (n + 1))]
                try:
                    log.append(batch, None)
                except OperationalError:
                    continue
                acknowledged.extend([n, n + 1])
                n += 2

        with Threads(1) as pool:
            writing = pool.submit(write)
            for _ in range(2):
                before = len(acknowledged)
                eventually(lambda so_far=before: len(acknowledged) > so_far + 20)
                server.kill()
                server.start()
            done.set()
            writing.result(60)

        stored = [int(entry.record.body) for entry in eventually(lambda: entries(log, 0) or None)]
        firsts = list(dict.fromkeys(stored))
        assert firsts == sorted(firsts), "Retries come again, and never in front."
        assert set(acknowledged) <= set(stored)
        if log.features.atomic_batch:
            assert all(one + 1 == two for one, two in zip(stored[::2], stored[1::2], strict=True)), (
                "No batch is halved."
            )
