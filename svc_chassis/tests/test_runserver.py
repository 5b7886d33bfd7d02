"""`manage.py runserver` alone: its own port, the address that the bus is told, and loops in one process."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from serving import HERE, SOON
from standin import StandInBus

from svc_chassis.testing.eventually import eventually
from svc_chassis.testing.free_port import free_port

ROOT = HERE.parent.parent
TABLE = json.loads((ROOT / "services.json").read_text())
SERVICES = [name for name in TABLE if name != "frontend"]

Run = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def runserver(bus: StandInBus, tmp_path: Path) -> Iterator[Run]:
    """Starts the sample service by its management command."""
    started: list[subprocess.Popen[bytes]] = []
    environ = os.environ | {
        "BLOGBUS_RUN_DIR": str(tmp_path),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "orders.settings",
        "EVENTBUS_URL": bus.url,
        "PYTHONPATH": os.pathsep.join([str(HERE), *filter(None, sys.path)]),
    }
    environ = {name: value for name, value in environ.items() if name not in ("SERVICE_URL", "SERVICE_PORT")}

    def run(*arguments: str, **variables: str) -> subprocess.Popen[bytes]:
        own = environ | variables
        django = [sys.executable, "-m", "django"]
        subprocess.run([*django, "migrate", "--verbosity", "0"], env=own, check=True)
        started.append(subprocess.Popen([*django, "runserver", *arguments], env=own, start_new_session=True))
        return started[-1]

    yield run
    for process in started:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def told(bus: StandInBus) -> list[str]:
    """The addresses that the bus was told."""
    return [json.loads(heard.body)["url"] for heard in list(bus.heard) if heard.method == "PUT"]


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_listens_on_its_own_port(name: str, tmp_path: Path) -> None:
    code = "from svc_chassis.management.commands.runserver import Command; print(Command.default_port)"
    environ = os.environ | {"BLOGBUS_RUN_DIR": str(tmp_path), "DATABASE_URL": ""}
    environ = {key: value for key, value in environ.items() if key not in ("SERVICE_PORT", "DJANGO_SETTINGS_MODULE")}
    said = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        env=environ, cwd=ROOT / f"{name}_svc", capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert int(said.stdout) == TABLE[name]["port"]


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("{port}", "127.0.0.1"),
        ("0.0.0.0:{port}", "127.0.0.1"),
        ("0:{port}", "127.0.0.1"),
        ("localhost:{port}", "localhost"),
        ("[::1]:{port}", "[::1]"),
        ("[::]:{port}", "[::1]"),
    ],
)
@pytest.mark.parametrize("reloading", [True, False], ids=["reloading", "plain"])
def test_the_bus_is_told_where_it_listens(
    runserver: Run, bus: StandInBus, address: str, host: str, reloading: bool
) -> None:
    port = free_port()
    process = runserver(address.format(port=port), *([] if reloading else ["--noreload"]))

    eventually(lambda: bool(told(bus)))

    assert set(told(bus)) == {f"http://{host}:{port}/events"}
    eventually(lambda: answers(f"http://{host}:{port}/healthz"))
    tasks = Path(f"/proc/{process.pid}/task")
    if reloading and tasks.is_dir():
        assert len(list(tasks.iterdir())) == 1, "The reloader's parent runs loops, too."


def test_without_an_argument_the_port_is_the_services_and_an_address_that_was_given_stays(
    runserver: Run, bus: StandInBus
) -> None:
    port = free_port()
    runserver("--noreload", SERVICE_PORT=str(port), SERVICE_URL="http://orders.test")

    eventually(lambda: answers(f"http://127.0.0.1:{port}/healthz"))

    eventually(lambda: bool(told(bus)))
    assert set(told(bus)) == {"http://orders.test/events"}


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=SOON).ok
    except requests.ConnectionError:
        return False
