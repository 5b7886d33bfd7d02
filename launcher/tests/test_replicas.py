"""`up --replicas`: several processes of a service, and one address for them."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import MSG_DONTWAIT, MSG_PEEK
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any

import pytest

from launcher.project import Shape, load
from launcher.run import engines, serving
from launcher.run.ports import answers
from launcher.tests.checkout import ROOT, Checkout
from svc_chassis.testing.eventually import eventually


class Replica(BaseHTTPRequestHandler):
    """Says on which port it is reached, and how its server is."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server: Any = self.server
        if self.path == "/readyz" and server.state == "silent":
            server.woken.wait(30)
        status = 503 if server.state == "not ready" else 200
        body = f"{server.server_port} is {server.state}".encode()
        with suppress(OSError):  # Who asked may have gone.
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


class Replicas:
    """Two of them behind a front door, a process of its own."""

    def __init__(self, state: str = "ready") -> None:
        self.servers = [ThreadingHTTPServer(("127.0.0.1", 0), Replica) for _ in range(2)]
        for server in self.servers:
            self.now(server, state)
            server.daemon_threads = True
            Thread(target=server.serve_forever, daemon=True).start()
        self.ports = [server.server_port for server in self.servers]
        self.door = ThreadingHTTPServer(("127.0.0.1", 0), Replica)
        self.port = self.door.server_port
        self.connections: list[http.client.HTTPConnection] = []
        self.door.server_close()
        command = [sys.executable, "-m", "launcher.run.front_door", *map(str, (self.port, *self.ports))]
        self.process = subprocess.Popen(command, cwd=ROOT)
        eventually(lambda: answers(self.port), True)

    def now(self, server: Any, state: str) -> None:
        server.state, server.woken = state, Event()

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

    def end(self, server: Any) -> None:
        server.woken.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def replicas(request: pytest.FixtureRequest) -> Iterator[Replicas]:
    found = Replicas(getattr(request, "param", "ready"))
    yield found
    found.process.kill()
    found.process.wait()
    for connection in found.connections:
        connection.close()
    for server in found.servers:
        found.end(server)


def served_by(replicas: Replicas) -> set[int]:
    return {int(replicas.ask()[1].split()[0]) for _ in range(6)}


def test_connections_go_to_all_replicas_in_turn(replicas: Replicas) -> None:
    eventually(lambda: served_by(replicas), set(replicas.ports))


def test_a_replica_that_is_not_ready_gets_no_new_connections_and_keeps_those_it_has(replicas: Replicas) -> None:
    eventually(lambda: served_by(replicas), set(replicas.ports))
    with_each = connected(replicas)
    replicas.now(replicas.servers[0], "not ready")

    eventually(lambda: served_by(replicas), {replicas.ports[1]})
    assert [replicas.ask(connection)[0] for connection in with_each] == [503, 200]

    replicas.now(replicas.servers[0], "ready")
    eventually(lambda: served_by(replicas), set(replicas.ports))


def test_a_replica_that_does_not_answer_loses_its_connections(replicas: Replicas) -> None:
    eventually(lambda: served_by(replicas), set(replicas.ports))
    with_each = connected(replicas)
    replicas.now(replicas.servers[0], "silent")

    def ended() -> bool:
        assert with_each[0].sock
        return with_each[0].sock.recv(1, MSG_PEEK | MSG_DONTWAIT) == b""

    eventually(lambda: tried(ended), True)
    assert replicas.ask(with_each[1])[0] == 200
    assert served_by(replicas) == {replicas.ports[1]}
    replicas.servers[0].woken.set()  # type: ignore[attr-defined]


@pytest.mark.parametrize("replicas", ["not ready"], indirect=True)
def test_while_none_is_ready_the_answer_is_theirs(replicas: Replicas) -> None:
    status, body = replicas.ask()
    assert status == 503
    assert body.endswith(b" is not ready")


def test_while_none_runs_the_answer_says_so(replicas: Replicas) -> None:
    for server in replicas.servers:
        replicas.end(server)
    eventually(lambda: b'"detail": "No replica runs."' in replicas.ask()[1], True)


def connected(replicas: Replicas) -> list[http.client.HTTPConnection]:
    """A connection to each, in their order."""
    found: dict[int, http.client.HTTPConnection] = {}
    while set(found) != set(replicas.ports):
        connection = http.client.HTTPConnection("127.0.0.1", replicas.port, timeout=10)
        replicas.connections.append(connection)
        found[int(replicas.ask(connection)[1].split()[0])] = connection
    return [found[port] for port in replicas.ports]


def tried(ask: Callable[[], bool]) -> bool:
    """Whether it holds; a connection that is reset has ended, one without data has not."""
    try:
        return ask()
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


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
        (("--engine", "nats,postgres,kafka"), "--engine names nats and kafka"),
        (("--engine", "rabbit"), "there is no 'rabbit'; choose from postgres, nats, kafka, rabbitmq"),
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
    @pytest.fixture
    def checkout(self) -> Iterator[Checkout]:
        """Where another user can reach it; pytest keeps its own folders closed."""
        if not engines.program("initdb"):
            pytest.skip("PostgreSQL needs initdb: sudo apt-get install postgresql")
        with TemporaryDirectory(prefix="blogbus-") as root:
            Path(root).chmod(0o711)
            tree = Checkout(Path(root).resolve())
            yield tree
            tree.clean_up()

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

    def test_the_suites_stay_those_of_the_services(self, checkout: Checkout) -> None:
        checkout.up("--engine", "postgres", "--replicas", "beta=2")
        (checkout.root / "beta_svc" / "test_it.py").write_text("def test_it() -> None:\n    pass\n")
        assert ", 1 tests" in checkout.manage("test", "beta").stdout

    def test_a_database_that_was_chosen_is_not_replaced(self, checkout: Checkout) -> None:
        done = checkout.up("--engine", "postgres", ALPHA_DATABASE_URL="postgres://elsewhere/alpha")
        assert done.returncode == 1
        assert "Unset ALPHA_DATABASE_URL, or leave out --engine." in done.stderr

    def test_a_killed_postgresql_starts_again_with_what_it_stored(self, checkout: Checkout) -> None:
        checkout.up("--engine", "postgres")
        os.kill(checkout.pid("postgres"), signal.SIGKILL)
        done = checkout.manage("start", "postgres")
        assert done.returncode == 0, done.stderr
        assert checkout.status()["postgres"]["healthy"]
