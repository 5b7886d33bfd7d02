"""`up --replicas`: several processes of a service, and one address for them."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from launcher.project import Shape, load
from launcher.run import engines, serving
from launcher.run.ports import answers
from launcher.tests.checkout import ROOT, Checkout
from svc_chassis.testing.eventually import eventually


class Replica(BaseHTTPRequestHandler):
    """Says on which port it is reached; ready while its server says so."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        ready = self.path != "/readyz" or self.server.ready  # type: ignore[attr-defined]
        body = str(self.server.server_port).encode()  # type: ignore[attr-defined]
        self.send_response(200 if ready else 503)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


class Replicas:
    """Two of them behind a front door, a process of its own."""

    def __init__(self) -> None:
        self.servers = [ThreadingHTTPServer(("127.0.0.1", 0), Replica) for _ in range(2)]
        for server in self.servers:
            server.ready = True  # type: ignore[attr-defined]
            server.daemon_threads = True
            Thread(target=server.serve_forever, daemon=True).start()
        self.ports = [server.server_port for server in self.servers]
        self.door = ThreadingHTTPServer(("127.0.0.1", 0), Replica)
        self.port = self.door.server_port
        self.door.server_close()
        command = [sys.executable, "-m", "launcher.run.front_door", *map(str, (self.port, *self.ports))]
        self.process = subprocess.Popen(command, cwd=ROOT)
        eventually(lambda: answers(self.port), True)

    def ask(self, connection: http.client.HTTPConnection | None = None) -> tuple[int, bytes]:
        """The answer on a new connection, or on this one."""
        own = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            own.request("GET", "/")
            answer = own.getresponse()
            return answer.status, answer.read()
        finally:
            if connection is None:
                own.close()

    def end(self, server: ThreadingHTTPServer) -> None:
        server.shutdown()
        server.server_close()


@pytest.fixture
def replicas() -> Iterator[Replicas]:
    found = Replicas()
    yield found
    found.process.kill()
    found.process.wait()
    for server in found.servers:
        found.end(server)


def served_by(replicas: Replicas) -> set[int]:
    return {int(replicas.ask()[1]) for _ in range(6)}


def test_connections_go_to_all_replicas_in_turn(replicas: Replicas) -> None:
    eventually(lambda: served_by(replicas), set(replicas.ports))


def test_a_replica_that_is_not_ready_gets_none_and_loses_those_it_has(replicas: Replicas) -> None:
    eventually(lambda: served_by(replicas), set(replicas.ports))
    open_ones = [http.client.HTTPConnection("127.0.0.1", replicas.port, timeout=10) for _ in range(2)]
    for connection in open_ones:
        replicas.ask(connection)
    replicas.servers[0].ready = False  # type: ignore[attr-defined]

    eventually(lambda: served_by(replicas), {replicas.ports[1]})
    ended = []
    for connection in open_ones:
        try:
            replicas.ask(connection)
        except (OSError, http.client.HTTPException):
            ended.append(connection)
        connection.close()
    assert len(ended) == 1

    replicas.servers[0].ready = True  # type: ignore[attr-defined]
    eventually(lambda: served_by(replicas), set(replicas.ports))


def test_without_a_ready_replica_the_answer_says_so(replicas: Replicas) -> None:
    for server in replicas.servers:
        server.ready = False  # type: ignore[attr-defined]
    eventually(lambda: replicas.ask()[0], 503)
    assert b'"detail": "No replica is ready."' in replicas.ask()[1]


def test_each_replica_has_a_port_and_all_have_one_address_and_one_database(tmp_path: Path) -> None:
    (tmp_path / "services.json").write_text((ROOT / "services.json").read_text())
    project = load(tmp_path, 14000, {}, Shape(("postgres", "nats"), (("eventbus", 2),)))
    rows = {service.name: service for service in project.services}

    assert list(rows)[:5] == ["postgres", "nats", "eventbus-1", "eventbus-2", "eventbus"]
    assert [rows[name].port for name in ("eventbus-1", "eventbus-2", "eventbus")] == [14105, 14205, 14005]
    assert rows["eventbus"].replicas == (14105, 14205)
    environs = [serving.variables(project, rows[name], {}) for name in ("eventbus-1", "eventbus-2")]
    assert environs[0] == environs[1]
    wanted = {
        "DJANGO_SETTINGS_MODULE": "eventbus.settings",
        "SERVICE_URL": "http://127.0.0.1:14005",
        "DATABASE_URL": "postgres://blogbus@127.0.0.1:14007/eventbus",
        "EVENTBUS_LOG": "nats://127.0.0.1:14008",
    }
    assert environs[0].items() >= wanted.items()
    assert serving.variables(project, rows["posts"], {})["EVENTBUS_URL"] == "http://127.0.0.1:14005"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--replicas", "alpha=2"), "Add --engine postgres."),
        (("--engine", "kafka,nats"), "--engine names kafka and nats"),
        (("--engine", "rabbit"), "there is no 'rabbit'; choose from postgres, nats, kafka"),
        (("--replicas", "alpha"), "'alpha' is not like eventbus=3, from 1 to 9"),
        (("--replicas", "delta=2"), "there is no 'delta'"),
    ],
)
def test_what_cannot_be_is_refused_with_its_cure(checkout: Checkout, options: tuple[str, ...], said: str) -> None:
    done = checkout.up(*options)
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert checkout.left_behind() == []


class TestOnPostgreSQL:
    @pytest.fixture(autouse=True)
    def _reachable(self, checkout: Checkout) -> None:
        if not engines.program("initdb"):
            pytest.skip("PostgreSQL needs initdb: sudo apt-get install postgresql")
        for folder in (checkout.root, *checkout.root.parents[:-1]):
            if folder.stat().st_uid == os.geteuid():
                folder.chmod(folder.stat().st_mode | 0o011)

    def test_replicas_are_started_stopped_and_shown_with_their_service(self, checkout: Checkout) -> None:
        done = checkout.up("--engine", "postgres", "--replicas", "beta=2")
        assert done.returncode == 0, done.stdout + done.stderr
        healthy = [name for name, row in checkout.status().items() if row["healthy"]]
        assert healthy == ["postgres", "alpha", "beta-1", "beta-2", "beta", "gamma"]

        os.killpg(checkout.pid("beta-1"), signal.SIGKILL)
        eventually(lambda: checkout.status()["beta-1"]["healthy"], False)
        assert checkout.ask("beta", "/readyz")["migrated"] is True
        checkout.manage("stop", "beta")
        assert [name for name, row in checkout.status().items() if row["pid"]] == ["postgres", "alpha", "gamma"]
        checkout.manage("start", "beta")
        assert all(row["healthy"] for row in checkout.status().values())

    def test_without_a_service_none_of_its_replicas_is_started(self, checkout: Checkout) -> None:
        checkout.up("--engine", "postgres", "--replicas", "beta=2", "--without", "beta")
        assert [name for name, row in checkout.status().items() if row["pid"]] == ["postgres", "alpha", "gamma"]

    def test_a_killed_postgresql_starts_again_with_what_it_stored(self, checkout: Checkout) -> None:
        checkout.up("--engine", "postgres")
        os.kill(checkout.pid("postgres"), signal.SIGKILL)
        done = checkout.manage("start", "postgres")
        assert done.returncode == 0, done.stderr
        assert checkout.status()["postgres"]["healthy"]
