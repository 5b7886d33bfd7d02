"""Real servers of the engines that a log can stand on, one for each run. They can be killed and started again."""

import fcntl
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

STARTS_WITHIN = 60.0
"""seconds"""
NATS = """
listen: "127.0.0.1:{port}"
jetstream {{ store_dir: "{folder}", sync_interval: always }}
"""
KAFKA = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={folder}
log.retention.check.interval.ms=100
log.initial.task.delay.ms=100
offsets.topic.replication.factor=1
group.initial.rebalance.delay.ms=0
"""
JAVA = ("java", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp")
POM = Path(__file__).parent / "kafka" / "pom.xml"
JARS = Path(__file__).parents[3] / ".run" / "kafka"


class Server:
    def __init__(self, folder: Path, scheme: str) -> None:
        self.folder, self._port = folder, _free_port()
        self.url = f"{scheme}://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> Sequence[str | Path]:
        raise NotImplementedError

    def start(self) -> None:
        with (self.folder / "server.out").open("ab") as out:
            self._process = subprocess.Popen(self.command(), stdout=out, stderr=out)
        deadline = time.monotonic() + STARTS_WITHIN
        while not _answers(self._port):
            assert time.monotonic() < deadline, f"The server does not start: {out.name}."
            time.sleep(0.02)

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()


class NatsServer(Server):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "nats")
        (folder / "nats.conf").write_text(NATS.format(port=self._port, folder=folder / "data"))

    def command(self) -> Sequence[str | Path]:
        program = shutil.which("nats-server", path=Path(sys.executable).parent) or "nats-server"
        return [program, "-c", self.folder / "nats.conf"]


class KafkaServer(Server):
    """One broker, which is its own controller."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "kafka")
        self._config, data = folder / "kafka.properties", folder / "data"
        self._config.write_text(KAFKA.format(port=self._port, controller=_free_port(), folder=data))
        self._java = [*JAVA, f"{_jars()}/*"]
        format_storage = ["kafka.tools.StorageTool", "format", "-t", "MkU3OEVBNTcwNTJENDM2Qk", "-c", self._config]
        done = subprocess.run([*self._java, *format_storage], capture_output=True, text=True, check=False)
        assert not done.returncode, done.stdout + done.stderr

    def command(self) -> Sequence[str | Path]:
        return [*self._java, "kafka.Kafka", self._config]


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from _running(NatsServer(tmp_path_factory.mktemp("nats")))


@pytest.fixture(scope="session")
def kafka_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if not shutil.which("java") or not shutil.which("mvn"):
        pytest.skip("no Java and Maven for Kafka: sudo apt-get install openjdk-17-jre-headless maven")
    yield from _running(KafkaServer(tmp_path_factory.mktemp("kafka")))


def nats(request: Any) -> str:
    """The URL of a NATS server."""
    return str(request.getfixturevalue("nats_server").url)


def kafka(request: Any) -> str:
    """host:port of a Kafka broker."""
    return str(request.getfixturevalue("kafka_server").url).removeprefix("kafka://")


def _running(server: Server) -> Iterator[Server]:
    server.start()
    yield server
    server.kill()


def _jars() -> Path:
    """Where Kafka's jars are. The first call downloads them."""
    JARS.parent.mkdir(exist_ok=True)
    with (JARS.parent / "kafka.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not JARS.exists():
            fresh = JARS.with_suffix(".new")
            command = ["mvn", "-B", "-q", "-f", POM, "dependency:copy-dependencies", f"-DoutputDirectory={fresh}"]
            subprocess.run([*command, "-DincludeScope=runtime"], check=True)
            fresh.rename(JARS)
    return JARS


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
