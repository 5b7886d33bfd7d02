"""Runs the steps of the setup, shows their progress, and keeps their output for when one fails."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from launcher import terminal
from launcher.project import Problem
from launcher.run import logs
from launcher.setup.cures import cure
from launcher.terminal import Interrupts

HEAD = 5  # lines of a failed step shown besides its last ones


@dataclass(frozen=True)
class Command:
    argv: tuple[str, ...]
    folder: Path
    environ: Mapping[str, str]

    def spawn(self, output: IO[bytes], keeping: Sequence[int] = ()) -> subprocess.Popen[bytes]:
        """Start it in its own session and process group, so that it can be killed with all its children."""
        return subprocess.Popen(
            self.argv,
            cwd=self.folder,
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=keeping,
        )


@dataclass
class Step:
    """Commands that run in parallel, and what follows once all have passed."""

    label: str
    commands: Sequence[Command] | Callable[[], Sequence[Command]]
    then: Callable[[], None] = lambda: None
    missing: Callable[[], str] = lambda: ""  # what its commands should have made and did not; empty: all is there
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _began: float = 0.0
    _log: Path = Path()

    def begin(self, log: Path, keeping: Sequence[int] = ()) -> None:
        self._log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        self._began = time.monotonic()
        with log.open("wb") as output:
            for command in self.commands() if callable(self.commands) else self.commands:
                self._running.append(command.spawn(output, keeping))
        if not terminal.is_terminal():
            terminal.say(f"  … {self.label}")

    def finished(self) -> bool:
        """Whether all commands have passed. Raises Problem with the output of one that failed."""
        codes = [child.poll() for child in self._running]
        if any(codes):
            self.kill()
            output = "\n".join(logs.last_lines(self._log, logs.READ))
            raise Problem(f"{self.label}: failed.", "\n".join(filter(None, (logs.tail(self._log, HEAD), cure(output)))))
        return all(code == 0 for code in codes)

    def finish(self) -> None:
        if missing := self.missing():
            what = f"{self.label}: the commands passed, but {missing} is missing."
            raise Problem(what, f"{logs.tail(self._log)}\nRun the same command again to repeat this step.")
        self.then()
        terminal.done(self.label, terminal.took(time.monotonic() - self._began))

    def kill(self) -> None:
        """Kill all commands with their children."""
        for child in self._running:
            with suppress(ProcessLookupError):
                if child.poll() is None:
                    os.killpg(child.pid, signal.SIGKILL)
                    child.wait()

    @property
    def progress(self) -> str:
        count = sum(child.poll() == 0 for child in self._running)
        parts = f"{count}/{len(self._running)}  " if len(self._running) > 1 else ""
        seconds = terminal.took(time.monotonic() - self._began)
        return f"{self.label:24}{seconds:>8}  {parts}{terminal.dim(logs.last_line(self._log))}"


def run(
    chains: Sequence[Sequence[Step]], log_folder: Path, interrupts: Interrupts, keeping: Sequence[int] = ()
) -> None:
    """Run the chains in parallel, the steps of a chain one after the other; when one fails, kill the others.

    Their commands inherit the descriptors of `keeping`.
    """
    waiting = [list(chain) for chain in chains if chain]
    active: list[Step] = []
    block = terminal.Block()
    try:
        while waiting:
            for chain in waiting:
                if chain[0] not in active:
                    active.append(chain[0])
                    chain[0].begin(log_folder / f"{_slug(chain[0].label)}.log", keeping)
                elif chain[0].finished():
                    block.clear()
                    active.remove(chain[0])
                    chain.pop(0).finish()
            waiting = [chain for chain in waiting if chain]
            block.draw(step.progress for step in active)
            interrupts.pause()
    finally:
        block.clear()
        for step in active:
            step.kill()


def _slug(label: str) -> str:
    return "setup-" + re.sub(r"\W+", "-", label.lower()).strip("-")


@dataclass(frozen=True)
class Stamp:
    file: Path
    inputs: tuple[Path, ...]  # files, and folders with all that is in them
    more: str = ""

    @property
    def holds(self) -> bool:
        return self.file.is_file() and self.file.read_text() == self._hash()

    def press(self) -> None:
        """Record that the product was made from the present inputs."""
        self.file.write_text(self._hash())

    def _hash(self) -> str:
        digest = hashlib.sha256(self.more.encode())
        for file in _files(self.inputs):
            digest.update(f"\0{file}\0".encode() + file.read_bytes())
        return digest.hexdigest()


def _files(inputs: Iterable[Path]) -> Iterable[Path]:
    for path in inputs:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.is_file())
        elif path.is_file():
            yield path
