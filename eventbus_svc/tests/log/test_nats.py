"""What only the log in NATS does: it outlives its server, and asks it before it promises."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import nats as client
import orjson
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.test import Client
from records import entries, eventually, ids, record
from samples import comment
from servers import NatsServer, Server
from stores import Threads

from eventbus.log import open as opened
from eventbus.log.adapters.nats import NatsLog
from eventbus.log.open import open_log
from eventbus.log.port import Evicted
from svc_chassis.testing.conformance.common import is_problem


def configured(url: str, stream: str, **config: Any) -> None:
    """Make a stream by hand."""

    async def create() -> None:
        nc = await client.connect(url)
        asked = orjson.dumps({"name": stream, "subjects": [f"{stream}.>"], **config})
        answer = orjson.loads((await nc.request(f"$JS.API.STREAM.CREATE.{stream}", asked)).data)
        assert "error" not in answer, answer
        await nc.close()

    asyncio.run(create())


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"allow_direct": True, "allow_atomic": True, "metadata": {}}, "is no log of Blogbus: name another one"),
        ({"storage": "memory"}, "has storage 'memory', not 'file'"),
        ({"allow_direct": True}, "has allow_atomic 0, not True: .* use NATS 2.12 or newer"),
        ({"allow_direct": True, "allow_atomic": True, "max_age": 10**12}, "has max_age 1000000000000, not 0"),
    ],
)
def test_a_stream_that_cannot_keep_the_promise_is_refused(
    nats_server: Server, config: dict[str, Any], said: str
) -> None:
    kept = {"storage": "file", "deny_delete": True, "deny_purge": True, "metadata": {"log_id": "l", "partitions": "1"}}
    stream = uuid4().hex
    configured(nats_server.url, stream, **(kept | config))

    with pytest.raises(ImproperlyConfigured, match=f"EVENTBUS_LOG: the stream {stream} {said}"):
        open_log(f"{nats_server.url}/{stream}")


def test_more_replicas_than_there_are_servers_are_refused(nats_server: Server) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"NATS cannot keep the log: replicas > 1 not supported"):
        open_log(f"{nats_server.url}/{uuid4().hex}?replicas=3")


@pytest.mark.parametrize("url", ["nats://", "nats:///stream", "nats://host#3"])
def test_it_needs_an_address(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"nats:// needs an address, as in nats://127\.0\.0\.1:4222"):
        open_log(url)


class TestServer:
    """A server of its own, which may end."""

    @pytest.fixture
    def server(self, tmp_path: Any) -> Iterator[Server]:
        server = NatsServer(tmp_path)
        yield server
        server.kill()

    @pytest.fixture
    def log(self, server: Server) -> Iterator[NatsLog]:
        log = open_log(server.url)
        assert isinstance(log, NatsLog)
        yield log
        log.close()

    def test_while_it_is_absent_calls_say_so_and_later_ones_succeed(self, server: Server, log: NatsLog) -> None:
        with pytest.raises(OperationalError, match="NATS does not answer"):
            log.append([record(1)], None)
        server.start()
        log_id = log.append([record(1)], None).log_id
        server.kill()
        for call in (lambda: log.append([record(2)], None), lambda: log.read(0, 0, 10), lambda: log.wait(0)):
            with pytest.raises(OperationalError):
                call()
        server.start()

        assert eventually(lambda: log.append([record(3)], log_id).accepted) == 1
        assert ids(log) == ["event-1", "event-3"]

    @pytest.mark.django_db(transaction=True)
    def test_without_it_the_bus_is_not_ready_and_takes_no_events(
        self, log: NatsLog, client: Client, publish: Any
    ) -> None:
        opened.use(log)
        try:
            answers = [client.get("/readyz"), publish(comment("c1"))]
        finally:
            opened.use(None)

        for answer in answers:
            is_problem(answer, 503)
            assert answer.json()["detail"].startswith("NATS does not answer: ")

    def test_what_was_acknowledged_is_there_after_kills_in_the_middle_of_appends(
        self, server: Server, log: NatsLog
    ) -> None:
        server.start()
        log.history()
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
            for _ in range(5):
                before = len(acknowledged)
                eventually(lambda so_far=before: len(acknowledged) > so_far + 20)
                server.kill()
                server.start()
            done.set()
            writing.result(30)

        stored = [int(entry.record.body) for entry in eventually(lambda: entries(log, 0) or None)]
        firsts = list(dict.fromkeys(stored))
        assert firsts == sorted(firsts), "Retries come again, and never in front."
        assert set(acknowledged) <= set(stored)
        assert all(one + 1 == two for one, two in zip(stored[::2], stored[1::2], strict=True)), "No batch is halved."

    def test_what_expired_is_evicted(self, server: Server) -> None:
        server.start()
        log = NatsLog(server.url, "short", keep=1)
        log._config["max_age"] = 10**9  # a second in place of a day
        try:
            log.append([record(1)], None)
            [entry] = entries(log, 0)
            eventually(lambda: log.bounds(0).begin == entry.offset)

            with pytest.raises(Evicted):
                log.read(0, 0, 10)
            assert log.bounds(0) == (entry.offset, entry.offset)
        finally:
            log.close()
