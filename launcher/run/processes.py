"""Starts and stops services, each in its own process group, and records them for other terminals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from launcher.project import write_private
from launcher.run import process_table
from launcher.setup.steps import Command

GRACE = 5.0  # seconds between SIGTERM and SIGKILL
LOG_LIMIT = 20_000_000  # bytes; a longer log is rotated at the next start

_children: dict[int, subprocess.Popen[bytes]] = {}  # ours to reap: a zombie looks alive


@dataclass(frozen=True)
class Record:
    """A started service, as any terminal sees it."""

    name: str
    pid: int
    started: str
    port: int
    port_base: int
    command: tuple[str, ...]
    stopping: bool = False  # then its end is not a crash

    @property
    def alive(self) -> bool:
        exit_status(self)
        process = process_table.find(self.pid)
        return process is not None and process.started == self.started


def start(run_dir: Path, name: str, port: int, port_base: int, command: Command, log: Path) -> Record:
    """Start the process and record it; a process that cannot be recorded is killed."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        child = command.spawn(output)
    _children[child.pid] = child
    try:
        process = process_table.find(child.pid)
        record = Record(name, child.pid, process.started if process else "", port, port_base, command.argv)
        _save(run_dir, record)
    except BaseException:
        os.killpg(child.pid, signal.SIGKILL)
        raise
    return record


def stop(run_dir: Path, record: Record, hurry: Callable[[], bool] = lambda: False) -> None:
    """Send SIGTERM, kill what is left of the group after GRACE, and delete the record."""
    _save(run_dir, replace(record, stopping=True))
    if record.alive:
        # To PostgreSQL, SIGTERM means to wait until its clients are gone.
        os.kill(record.pid, signal.SIGINT if record.name == "postgres" else signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while record.alive and time.monotonic() < deadline and not hurry():
            time.sleep(0.02)
    kill_group(record)
    forget(run_dir, record)


def kill_group(record: Record) -> None:
    """Kill the whole group, also the workers of a server that died; never a group that reuses its pid."""
    deadline = time.monotonic() + GRACE
    while (record.alive or _leaderless(record)) and time.monotonic() < deadline:
        try:
            os.killpg(record.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        time.sleep(0.02)


def exit_status(record: Record) -> int | None:
    """Its exit status if it was our child and ended; negative: the signal; None: not known."""
    child = _children.get(record.pid)
    return child.poll() if child else None


def read(run_dir: Path, name: str) -> Record | None:
    try:
        row = json.loads(_file(run_dir, name).read_text())
    except FileNotFoundError:
        return None
    return Record(**{**row, "command": tuple(row["command"])})


def forget(run_dir: Path, record: Record) -> None:
    """Delete the record, unless the service was started again meanwhile."""
    now = read(run_dir, record.name)
    if now and (now.pid, now.started) == (record.pid, record.started):
        _file(run_dir, record.name).unlink(missing_ok=True)


def _leaderless(record: Record) -> bool:
    return process_table.find(record.pid) is None and bool(process_table.group(record.pid))


def _save(run_dir: Path, record: Record) -> None:
    write_private(_file(run_dir, record.name), json.dumps(asdict(record), indent=2))


def _file(run_dir: Path, name: str) -> Path:
    return run_dir / "processes" / f"{name}.json"
