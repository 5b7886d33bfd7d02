"""Two event buses with logs in memory on one PostgreSQL, on different machines as far as they can tell."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import requests

from eventbus.log.sole import Sole
from svc_chassis.leases.lease import TERM, Tenancy
from svc_chassis.leases.models import Lease
from svc_chassis.testing.eventually import eventually
from svc_chassis.testing.free_port import free_port

Start = Callable[..., tuple[subprocess.Popen[str], int]]


@pytest.fixture
def start(postgres: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Start]:
    """Starts a server process of the bus, which shares nothing but the database; it and its port."""
    name = f"sole_{uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    place = {"DATABASE_URL": postgres.rpartition("/")[0] + f"/{name}", "DJANGO_SETTINGS_MODULE": "eventbus.settings"}
    running: list[subprocess.Popen[str]] = []

    def _start(**environ: str) -> tuple[subprocess.Popen[str], int]:
        port = free_port()
        home = tmp_path / str(port)
        home.mkdir()
        environ = os.environ | place | {"BLOGBUS_RUN_DIR": str(home)} | environ
        command = [sys.executable, "-m", "svc_chassis.server", "--bind", f"127.0.0.1:{port}"]
        running.append(
            subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        )
        return running[-1], port

    subprocess.run([sys.executable, "-m", "django", "migrate"], env=os.environ | place, check=True, capture_output=True)
    yield _start
    for process in running:
        process.kill()
        process.communicate()


def ready(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False


def test_a_second_bus_on_one_database_is_refused_until_the_first_is_dead(start: Start) -> None:
    first, port = start()
    eventually(lambda: ready(port), within=60)

    second, _ = start()
    said, _ = second.communicate(timeout=60)
    assert second.returncode != 0
    assert "Another event bus uses this database, and a log in memory belongs to one: run one bus, or set" in said
    assert "Traceback" not in said
    assert ready(port)

    first.kill()
    _, port = start()
    eventually(lambda: ready(port), within=60 + TERM)


def test_a_bus_that_stopped_leaves_its_place_to_the_next_at_once_and_logs_that_are_shared_are_not_refused(
    start: Start,
) -> None:
    for log in ("memory://", "database://", "database://"):
        bus, port = start(EVENTBUS_LOG=log)
        eventually(lambda port=port: ready(port), within=60)
        if log == "memory://":
            bus.terminate()
            assert bus.wait(60) == 0


@pytest.mark.django_db
def test_a_bus_that_lost_its_place_while_it_was_frozen_is_not_ready_until_it_has_it_back(client: Any, log: Any) -> None:
    now = monotonic()
    sole = Sole(Tenancy("sole", "here", lambda: now))
    Lease.objects.update(holder="there", epoch=2)
    now += TERM
    sole.step()
    refused = client.get("/readyz")
    assert refused.status_code == 503
    assert refused.json()["detail"].startswith("Another event bus uses this database, and a log in memory belongs to")

    now += TERM
    sole.step()
    assert client.get("/readyz").status_code == 200
