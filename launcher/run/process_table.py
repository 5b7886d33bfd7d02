"""The machine's processes, from /proc on Linux and `ps` elsewhere. No psutil: nothing may be installed yet."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    pid: int
    group: int
    started: str  # with the pid it identifies one process: pids are reused

    @property
    def command(self) -> str:
        try:
            words = (PROC / str(self.pid) / "cmdline").read_bytes().split(b"\0")
            return b" ".join(words).decode(errors="replace").strip()
        except OSError:
            return _ps("-o", "args=", "-p", str(self.pid)).strip()


def find(pid: int) -> Process | None:
    """The living process with that pid. A zombie is not living, unless its threads still hold ports and files."""
    if _has_proc():
        return _from_proc(pid)
    return next(_from_ps("-p", str(pid)), None)


def group(leader: int) -> list[Process]:
    """The living processes of the group that `leader` started, whether it is alive or not."""
    everyone = _all_of_proc() if _has_proc() else _from_ps("-A")
    return [process for process in everyone if process.group == leader and _session(process.pid) == leader]


def _has_proc() -> bool:
    return (PROC / "self" / "stat").exists()


def _all_of_proc() -> Iterator[Process]:
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (process := _from_proc(int(entry.name))):
            yield process


def _from_proc(pid: int) -> Process | None:
    try:
        stat = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    # After the name, which may hold anything: state, parent, group, …; the 18th of them is the number of threads, the
    # 20th the start time in ticks.
    fields = stat.rpartition(")")[2].split()
    ended = fields[0] in "ZX" and int(fields[17]) <= 1
    return None if ended else Process(pid, int(fields[2]), fields[19])


def _from_ps(*which: str) -> Iterator[Process]:
    for line in _ps(*which, "-o", "pid=,pgid=,stat=,lstart=").splitlines():
        pid, pgid, state, started = line.split(None, 3)
        if not state.startswith("Z"):
            yield Process(int(pid), int(pgid), started.strip())


def _ps(*arguments: str) -> str:
    environ = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
    return subprocess.run(["ps", *arguments], capture_output=True, text=True, check=False, env=environ).stdout


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except OSError:
        return -1
