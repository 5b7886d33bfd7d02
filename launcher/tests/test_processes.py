"""Records, groups and pids, with real child processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from launcher.run import process_table, processes
from launcher.run.processes import Record
from launcher.setup.steps import Command
from svc_chassis.testing.eventually import eventually

SLEEP = "import time; time.sleep(600)"


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """Somebody else's process, in a group of its own."""
    child = subprocess.Popen([sys.executable, "-c", SLEEP], start_new_session=True)
    yield child
    child.kill()
    child.wait()


def begin(run_dir: Path, code: str = SLEEP) -> Record:
    command = Command((sys.executable, "-c", code), run_dir, os.environ)
    return processes.start(run_dir, "alpha", 4000, 4000, command, run_dir / "logs" / "alpha.log")


def test_what_was_started_is_alive_recorded_and_logged_and_then_stopped(tmp_path: Path) -> None:
    record = begin(tmp_path, f"print('hello', flush=True); {SLEEP}")
    assert record.alive
    assert processes.read(tmp_path, "alpha") == record
    eventually(lambda: (tmp_path / "logs" / "alpha.log").read_text() == "hello\n")
    processes.stop(tmp_path, record)
    assert not record.alive
    assert processes.read(tmp_path, "alpha") is None
    assert processes.exit_status(record) == -signal.SIGTERM


def test_a_dead_child_is_not_seen_as_alive_though_nobody_reaped_it(bystander: subprocess.Popen[bytes]) -> None:
    bystander.kill()
    eventually(lambda: process_table.find(bystander.pid) is None)
    assert bystander.returncode is None


def test_a_pid_that_is_used_again_is_neither_alive_nor_ever_killed(
    tmp_path: Path, bystander: subprocess.Popen[bytes]
) -> None:
    mistaken = Record("alpha", bystander.pid, "long ago", 4000, 4000, ("alpha",))
    assert not mistaken.alive
    processes.stop(tmp_path, mistaken)
    assert bystander.poll() is None


def test_the_workers_of_a_dead_server_are_ended_with_its_group(tmp_path: Path) -> None:
    fork = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', '{SLEEP}']); {SLEEP}"
    record = begin(tmp_path, fork)
    eventually(lambda: len(process_table.group(record.pid)) == 2)
    os.kill(record.pid, signal.SIGKILL)
    eventually(lambda: not record.alive)
    assert len(process_table.group(record.pid)) == 1
    processes.kill_group(record)
    assert process_table.group(record.pid) == []


def test_a_stubborn_server_is_killed_after_the_grace_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "GRACE", 0.3)
    stubborn = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); {SLEEP}"
    record = begin(tmp_path, stubborn)
    eventually(lambda: (tmp_path / "logs" / "alpha.log").read_text())
    processes.stop(tmp_path, record)
    assert processes.exit_status(record) == -signal.SIGKILL


def test_what_cannot_be_recorded_does_not_stay(tmp_path: Path) -> None:
    (tmp_path / "processes").write_text("in the way")
    before = set(processes._children)
    with pytest.raises(FileExistsError):
        begin(tmp_path)
    (pid,) = set(processes._children) - before
    eventually(lambda: process_table.find(pid) is None)


def test_forgetting_an_old_process_keeps_the_record_of_the_new_one(tmp_path: Path) -> None:
    record = begin(tmp_path)
    processes.forget(tmp_path, replace(record, pid=1))
    assert processes.read(tmp_path, "alpha") == record
    processes.stop(tmp_path, record)


def test_a_log_that_grew_too_long_is_put_aside_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "LOG_LIMIT", 3)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "alpha.log").write_text("long")
    processes.stop(tmp_path, begin(tmp_path))
    assert (tmp_path / "logs" / "alpha.log.1").read_text() == "long"


def command_of(pid: int) -> str:
    process = process_table.find(pid)
    return process.command if process else ""


def test_ps_tells_the_same_as_proc(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bystander: subprocess.Popen[bytes]
) -> None:
    monkeypatch.setattr(process_table, "PROC", tmp_path / "no-proc-here")
    eventually(lambda: command_of(bystander.pid).startswith(sys.executable))  # between fork and exec, it has none
    process = process_table.find(bystander.pid)
    assert process is not None
    assert (process.pid, process.group) == (bystander.pid, bystander.pid)
    assert process_table.find(bystander.pid) == process
    assert process_table.group(bystander.pid) == [process]
    bystander.kill()
    eventually(lambda: process_table.find(bystander.pid) is None)
