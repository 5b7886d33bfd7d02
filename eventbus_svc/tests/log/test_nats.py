"""What only the log in NATS does: it outlives its server, and asks it before it promises."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import nats as client
import orjson
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from records import entries, eventually, record
from samples import comment
from servers import NatsServer, Server

from eventbus.log import open as opened
from eventbus.log.adapters.nats import NatsLog
from eventbus.log.open import open_log
from eventbus.log.port import Evicted
from svc_chassis.testing.conformance.common import is_problem
from svc_chassis.web.problems import Unavailable


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


def test_a_server_that_waits_for_the_others_of_its_cluster_is_unavailable_and_no_error_of_settings(
    tmp_path: Path,
) -> None:
    server = NatsServer(tmp_path)
    config = tmp_path / "nats.conf"
    routes = "[nats://127.0.0.1:1, nats://127.0.0.1:2]"
    config.write_text(f"{config.read_text()}server_name: one\ncluster {{ name: c, port: -1, routes: {routes} }}\n")
    try:
        server.start()
        log = open_log(f"{server.url}?replicas=3")

        def said() -> str:
            with pytest.raises(Unavailable) as refused:
                log.append([record(1)], None)
            return str(refused.value)

        # It says so after some seconds, and nothing before.
        eventually(lambda: "NATS has no leader now" in said())
        log.close()
    finally:
        server.kill()
