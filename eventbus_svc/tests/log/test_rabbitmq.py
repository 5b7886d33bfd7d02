"""What only the log in RabbitMQ does: it tells how little one node promises, and asks the server before it promises."""

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from records import entries, eventually, ids, record
from rstream import schema
from servers import RabbitServer, Server
from stores import Threads

from eventbus.log.adapters.rabbitmq import RabbitLog
from eventbus.log.adapters.rabbitmq_connection import Connection, connect
from eventbus.log.open import open_log
from eventbus.log.port import Evicted, Record

Make = Callable[..., RabbitLog]


def address(server: Server) -> str:
    return server.url.removeprefix("rabbitmq://")


@pytest.fixture
def name() -> str:
    return uuid4().hex


@pytest.fixture
def make(rabbit_server: Server, name: str) -> Iterator[Make]:
    """Logs of one name, as several processes have them."""
    made = list[RabbitLog]()

    def _make(partitions: int = 0, **options: Any) -> RabbitLog:
        made.append(RabbitLog(address(rabbit_server), name, partitions, settles=0, **options))
        return made[-1]

    yield _make
    for log in made:
        log.close()


def by_hand(server: Server, ask: Callable[[Connection], Any]) -> None:
    """Ask the server as another program may."""

    async def asked() -> None:
        connection = await connect(address(server), lambda: None, 5, tls=False)
        await ask(connection)
        await connection.close()

    asyncio.run(asked())


def test_one_node_promises_as_little_as_memory_and_several_a_quorum(make: Make) -> None:
    assert (make().durability, make(replicas=3).durability) == ("memory", "quorum")


def test_what_another_program_wrote_into_a_stream_is_passed_over(make: Make, rabbit_server: Server, name: str) -> None:
    log = make()
    log.append([record(1)], None)
    by_hand(rabbit_server, lambda connection: connection.publish(f"{name}.{log.log_id}.0", [b"noise"]))
    log.append([record(2)], None)

    assert ids(log) == ["event-1", "event-2"]


def test_a_stream_of_another_program_is_refused(rabbit_server: Server, name: str) -> None:
    by_hand(rabbit_server, lambda connection: connection.ask(schema.Create(0, name, [])))
    by_hand(rabbit_server, lambda connection: connection.publish(name, [b"noise"]))

    with pytest.raises(ImproperlyConfigured, match=f"the stream {name} is no log of Blogbus: name another one"):
        open_log(f"{rabbit_server.url}/{name}")


def test_other_options_than_those_of_its_streams_are_refused(make: Make, rabbit_server: Server, name: str) -> None:
    make().history()

    with pytest.raises(ImproperlyConfigured, match=r"has other options than initial-cluster-size=1, max-age=7D"):
        open_log(f"{rabbit_server.url}/{name}?keep_days=7")


def test_more_replicas_than_there_are_nodes_are_refused_and_nothing_is_left(
    make: Make, rabbit_server: Server, name: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"makes 1 replicas of a stream, not 3: it needs as many nodes"):
        open_log(f"{rabbit_server.url}/{name}?replicas=3")

    assert ids(make()) == []


def test_more_partitions_than_a_connection_can_follow_are_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"rabbitmq:// has at most 100 partitions"):
        open_log("rabbitmq://127.0.0.1?partitions=101")


def test_a_user_that_rabbitmq_does_not_know_is_told(rabbit_server: Server) -> None:
    log = open_log(rabbit_server.url.replace("//", "//ann:wrong@"))
    try:
        with pytest.raises(OperationalError, match="RabbitMQ does not answer: AuthenticationFailure"):
            log.bounds(0)
    finally:
        log.close()


def test_streams_that_were_deleted_are_told_and_never_begun_anew(make: Make, rabbit_server: Server, name: str) -> None:
    log = make(3)
    log.append([record(1)], None)
    log.wait(0)
    stream = f"{name}.{log.log_id}.1"
    by_hand(rabbit_server, lambda connection: connection.delete(stream))

    def said() -> str:
        try:
            return str(log.wait(0))
        except OperationalError as error:
            return str(error)

    eventually(lambda: said() == f"The log {name} is gone from RabbitMQ: restart the event bus.")
    with pytest.raises(ImproperlyConfigured, match=f"the stream {stream} is gone from RabbitMQ: delete .* {name}, too"):
        open_log(f"{rabbit_server.url}/{name}")


@pytest.mark.parametrize("url", ["rabbitmq://", "rabbitmq:///name", "rabbitmq://host#3"])
def test_it_needs_an_address(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"rabbitmq:// needs an address, as in rabbitmq://127\.0\.0\.1:5552"):
        open_log(url)


def test_what_expired_is_evicted(make: Make) -> None:
    log = make()
    log._kept |= {"max-age": "1s", "stream-max-segment-size-bytes": "1000"}
    log.append([record(1)], None)
    [entry] = entries(log, 0)

    def expired() -> bool:
        log.append([record(2, body=b"x" * 2000)], None)  # RabbitMQ deletes whole segments, when it begins one.
        return log.bounds(0).begin >= entry.offset

    eventually(expired)
    with pytest.raises(Evicted):
        log.read(0, 0, 10)
    assert "event-1" not in ids(log)


def test_a_call_that_waits_for_an_answer_fails_at_once_when_the_connection_ends() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, Threads(1) as pool:
        log = RabbitLog(f"127.0.0.1:{silent.getsockname()[1]}")
        waiting = pool.submit(log.bounds, 0)
        connection, _ = silent.accept()
        connection.recv(1)
        connection.close()
        began = time.monotonic()

        with pytest.raises(OperationalError, match="RabbitMQ does not answer: The connection ended"):
            waiting.result()
        assert time.monotonic() - began < 1
        log.close()


def test_a_server_that_is_silent_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        log = RabbitLog(f"127.0.0.1:{silent.getsockname()[1]}", within=0.2)

        with pytest.raises(OperationalError, match=r"RabbitMQ does not answer: No answer in 0\.2 s"):
            log.bounds(0)
        log.close()


def test_a_server_killed_right_after_the_first_log_was_made_still_has_it(rabbit_server: Server, tmp_path: Any) -> None:
    server = RabbitServer(tmp_path)
    log = RabbitLog(address(server))
    try:
        server.start()
        eventually(lambda: log.append([record(1)], None))
        server.kill()
        server.start()

        assert eventually(lambda: ids(log)) == ["event-1"]
    finally:
        log.close()
        server.kill()


def test_many_batches_at_once_keep_their_order(make: Make) -> None:
    log = make(3)

    def write(writer: int) -> None:
        for n in range(20):
            log.append([written(writer, 2 * n), written(writer, 2 * n + 1)], None)

    with Threads(4) as pool:
        list(pool.map(write, range(4)))

    found = [entry.record for partition in range(3) for entry in entries(log, partition, limit=7)]
    for writer in range(4):
        assert [each for each in found if each.subject == str(writer)] == [written(writer, n) for n in range(40)]


def written(writer: int, n: int) -> Record:
    return record(100 * writer + n, subject=str(writer))
