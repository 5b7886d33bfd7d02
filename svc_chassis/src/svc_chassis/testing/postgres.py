"""A PostgreSQL server of a test run's own, on a free port and with a data directory that goes with it."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from svc_chassis.testing.free_port import free_port

STARTS_WITHIN = 60.0
"""seconds"""


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`; None: this machine has no PostgreSQL server."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


@contextmanager
def server() -> Iterator[str]:
    """The URL of a server that runs while the `with` lasts. Its databases are not synced to disk.

    Raises FileNotFoundError where there is no PostgreSQL, RuntimeError where it does not start.
    """
    folder = programs()
    if folder is None:
        raise FileNotFoundError("There is no PostgreSQL server on this machine.")
    # It refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    with TemporaryDirectory(prefix="blogbus-postgres-") as home:
        if user:
            shutil.chown(home, user)
        data, port = Path(home) / "data", free_port()
        making: list[str | Path] = [
            folder / "initdb",
            "-D",
            data,
            "-U",
            "blogbus",
            "--auth=trust",
            "-E",
            "UTF8",
            "--no-sync",
        ]
        subprocess.run(making, user=user, cwd=home, check=True, capture_output=True)
        options = ["-k", home, "-h", "127.0.0.1", "-p", str(port), "-c", "fsync=off", "-c", "max_connections=300"]
        with (Path(home) / "log").open("wb") as log:
            process = subprocess.Popen([folder / "postgres", "-D", data, *options], user=user, cwd=home, stderr=log)
        try:
            _await(process, port, Path(home) / "log")
            yield f"postgres://blogbus@127.0.0.1:{port}/postgres"
        finally:
            process.terminate()
            process.wait()


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while process.poll() is None and time.monotonic() < deadline:
        # It listens before it answers, and says so in its log.
        if b"ready to accept connections" in log.read_bytes():
            return
        time.sleep(0.02)
    raise RuntimeError(f"PostgreSQL does not start on port {port}:\n{log.read_text()}")
