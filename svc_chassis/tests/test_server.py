"""The server process as it runs: it starts its loops, sends what is written, logs no text, and goes when told."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
import requests
from listening import Listener
from serving import SOON, Server, servers
from standin import StandInBus

from svc_chassis.events.signing import signed
from svc_chassis.testing.eventually import eventually


def test_a_write_reaches_the_bus_and_the_server_goes_promptly_when_told(
    start: Callable[..., Server], bus: StandInBus
) -> None:
    server = start()
    port = server.url.rpartition(":")[2]
    with requests.Session() as kept_alive:
        server.order("o1", "tea")
        kept_alive.get(f"{server.url}/healthz", timeout=10)
        eventually(lambda: bus.items() == ["tea"])
        subscription = next(json.loads(heard.body) for heard in bus.heard if heard.method == "PUT")
        assert subscription["url"] == f"{server.url}/events"
        eventually(lambda: server.holder() == f"{socket.gethostname()}:{port}")

        server.process.send_signal(signal.SIGTERM)
        told = time.monotonic()
        assert server.process.wait(SOON) == 0

    assert time.monotonic() - told < 8
    assert server.holder() == "", "The relay's lease was not released."
    assert "Traceback" not in server.output()


def worker_of(server: Server) -> str:
    """The pid of the one worker."""
    [pid] = subprocess.run(
        ["pgrep", "-P", str(server.process.pid)], capture_output=True, text=True, check=True
    ).stdout.split()
    return pid


def gone(pid: str) -> bool:
    """Ended, though perhaps nobody has asked how."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True, check=False).stdout
    return state.strip()[:1] in ("", "Z")


def test_a_worker_ends_with_its_master_while_a_stream_is_open(start: Callable[..., Server]) -> None:
    server = start()
    with Listener(server.url) as listener:
        listener.begin()
        worker = worker_of(server)
        server.process.kill()
        server.process.wait()
        killed = time.monotonic()
        eventually(lambda: gone(worker))

    assert time.monotonic() - killed < 8
    assert server.holder() == "", "The relay's lease was not released."


def test_a_worker_ends_with_its_master_while_a_request_hangs(start: Callable[..., Server]) -> None:
    server = start()
    with closing(sqlite3.connect(server.folder / "orders.sqlite3", isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        order = b'{"id": "o1", "item": "tea"}'
        head = (
            b"POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as waiting:
            waiting.sendall(head % len(order) + order)
            eventually(lambda: requests.get(f"{server.url}/healthz", timeout=SOON).ok)  # it was accepted
            worker = worker_of(server)
            server.process.kill()
            server.process.wait()
            killed = time.monotonic()
            eventually(lambda: gone(worker))

    assert time.monotonic() - killed < 15


def test_what_was_acknowledged_before_a_kill_reaches_the_bus_afterwards(
    start: Callable[..., Server], bus: StandInBus
) -> None:
    server = start(EVENTBUS_URL="http://127.0.0.1:1")
    for n in range(5):
        server.order(f"o{n}", str(n))
    server.process.kill()
    server.process.wait()

    start()

    eventually(lambda: bus.items() == ["0", "1", "2", "3", "4"])


def test_public_writes_are_bounded_and_reads_are_not(start: Callable[..., Server]) -> None:
    server = start(THROTTLE_WRITES="2/h")
    server.order("o1", "tea")
    server.order("o2", "tea")
    answer = requests.post(f"{server.url}/orders", json={"id": "o3", "item": "tea"}, timeout=10)
    assert (answer.status_code, answer.json()["title"]) == (429, "Too Many Requests")
    assert int(answer.headers["Retry-After"]) > 3000
    assert server.answers()


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
    eventually(lambda: bus.items() == ["what people wrote"])

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
        [sys.executable, "-m", "svc_chassis.server"], env=environment, capture_output=True, text=True, check=False
    )

    assert refused.returncode == 2
    assert "DJANGO_SETTINGS_MODULE is not set: name the service, as in posts.settings" in refused.stderr


def test_a_process_is_alive_while_its_database_says_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, servers("http://127.0.0.1:1", tmp_path) as start:
        url = f"postgres://me@127.0.0.1:{silent.getsockname()[1]}/orders"
        server = start(migrates=False, DATABASE_URL=url)
        asking = [threading.Thread(target=asked, args=(f"{server.url}/readyz",), daemon=True) for _ in range(3)]
        for thread in asking:
            thread.start()
        for _ in range(5):
            assert requests.get(f"{server.url}/healthz", timeout=3).ok
        assert any(thread.is_alive() for thread in asking), "None of them waits for the database."


def asked(url: str) -> None:
    with suppress(requests.RequestException):
        requests.get(url, timeout=SOON)
