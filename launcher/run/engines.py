"""Servers that the services can keep their data in, started beside them by `up --engine`."""

from __future__ import annotations

import os
import shlex
import shutil
import socket
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
RABBITMQ = """\
listeners.tcp = none
stream.listeners.tcp.1 = 127.0.0.1:{port}
stream.advertised_host = 127.0.0.1
stream.advertised_port = {port}
log.console = true
log.console.level = warning
log.file = false
"""
CLUSTER = "MkU3OEVBNTcwNTJENDM2Qk"
JAVA = "java -Xmx256m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '{jars}/*'"
FORMAT = "kafka.tools.StorageTool format --ignore-formatted -t {cluster} -c kafka.properties"
# The processes of a killed PostgreSQL end a moment after it, and it refuses to start beside them.
AFTER_A_KILL = """if test -e data/postmaster.pid; then
    before=$(head -n 1 data/postmaster.pid)
    left=100
    while kill -0 "$before" 2>/dev/null && test $left -gt 0; do sleep 0.1; left=$((left - 1)); done
    sleep 0.5
fi"""
HOST, POSTGRES_USER = "127.0.0.1", "blogbus"
POM = Path(__file__).with_name("kafka.xml")

Argv = tuple[str, ...]


@dataclass(frozen=True)
class Engine:
    title: str
    offset: int
    """of its port from the port base; Kafka and RabbitMQ take the next one, too"""
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


def rabbitmq(root: Path, folder: Path, port: int) -> Argv:
    """Erlang's port mapper runs beside it and ends with it; else it would start one that stays."""
    (folder / "rabbitmq.conf").write_text(RABBITMQ.format(port=port))
    (folder / "enabled_plugins").write_text("[rabbitmq_stream].\n")
    settings = {
        "HOME": folder,  # of Erlang's cookie
        "ERL_EPMD_ADDRESS": HOST,
        "ERL_EPMD_PORT": port + 1,
        "ERL_FLAGS": "-start_epmd false",
        "RABBITMQ_CONFIG_FILE": folder / "rabbitmq.conf",
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_DIST_PORT": _free_port(),
        "RABBITMQ_ENABLED_PLUGINS_FILE": folder / "enabled_plugins",
        "RABBITMQ_LOG_BASE": folder,
        "RABBITMQ_MNESIA_BASE": folder / "data",
        "RABBITMQ_NODENAME": "blogbus@localhost",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
    }
    environ = shlex.join(f"{name}={value}" for name, value in settings.items())
    return ("sh", "-ec", f"export {environ}; epmd & exec {shlex.quote(program('rabbitmq-server'))}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def postgres(root: Path, folder: Path, port: int) -> Argv:
    """It refuses to run as root, and then runs as the user that its package made."""
    who: Argv = ()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        who = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")
    make = [program("initdb"), "-D", "new", "-U", POSTGRES_USER, "--auth=trust", "-E", "UTF8", "--no-locale"]
    run = [program("postgres"), "-D", "data", "-h", HOST, "-p", str(port), "-c", "max_connections=300", "-k", ""]
    # Aside: whoever interrupts it leaves no half of it.
    made = f"test -e data || {{ rm -rf new; {shlex.join(make)}; mv new data; }}"
    return (*who, "sh", "-ec", f"{made}; {AFTER_A_KILL}; exec {shlex.join(run)}")


def database(port: int, name: str) -> Argv:
    """The command that makes a database, if there is none of that name, once the server takes connections."""
    to = ["-h", HOST, "-p", str(port), "-U", POSTGRES_USER]
    ready = shlex.join([program("pg_isready"), "-q", *to[:4]])
    wait = f"left=300; until {ready}; do left=$((left - 1)); test $left -gt 0; sleep 0.1; done"
    asked = f"SELECT 1 FROM pg_database WHERE datname = '{name}'"
    found = shlex.join([program("psql"), *to, "-d", "postgres", "-tAc", asked])
    return ("sh", "-ec", f'{wait}; test -n "$({found})" || {shlex.join([program("createdb"), *to, name])}')


def database_url(port: int, name: str) -> str:
    return f"postgres://{POSTGRES_USER}@{HOST}:{port}/{name}"


def program(name: str) -> str:
    """Its path, or empty. Debian keeps servers' programs beside the PATH; RabbitMQ's in the PATH wants to be root."""
    beside = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), Path("/usr/lib/rabbitmq/bin")]
    return next((str(folder / name) for folder in beside if (folder / name).exists()), shutil.which(name) or "")


ENGINES = {
    "postgres": Engine("PostgreSQL", 7, postgres, {"initdb": "postgresql"}),
    "nats": Engine("NATS", 8, nats, {}),
    "kafka": Engine("Kafka", 8, kafka, {"java": "openjdk-17-jre-headless", "mvn": "maven"}),
    "rabbitmq": Engine("RabbitMQ", 8, rabbitmq, {"rabbitmq-server": "rabbitmq-server", "epmd": "erlang-base"}),
}
"""by the scheme of their URL; two with one port are not started together"""


def jars(root: Path) -> Path:
    """Where Kafka's jars are, once they are downloaded."""
    return root / ".run" / "kafka"


def download(folder: Path) -> Argv:
    """The command that downloads Kafka's jars into `folder`."""
    what = ("dependency:copy-dependencies", f"-DoutputDirectory={folder}", "-DincludeScope=runtime")
    return ("mvn", "-B", "-q", "-f", str(POM), *what)
