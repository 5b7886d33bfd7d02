"""A server process of the sample service, as it runs in earnest."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import requests

from svc_chassis.testing.eventually import eventually
from svc_chassis.testing.free_port import free_port

HERE = Path(__file__).parent
SOON = 60.0
"""seconds within which what must happen has happened"""


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

    def lives(self) -> bool:
        assert self.process.poll() is None, self.output()
        with suppress(requests.RequestException):
            return requests.get(f"{self.url}/healthz", timeout=10).ok
        return False

    def order(self, name: str, item: str) -> None:
        answer = requests.post(f"{self.url}/orders", json={"id": name, "item": item}, timeout=SOON)
        assert answer.status_code == 201

    def output(self) -> str:
        return (self.folder / "output").read_text()

    def holder(self) -> str:
        """Of the relay's lease; empty: it was released."""
        with sqlite3.connect(self.folder / "orders.sqlite3") as database:
            return str(database.execute("SELECT holder FROM leases_lease").fetchone()[0])


@contextmanager
def servers(bus_url: str, folder: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers, all on the same database in `folder`, with these environment variables; ends them at last."""
    processes: list[subprocess.Popen[bytes]] = []
    environment = os.environ | {
        "BLOGBUS_RUN_DIR": str(folder),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "orders.settings",
        "EVENTBUS_URL": bus_url,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(HERE), *sys.path])),
    }

    def _start(migrates: bool = True, **variables: str) -> Server:
        """`migrates`: its database answers."""
        own = environment | variables
        if migrates:
            migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
            subprocess.run(migrate, env=own, check=True, cwd=HERE)
        port = free_port()
        with (folder / "output").open("ab") as output:
            serve = [sys.executable, "-m", "svc_chassis.server", "--bind", f"127.0.0.1:{port}"]
            process = subprocess.Popen(serve, env=own, cwd=HERE, stdout=output, stderr=subprocess.STDOUT)
        processes.append(process)
        server = Server(f"http://127.0.0.1:{port}", process, folder)
        eventually(server.answers if migrates else server.lives)
        return server

    yield _start
    for process in processes:
        process.kill()
        process.wait()
