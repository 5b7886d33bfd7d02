"""Real servers of the engines that a log can stand on, one for each run."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

STARTS_WITHIN = 30.0
"""seconds"""
CONFIG = """
listen: "127.0.0.1:{port}"
jetstream {{ store_dir: "{folder}", sync_interval: always }}
"""


class Server:
    """A NATS server that can be killed and started again, with what it stored."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, _free_port()
        self.url = f"nats://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "nats.conf").write_text(CONFIG.format(port=self._port, folder=folder / "data"))

    def start(self) -> None:
        program = shutil.which("nats-server", path=Path(sys.executable).parent) or "nats-server"
        self._process = subprocess.Popen([program, "-c", self._folder / "nats.conf"], stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + STARTS_WITHIN
        while not _answers(self._port):
            assert time.monotonic() < deadline, "The NATS server does not start."
            time.sleep(0.02)

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("nats"))
    server.start()
    yield server
    server.kill()


def nats(request: Any) -> str:
    """The URL of a NATS server."""
    server: Server = request.getfixturevalue("nats_server")
    return server.url


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
