"""The server process as it runs: it starts its loops, sends what is written, logs no text, and goes when told."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from standin import StandInBus, standin

from svc_chassis.events.signing import signed

HERE = Path(__file__).parent
SOON = 20.0
"""seconds within which what must happen has happened"""


def until(condition: Callable[[], bool]) -> None:
    """Wait for `condition`; an error if it does not come true soon."""
    deadline = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < deadline, "It did not happen."
        time.sleep(0.02)


@dataclass
class Server:
    url: str
    process: subprocess.Popen[bytes]
    folder: Path

    def answers(self) -> bool:
        assert self.process.poll() is None, self.output()
        try:
            return requests.get(f"{self.url}/readyz", timeout=10).status_code == 200
        except requests.RequestException:
            return False

    def order(self, name: str, item: str) -> None:
        answer = requests.post(f"{self.url}/orders", json={"id": name, "item": item}, timeout=10)
        assert answer.status_code == 201

    def output(self) -> str:
        return (self.folder / "output").read_text()

    def lease(self) -> tuple[str, float]:
        """The relay's lease: holder, and when it runs out."""
        with sqlite3.connect(self.folder / "orders.sqlite3") as database:
            return database.execute("SELECT holder, expires FROM events_lease").fetchone()  # type: ignore[no-any-return]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def bus() -> Iterator[StandInBus]:
    with standin() as bus:
        yield bus


@pytest.fixture
def start(bus: StandInBus, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    processes: list[subprocess.Popen[bytes]] = []
    environment = os.environ | {
        "BLOGBUS_RUN_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/orders.sqlite3",
        "DJANGO_SETTINGS_MODULE": "orders.settings",
        "EVENTBUS_URL": bus.url,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(HERE), *sys.path])),
    }

    def _start(**variables: str) -> Server:
        own = environment | variables
        migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, env=own, check=True, cwd=HERE)
        port = free_port()
        with (tmp_path / "output").open("ab") as output:
            serve = [sys.executable, "-m", "svc_chassis.serve", "--bind", f"127.0.0.1:{port}"]
            process = subprocess.Popen(serve, env=own, cwd=HERE, stdout=output, stderr=subprocess.STDOUT)
        processes.append(process)
        server = Server(f"http://127.0.0.1:{port}", process, tmp_path)
        until(server.answers)
        return server

    yield _start
    for process in processes:
        process.kill()
        process.wait()


def test_a_write_reaches_the_bus_and_the_server_goes_promptly_when_told(
    start: Callable[..., Server], bus: StandInBus
) -> None:
    server = start()
    port = server.url.rpartition(":")[2]
    with requests.Session() as kept_alive:
        server.order("o1", "tea")
        kept_alive.get(f"{server.url}/healthz", timeout=10)
        until(lambda: bus.items() == ["tea"])
        subscription = next(json.loads(heard.body) for heard in bus.heard if heard.method == "PUT")
        assert subscription["url"] == f"{server.url}/events"
        until(lambda: server.lease()[0] == f"{socket.gethostname()}:{port}")

        server.process.send_signal(signal.SIGTERM)
        told = time.monotonic()
        assert server.process.wait(SOON) == 0

    assert time.monotonic() - told < 8
    assert server.lease()[1] == 0, "The relay's lease was not released."
    assert "Traceback" not in server.output()


def test_what_was_acknowledged_before_a_kill_reaches_the_bus_afterwards(
    start: Callable[..., Server], bus: StandInBus
) -> None:
    server = start(EVENTBUS_URL="http://127.0.0.1:1")
    for n in range(5):
        server.order(f"o{n}", str(n))
    server.process.kill()
    server.process.wait()

    start()

    until(lambda: bus.items() == ["0", "1", "2", "3", "4"])


@pytest.mark.parametrize("environment", ["local", "production"])
def test_the_log_holds_neither_what_people_wrote_nor_secrets(
    start: Callable[..., Server], bus: StandInBus, environment: str
) -> None:
    secrets = {name: f"{name.lower()}-is-secret" for name in ("OPERATOR_TOKEN", "MODERATOR_TOKEN", "SECRET_KEY")}
    key = "whsec_" + "A" * 43 + "="
    server = start(BLOGBUS_ENV=environment, EVENTS_SECRET=key, **secrets)
    server.order("o1", "what people wrote")
    requests.post(f"{server.url}/orders", json={"id": "o2", "item": ["what people wrote"]}, timeout=10)
    requests.get(
        f"{server.url}/operator", headers={"Authorization": f"Bearer {secrets['OPERATOR_TOKEN']}x"}, timeout=10
    )
    requests.get(f"{server.url}/broken", timeout=10)
    for number, item in enumerate(("what people wrote", "!fail what people wrote", ["what people wrote"])):
        event: dict[str, Any] = {
            "specversion": "1.0", "id": str(number), "source": "/stock", "type": "GoodsArrived", "subject": "g1",
            "time": "2026-01-01T00:00:00Z", "data": {"id": "g1", "item": item},
        }  # fmt: skip
        body = json.dumps(event).encode()
        headers = signed(body, "eventbus", [key]) | {"Content-Type": "application/json"}
        assert requests.post(f"{server.url}/events", body, headers=headers, timeout=10).status_code == 200
    until(lambda: bus.items() == ["what people wrote"])

    output = server.output()
    for line in ("published", "applied", "failed", "POST /orders 201", "POST /orders 400", "GET /broken 500", "a bug"):
        assert line in output
    for secret in ("people", "is-secret", "AAAAA"):
        assert secret not in output
    if environment == "production":
        assert all(json.loads(line)["timestamp"] for line in output.splitlines() if line.startswith("{"))
        assert '"correlationid"' in output


def test_a_server_that_does_not_know_its_service_says_what_to_set() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}

    refused = subprocess.run(
        [sys.executable, "-m", "svc_chassis.serve"], env=environment, capture_output=True, text=True, check=False
    )

    assert refused.returncode == 2
    assert "DJANGO_SETTINGS_MODULE is not set: name the service, as in posts.settings" in refused.stderr
