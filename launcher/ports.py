"""Whether a port is free, and who holds it."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from launcher import process_table
from launcher.process_table import PROC, Process


def is_free(port: int) -> bool:
    """Free for us and not answered by another on the name localhost (which may be IPv6 first)."""
    return not _answers("127.0.0.1", port) and not _answers("::1", port) and _can_bind(port)


def holder(port: int) -> str:
    """`pid 123: command`, as far as this user may see it."""
    pid = _pid_of_proc(port) or _pid_of_lsof(port)
    process: Process | None = process_table.find(pid) if pid else None
    return f"pid {process.pid}: {process.command[:90]}" if process else "a program that this user may not see"


def _answers(address: str, port: int) -> bool:
    try:
        with socket.create_connection((address, port), timeout=1):
            return True
    except OSError:
        return False


def _can_bind(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _pid_of_proc(port: int) -> int | None:
    sockets = set(_listening_sockets(port))
    for entry in PROC.glob("[0-9]*"):
        with suppress(OSError):
            if any(str(link.readlink()) in sockets for link in (entry / "fd").iterdir()):
                return int(entry.name)
    return None


def _listening_sockets(port: int) -> Iterator[str]:
    for table in (PROC / "net" / "tcp", PROC / "net" / "tcp6"):
        for line in _lines(table):
            fields = line.split()
            if fields[1].endswith(f":{port:04X}") and fields[3] == "0A":  # 0A: listening
                yield f"socket:[{fields[9]}]"


def _lines(table: Path) -> list[str]:
    try:
        return table.read_text().splitlines()[1:]
    except OSError:
        return []


def _pid_of_lsof(port: int) -> int | None:
    if not shutil.which("lsof"):
        return None
    command = ["lsof", "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-Fp"]
    found = re.search(r"^p(\d+)", subprocess.run(command, capture_output=True, text=True, check=False).stdout, re.M)
    return int(found[1]) if found else None
