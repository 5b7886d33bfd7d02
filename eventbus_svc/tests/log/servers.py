"""Real servers of the engines that a log can stand on, one for each run. They can be killed and started again."""

import fcntl
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

STARTS_WITHIN = 60.0
"""seconds"""
ROOT = Path(__file__).parents[3]
sys.path.append(str(ROOT))

from launcher.run import engines  # noqa: E402


class Server:
    def __init__(self, folder: Path, scheme: str) -> None:
        self.folder, self._port = folder, _free_port()
        self.url = f"{scheme}://127.0.0.1:{self._port}"
        self._command = engines.ENGINES[scheme].command(ROOT, folder, self._port)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "server.out").open("ab") as out:
            self._process = subprocess.Popen(
                self._command, cwd=self.folder, stdout=out, stderr=out, start_new_session=True
            )
        deadline = time.monotonic() + STARTS_WITHIN
        while not _answers(self._port):
            assert self._process.poll() is None, f"It ended: {out.name}."
            assert time.monotonic() < deadline, f"It does not start: {out.name}."
            time.sleep(0.02)

    def kill(self) -> None:
        """With all processes that it started."""
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        while _answers(self._port):
            time.sleep(0.02)


class NatsServer(Server):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "nats")


class KafkaServer(Server):
    """One broker, which is its own controller."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "kafka")
        _download()


class RabbitServer(Server):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "rabbitmq")


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from _running(NatsServer(tmp_path_factory.mktemp("nats")))


@pytest.fixture(scope="session")
def kafka_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    _needed("kafka")
    yield from _running(KafkaServer(tmp_path_factory.mktemp("kafka")))


@pytest.fixture(scope="session")
def rabbit_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    _needed("rabbitmq")
    yield from _running(RabbitServer(tmp_path_factory.mktemp("rabbitmq")))


def rabbitmq(request: Any) -> str:
    """host:port of a RabbitMQ server."""
    return str(request.getfixturevalue("rabbit_server").url).removeprefix("rabbitmq://")


def nats(request: Any) -> str:
    """The URL of a NATS server."""
    return str(request.getfixturevalue("nats_server").url)


def kafka(request: Any) -> str:
    """host:port of a Kafka broker."""
    return str(request.getfixturevalue("kafka_server").url).removeprefix("kafka://")


def _needed(name: str) -> None:
    for program, package in engines.ENGINES[name].needs.items():
        if not engines.program(program):
            pytest.skip(f"{engines.ENGINES[name].title} needs {program}: sudo apt-get install {package}")


def _running(server: Server) -> Iterator[Server]:
    server.start()
    yield server
    server.kill()


def _download() -> None:
    """Kafka's jars, once for all."""
    jars = engines.jars(ROOT)
    jars.parent.mkdir(exist_ok=True)
    with jars.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not jars.exists():
            subprocess.run(engines.download(fresh := jars.with_suffix(".new")), check=True)
            fresh.rename(jars)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    """With a free one behind it; both are none that the system gives to clients meanwhile."""
    ports = random.sample(range(30_100, 32_700, 2), 1300)
    return next(port for port in ports if not _answers(port) and not _answers(port + 1))
