"""Whether a port is free, and who holds it."""

from __future__ import annotations

import random
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from launcher.project import ALONE, Problem, Shape, load
from launcher.run import process_table
from launcher.run.process_table import PROC, Process

# All ports that Chromium (net/base/port_util.cc) or Firefox (netwerk/base/nsIOService.cpp) blocks.
UNSAFE = frozenset(
    (
        *(1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109),
        *(110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530),
        *(531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045),
        *(4160, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080),
    )
)


def refused_by_browsers(port: int) -> bool:
    """Whether browsers block this port as unsafe, whatever listens there."""
    return port in UNSAFE


def is_free(port: int) -> bool:
    """Whether we can listen there and nothing answers on localhost, in IPv4 or IPv6."""
    return not answers(port) and not answers(port, "::1") and _can_bind(port)


def holder(port: int) -> str:
    """`pid 123: command`, if this user may see it."""
    pid = _pid_of_proc(port) or _pid_of_lsof(port)
    process: Process | None = process_table.find(pid) if pid else None
    return f"pid {process.pid}: {process.command[:90]}" if process else "a program that this user may not see"


def answers(port: int, address: str = "127.0.0.1") -> bool:
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


def free_base(root: Path, shape: Shape = ALONE) -> int:
    """A port base with all its ports free."""
    # At random, so that two callers at the same time do not find the same one.
    for base in random.sample(range(12_000, 30_000, 10), 200):
        found = [service.port for service in load(root, base, shape=shape).services]
        if all(is_free(port) and not refused_by_browsers(port) for port in found):
            return base
    raise Problem("No free ports were found between 11000 and 30000.")
