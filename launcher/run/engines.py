"""Servers that the event bus can keep its log in, started beside the services by `up --engine`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

NATS = """\
listen: "127.0.0.1:{port}"
jetstream {{ store_dir: "{data}", sync_interval: always }}
"""
KAFKA = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{second}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{second}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
log.initial.task.delay.ms=100
log.retention.check.interval.ms=1000
offsets.topic.replication.factor=1
"""
CLUSTER = "MkU3OEVBNTcwNTJENDM2Qk"
JAVA = "java -Xmx256m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '{jars}/*'"
FORMAT = "kafka.tools.StorageTool format --ignore-formatted -t {cluster} -c kafka.properties"
POM = Path(__file__).with_name("kafka.xml")

Argv = tuple[str, ...]


@dataclass(frozen=True)
class Engine:
    title: str
    command: Callable[[Path, Path, int], Argv]
    """of the checkout, of a folder that it fills, and of its port"""
    needs: Mapping[str, str]
    """programs, and the Debian packages that have them"""


def nats(root: Path, folder: Path, port: int) -> Argv:
    (folder / "nats.conf").write_text(NATS.format(port=port, data=folder / "data"))
    return (str(root / ".venv" / "bin" / "nats-server"), "-c", "nats.conf")


def kafka(root: Path, folder: Path, port: int) -> Argv:
    (folder / "kafka.properties").write_text(KAFKA.format(port=port, second=port + 1, data=folder / "data"))
    java = JAVA.format(jars=jars(root))
    return ("sh", "-ec", f"{java} {FORMAT.format(cluster=CLUSTER)}; exec {java} kafka.Kafka kafka.properties")


ENGINES = {
    "nats": Engine("NATS", nats, {}),
    "kafka": Engine("Kafka", kafka, {"java": "openjdk-17-jre-headless", "mvn": "maven"}),
}
"""by the scheme of their URL"""
OFFSET = 8
"""of an engine's port from the port base; the next one is its own too"""


def jars(root: Path) -> Path:
    """Where Kafka's jars are, once they are downloaded."""
    return root / ".run" / "kafka"


def download(folder: Path) -> Argv:
    """The command that downloads Kafka's jars into `folder`."""
    what = ("dependency:copy-dependencies", f"-DoutputDirectory={folder}", "-DincludeScope=runtime")
    return ("mvn", "-B", "-q", "-f", str(POM), *what)
